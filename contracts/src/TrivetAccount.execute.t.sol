// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {ReentrantRecipient} from "../testing/hostile/ReentrantRecipient.sol";
import {RefusingRecipient} from "../testing/hostile/RefusingRecipient.sol";
import {SpendingTest} from "../testing/SpendingTest.sol";
import {EntryPointDoor} from "./account/EntryPointDoor.sol";
import {Keys} from "./account/Keys.sol";
import {Limits} from "./account/Limits.sol";
import {Nonces} from "./account/Nonces.sol";
import {Policy} from "./account/Policy.sol";
import {Scopes} from "./account/Scopes.sol";
import {Call, ITrivetAccount} from "./ITrivetAccount.sol";

contract TrivetAccountExecuteTest is SpendingTest {
    uint256 private _lane;

    // ---- device and mfa together

    function test_DeviceAndMfaMakeABatchOfCalls() public {
        Call[] memory calls = _calls(_send(25), Call(BOB, 1 ether, ""));
        bytes memory signatures = _both(devicePrivateKey, mfaPrivateKey, _execution(calls, 0));
        vm.expectEmit();
        emit ITrivetAccount.Executed(_executionId(calls, 0), 2, 0);
        account.execute(calls, 0, signatures);
        assertEq(token.balanceOf(BOB), 25);
        assertEq(BOB.balance, 1 ether);
        assertEq(account.getNonce(0), 1);
    }

    function test_HardwareWalletsSignHowManyCallsAndTheirHash() public {
        Call[] memory calls = _calls(_send(25), Call(BOB, 1 ether, ""));
        _executeReadable("2 calls", calls, 0);
        _executeReadable("1 call", _calls(_send(25)), 1);
        assertEq(token.balanceOf(BOB), 50);

        bytes memory lie = _both(devicePrivateKey, mfaPrivateKey, _readableExecution("1 call", calls, 2));
        lie[0] = 0x01;
        lie[66] = 0x01;
        vm.expectPartialRevert(Keys.KeyUnknown.selector);
        account.execute(calls, 2, lie);
    }

    function test_ABatchCanBeHugeOrEmpty() public {
        Call[] memory calls = new Call[](200);
        for (uint256 i = 0; i < calls.length; ++i) calls[i] = _send(i);
        account.execute(calls, 0, _both(devicePrivateKey, mfaPrivateKey, _execution(calls, 0)));
        assertEq(token.balanceOf(BOB), (199 * 200) / 2);

        calls = new Call[](0);
        bytes memory signatures = _both(devicePrivateKey, mfaPrivateKey, _execution(calls, 1));
        vm.expectEmit();
        emit ITrivetAccount.Executed(_executionId(calls, 1), 0, 1);
        account.execute(calls, 1, signatures);
    }

    function testFuzz_NothingThatWasSignedCanBeChanged(
        address target,
        uint256 value,
        bytes calldata data,
        bool twice
    ) public {
        Call memory other = Call(target, value, data);
        bytes memory signatures = _both(
            devicePrivateKey,
            mfaPrivateKey,
            _execution(_calls(Call(BOB, 1, "")), 0)
        );
        vm.assume(twice || target != BOB || value != 1 || data.length != 0);
        Call[] memory calls = twice ? _calls(Call(BOB, 1, ""), other) : _calls(other);
        vm.expectPartialRevert(Keys.KeyUnknown.selector);
        account.execute(calls, 0, signatures);
    }

    function test_EachOtherAuthorityIsRefusedAndTheMissingKeyNamed() public {
        Call[] memory calls = _calls(_send(1));
        bytes32 digest = _execution(calls, 0);
        uint256[3] memory privateKeys = [devicePrivateKey, mfaPrivateKey, recoveryPrivateKey];
        for (uint256 i = 0; i < privateKeys.length; ++i) {
            vm.expectRevert(Policy.NotAllowedAlone.selector);
            account.execute(calls, 0, _compact(privateKeys[i], digest));
        }
        bytes memory signatures = _both(devicePrivateKey, recoveryPrivateKey, digest);
        vm.expectRevert(Policy.MfaKeyMissing.selector);
        account.execute(calls, 0, signatures);
        signatures = _both(mfaPrivateKey, recoveryPrivateKey, digest);
        vm.expectRevert(Policy.DeviceKeyMissing.selector);
        account.execute(calls, 0, signatures);
    }

    // ---- all or nothing

    function test_ACallThatFailsUndoesAllAndItsReasonIsGiven() public {
        address refuser = _hostile("RefusingRecipient", "");
        Call[] memory calls = _calls(_send(25), Call(refuser, 1, ""));
        bytes memory signatures = _both(devicePrivateKey, mfaPrivateKey, _execution(calls, 0));
        vm.expectRevert(
            abi.encodeWithSelector(
                ITrivetAccount.CallFailed.selector,
                1,
                abi.encodeWithSelector(RefusingRecipient.NoThanks.selector)
            )
        );
        account.execute(calls, 0, signatures);
        assertEq(token.balanceOf(BOB), 0);
        assertEq(account.getNonce(0), 0);
    }

    function test_MoreEtherThanThereIsFailsWithoutAReason() public {
        Call[] memory calls = _calls(Call(BOB, 10 ether + 1, ""));
        bytes memory signatures = _both(devicePrivateKey, mfaPrivateKey, _execution(calls, 0));
        vm.expectRevert(abi.encodeWithSelector(ITrivetAccount.CallFailed.selector, 0, ""));
        account.execute(calls, 0, signatures);
    }

    function test_TheAccountDoesNotCallItself() public {
        Call[] memory calls = _calls(_send(25), Call(address(account), 0, ""));
        bytes memory signatures = _both(devicePrivateKey, mfaPrivateKey, _execution(calls, 0));
        vm.expectRevert(abi.encodeWithSelector(ITrivetAccount.CallToSelf.selector, 1));
        account.execute(calls, 0, signatures);
        assertEq(token.balanceOf(BOB), 0);
    }

    function test_WhoIsCalledCannotRunTheSameCallsAgain() public {
        ReentrantRecipient thief = ReentrantRecipient(payable(_hostile("ReentrantRecipient", "")));
        Call[] memory calls = _calls(Call(address(thief), 1 ether, ""));
        bytes memory signatures = _both(devicePrivateKey, mfaPrivateKey, _execution(calls, 0));
        thief.arm(abi.encodeCall(ITrivetAccount.execute, (calls, 0, signatures)));
        account.execute(calls, 0, signatures);
        assertEq(address(thief).balance, 1 ether);
        assertFalse(thief.succeeded());
        assertEq(
            keccak256(thief.answer()),
            keccak256(abi.encodeWithSelector(Nonces.NonceNotNext.selector, 0, 1))
        );
    }

    function test_AFrozenAccountMakesNoCalls() public {
        _setScope(devicePrivateKey, address(token), IERC20.transfer.selector);
        _lock();
        vm.expectRevert(Policy.AccountFrozen.selector);
        _executeAlone(devicePrivateKey, _calls(_send(1)));
        // Said before that the second call is not in its scope.
        vm.expectRevert(Policy.AccountFrozen.selector);
        _executeAlone(devicePrivateKey, _calls(_send(1), Call(BOB, 0, "")));
        uint256 nonce = account.getNonce(0);
        Call[] memory calls = _calls(_send(1));
        bytes memory signatures = _both(devicePrivateKey, mfaPrivateKey, _execution(calls, nonce));
        vm.expectRevert(Policy.AccountFrozen.selector);
        account.execute(calls, nonce, signatures);
    }

    // ---- a device key's scope

    function test_ADeviceKeyAloneMakesTheCallsInItsScope() public {
        _setScope(devicePrivateKey, address(token), IERC20.transfer.selector);
        _setScope(devicePrivateKey, address(token), IERC20.approve.selector);
        Call memory approval = Call(address(token), 0, abi.encodeCall(IERC20.approve, (BOB, 7)));
        _executeAlone(devicePrivateKey, _calls(_send(25), approval));
        assertEq(token.balanceOf(BOB), 25);
        assertEq(token.allowance(address(account), BOB), 7);
    }

    function test_OneCallOutsideOfTheScopeIsEnoughToRefuseAll() public {
        _setScope(devicePrivateKey, address(token), IERC20.transfer.selector);
        Call memory approval = Call(address(token), 0, abi.encodeCall(IERC20.approve, (BOB, 7)));
        _expectNotInScope(1, address(token), IERC20.approve.selector);
        _executeAlone(devicePrivateKey, _calls(_send(25), approval));
        _expectNotInScope(1, BOB, IERC20.transfer.selector);
        _executeAlone(
            devicePrivateKey,
            _calls(_send(25), Call(BOB, 0, abi.encodeCall(IERC20.transfer, (BOB, 1))))
        );
        // The first call already: the key was never meant to make it alone.
        vm.expectRevert(Policy.NotAllowedAlone.selector);
        _executeAlone(devicePrivateKey, _calls(approval, _send(25)));
    }

    function test_ASelectorCutShortIsFilledUpWithZeros() public {
        _setScope(devicePrivateKey, address(token), IERC20.transfer.selector);
        bytes3 short = bytes3(IERC20.transfer.selector);
        _expectNotInScope(1, address(token), bytes4(short));
        _executeAlone(devicePrivateKey, _calls(_send(1), Call(address(token), 0, bytes.concat(short))));
        _expectNotInScope(1, address(token), 0);
        _executeAlone(devicePrivateKey, _calls(_send(1), Call(address(token), 0, "")));
    }

    function test_NoCallsAtAllAreInNobodysScope() public {
        _setScope(devicePrivateKey, address(token), IERC20.transfer.selector);
        vm.expectRevert(Policy.NotAllowedAlone.selector);
        _executeAlone(devicePrivateKey, new Call[](0));
    }

    function test_AScopeIsForOneKey() public {
        _addKey(DEVICE, laptopPrivateKey, 0);
        _setScope(devicePrivateKey, address(token), IERC20.transfer.selector);
        uint256[3] memory privateKeys = [laptopPrivateKey, mfaPrivateKey, recoveryPrivateKey];
        for (uint256 i = 0; i < privateKeys.length; ++i) {
            vm.expectRevert(Policy.NotAllowedAlone.selector);
            _executeAlone(privateKeys[i], _calls(_send(1)));
        }
    }

    function test_OnlyDeviceKeysHaveAScopeAndNeverOverTheAccountOrItsDeposit() public {
        _expectScopeRefused(
            mfaPrivateKey,
            BOB,
            abi.encodeWithSelector(Scopes.NotADeviceKey.selector, _id(mfaPrivateKey))
        );
        _expectScopeRefused(
            devicePrivateKey,
            address(account),
            abi.encodeWithSelector(Scopes.NotForAScope.selector, address(account))
        );
        _expectScopeRefused(
            devicePrivateKey,
            EntryPointDoor.ENTRY_POINT,
            abi.encodeWithSelector(Scopes.NotForAScope.selector, EntryPointDoor.ENTRY_POINT)
        );
    }

    function test_EtherSentWithinTheScopeCountsAgainstTheLimit() public {
        _setScope(devicePrivateKey, BOB, 0);
        Call memory payment = Call(BOB, 0.2 ether, "");
        vm.expectRevert(Policy.NotAllowedAlone.selector);
        _executeAlone(devicePrivateKey, _calls(payment));

        _setLimit(devicePrivateKey, ETHER, 1 ether);
        _executeAlone(devicePrivateKey, _calls(payment, payment));
        assertEq(BOB.balance, 0.4 ether);
        payment.value = 0.31 ether;
        vm.expectRevert(abi.encodeWithSelector(Limits.LimitExceeded.selector, 0.6 ether, 0.62 ether));
        _executeAlone(devicePrivateKey, _calls(payment, payment));

        _setHours(devicePrivateKey, uint24(1 << 12));
        vm.expectRevert(abi.encodeWithSelector(Scopes.ClosedAtThisHour.selector, 12));
        _executeAlone(devicePrivateKey, _calls(payment));
        vm.warp(NOON + 1 hours);
        _executeAlone(devicePrivateKey, _calls(payment));
        assertEq(BOB.balance, 0.71 ether);
    }

    function test_ValuesThatAddUpToNothingAreRefused() public {
        _setScope(devicePrivateKey, BOB, 0);
        _setLimit(devicePrivateKey, ETHER, 1 ether);
        // Panic 0x11: an overflow.
        vm.expectRevert(abi.encodeWithSelector(bytes4(keccak256("Panic(uint256)")), 0x11));
        _executeAlone(devicePrivateKey, _calls(Call(BOB, 1, ""), Call(BOB, type(uint256).max, "")));
    }

    // ---- pending keys

    function test_APendingKeyCallsWithinItsScopeOnlyWhereTheOwnerAllowedIt() public {
        _recover(laptopPrivateKey);
        _setScope(laptopPrivateKey, address(token), IERC20.transfer.selector);
        vm.expectRevert(Policy.KeyMissing.selector);
        _executeAlone(laptopPrivateKey, _calls(_send(1)));

        _setRules(0, true);
        _executeAlone(laptopPrivateKey, _calls(_send(1)));
        assertEq(token.balanceOf(BOB), 1);

        Call memory approval = Call(address(token), 0, abi.encodeCall(IERC20.approve, (BOB, 7)));
        vm.expectRevert(Policy.KeyMissing.selector);
        _executeAlone(laptopPrivateKey, _calls(approval));
        _expectNotInScope(1, address(token), IERC20.approve.selector);
        _executeAlone(laptopPrivateKey, _calls(_send(1), approval));
    }

    function test_APendingKeyHasNoOtherAuthority() public {
        _recover(laptopPrivateKey);
        _setRules(0x0e, true);
        // As a device key it would do everything with mfa, and by itself after a delay.
        Call[] memory calls = _calls(_send(1));
        vm.expectRevert(Policy.KeyMissing.selector);
        _executeAlone(laptopPrivateKey, calls);
        uint256 nonce = account.getNonce(0);
        bytes memory signatures = _both(laptopPrivateKey, recoveryPrivateKey, _execution(calls, nonce));
        account.execute(calls, nonce, signatures);
        assertEq(token.balanceOf(BOB), 0);
        signatures = _both(laptopPrivateKey, mfaPrivateKey, _withdrawal(ETHER, BOB, 1, nonce + 1));
        vm.expectPartialRevert(Keys.KeyPending.selector);
        account.withdraw(ETHER, BOB, 1, nonce + 1, signatures);
    }

    function test_APendingKeyThatSleepsMakesNoCalls() public {
        _recover(laptopPrivateKey);
        _setScope(laptopPrivateKey, address(token), IERC20.transfer.selector);
        _setRules(0, true);
        _lock();
        vm.warp(NOON + 7 days);
        vm.expectRevert(abi.encodeWithSelector(Keys.KeyAsleep.selector, _id(laptopPrivateKey)));
        _executeAlone(laptopPrivateKey, _calls(_send(1)));
    }

    function test_AnExpiredOrRemovedKeyMakesNoCalls() public {
        _addKey(DEVICE, laptopPrivateKey, NOON + 1 hours);
        _setScope(laptopPrivateKey, address(token), IERC20.transfer.selector);
        _setRules(0, true);
        _executeAlone(laptopPrivateKey, _calls(_send(1)));
        vm.warp(NOON + 1 hours);
        vm.expectPartialRevert(Keys.KeyExpired.selector);
        _executeAlone(laptopPrivateKey, _calls(_send(1)));
        _removeKey(laptopPrivateKey);
        vm.expectPartialRevert(Keys.KeyUnknown.selector);
        _executeAlone(laptopPrivateKey, _calls(_send(1)));
    }

    // ---- helpers

    function _send(uint256 amount) private view returns (Call memory) {
        return Call(address(token), 0, abi.encodeCall(IERC20.transfer, (BOB, amount)));
    }

    /// @dev One key alone makes calls. The nonce is on a lane of its own, so that nothing is asked of the account
    /// between an expectation and the execution.
    function _executeAlone(uint256 privateKey, Call[] memory calls) private {
        uint256 nonce = ++_lane << 64;
        bytes memory signature = _compact(privateKey, _execution(calls, nonce));
        account.execute(calls, nonce, signature);
    }

    function _executeReadable(string memory text, Call[] memory calls, uint256 nonce) private {
        bytes32 digest = _readableExecution(text, calls, nonce);
        bytes memory signatures = _inOrder(
            _id(devicePrivateKey),
            _compact(devicePrivateKey, _execution(calls, nonce)),
            _id(mfaPrivateKey),
            _readable(mfaPrivateKey, digest)
        );
        account.execute(calls, nonce, signatures);
    }

    function _expectNotInScope(uint256 position, address target, bytes4 selector) private {
        vm.expectRevert(abi.encodeWithSelector(Scopes.CallNotInScope.selector, position, target, selector));
    }

    function _expectScopeRefused(uint256 privateKey, address target, bytes memory reason) private {
        try this.setScope(privateKey, target) {
            revert NotTrue();
        } catch (bytes memory seen) {
            assertEq(keccak256(seen), keccak256(reason));
        }
    }

    function setScope(uint256 privateKey, address target) external {
        _setScope(privateKey, target, IERC20.transfer.selector);
    }
}
