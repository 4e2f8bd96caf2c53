// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {PackedUserOperation} from "@openzeppelin/contracts/interfaces/IERC4337.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {SpendingTest} from "../testing/SpendingTest.sol";
import {Authorization} from "./account/Authorization.sol";
import {Change} from "./account/Changes.sol";
import {EntryPointDoor} from "./account/EntryPointDoor.sol";
import {Keys} from "./account/Keys.sol";
import {Nonces} from "./account/Nonces.sol";
import {Effect, Policy} from "./account/Policy.sol";
import {Schedule, Scheduled} from "./account/Schedule.sol";
import {Signatures} from "./account/Signatures.sol";
import {Transfers} from "./account/Transfers.sol";
import {Call, ITrivetAccount} from "./ITrivetAccount.sol";

contract TrivetAccountScheduleTest is SpendingTest {
    /// @dev Bits (1 << role) of all roles.
    uint8 private constant ALL = 0x0e;
    uint256 private constant DELAY = 7 days;
    address private constant ANYBODY = address(0xA11);
    /// @dev On a lane of its own, so that it stays the same whatever else the owner does.
    uint256 private constant NONCE = 5 << 64;

    // ---- what works

    function test_OneKeyOfARoleProposesAndAnybodyRunsItWhenItsTimeHasCome() public {
        _setRules(ALL, false);
        uint256[3] memory privateKeys = [devicePrivateKey, mfaPrivateKey, recoveryPrivateKey];
        for (uint256 i = 0; i < privateKeys.length; ++i) {
            uint256 nonce = (i + 1) << 64;
            bytes32 operation = _withdrawalId(ETHER, BOB, 1 ether, nonce);
            bytes memory call = abi.encodeCall(ITrivetAccount.withdraw, (ETHER, BOB, 1 ether, nonce, ""));
            _expectScheduled(operation, privateKeys[i], call);
            _propose(privateKeys[i], 1 ether, nonce);
            assertEq(BOB.balance, i * 1 ether);
            assertEq(account.getNonce(uint192(i + 1)), nonce + 1);

            vm.warp(NOON + DELAY);
            vm.prank(ANYBODY);
            _sendCall(call);
            assertEq(BOB.balance, (i + 1) * 1 ether);
            vm.warp(NOON);
        }
    }

    function test_CallsAreScheduledAndRunAsTheEventSays() public {
        _setRules(ALL, false);
        Call[] memory calls = _calls(
            Call(address(token), 0, abi.encodeCall(IERC20.transfer, (BOB, 25))),
            Call(BOB, 1 ether, "")
        );
        bytes32 operation = _executionId(calls, NONCE);
        bytes memory signature = _compact(mfaPrivateKey, _execution(calls, NONCE));
        bytes memory call = abi.encodeCall(ITrivetAccount.execute, (calls, NONCE, ""));
        _expectScheduled(operation, mfaPrivateKey, call);
        account.execute(calls, NONCE, signature);
        assertEq(BOB.balance, 0);

        vm.warp(NOON + DELAY);
        vm.prank(ANYBODY);
        _sendCall(call);
        assertEq(token.balanceOf(BOB), 25);
        assertEq(BOB.balance, 1 ether);
        _expectNotScheduled(operation);
        account.execute(calls, NONCE, "");
    }

    function test_WhatIsScheduledCanBeSeenUntilItRan() public {
        bytes32 operation = _scheduled(mfaPrivateKey);
        (Scheduled memory entry, bool asleep) = _views().getScheduled(operation);
        assertEq(entry.executableAt, NOON + DELAY);
        assertEq(entry.proposer, _id(mfaPrivateKey));
        assertTrue(entry.effect == Effect.AfterSingleKeyDelay);
        assertFalse(asleep);
        vm.warp(NOON + DELAY);
        _run();
        (entry, ) = _views().getScheduled(operation);
        assertEq(entry.executableAt, 0);
    }

    function test_TheOwnersDelayCounts() public {
        _set(Change.SetDelays, _words(0, 0, bytes32(uint256(3 days)), 0));
        bytes32 operation = _scheduled(mfaPrivateKey);
        vm.warp(NOON + 3 days - 1);
        _expectWaiting(operation, NOON + 3 days);
        _run();
        vm.warp(NOON + 3 days);
        _run();
        assertEq(BOB.balance, 1 ether);
    }

    // ---- who may not propose

    function test_OnlyTheRolesTheOwnerNamedPropose() public {
        _setRules(uint8(1 << RECOVERY), false);
        vm.expectRevert(Policy.NotAllowedAlone.selector);
        _propose(devicePrivateKey, 1, NONCE);
        vm.expectRevert(Policy.NotAllowedAlone.selector);
        _propose(mfaPrivateKey, 1, NONCE);
        _propose(recoveryPrivateKey, 1, NONCE);
        vm.warp(NOON + DELAY);
        account.withdraw(ETHER, BOB, 1, NONCE, "");
        assertEq(BOB.balance, 1);
    }

    function test_KeysOfTwoRolesThatMayNotAloneMayNotTogether() public {
        bytes32 digest = _withdrawal(ETHER, BOB, 1, NONCE);
        bytes memory signatures = _both(devicePrivateKey, recoveryPrivateKey, digest);
        vm.expectRevert(Policy.MfaKeyMissing.selector);
        account.withdraw(ETHER, BOB, 1, NONCE, signatures);
        signatures = _both(mfaPrivateKey, recoveryPrivateKey, digest);
        vm.expectRevert(Policy.DeviceKeyMissing.selector);
        account.withdraw(ETHER, BOB, 1, NONCE, signatures);
    }

    function test_ASignatureOfAnotherRoleTakesNothingAway() public {
        _setRules(uint8(1 << RECOVERY), false);
        bytes32 digest = _withdrawal(ETHER, BOB, 1, NONCE);
        account.withdraw(ETHER, BOB, 1, NONCE, _both(mfaPrivateKey, recoveryPrivateKey, digest));
        vm.warp(NOON + DELAY);
        _run(1);
        assertEq(BOB.balance, 1);
    }

    function test_ARoleProposesWithAsManyKeysAsItsThreshold() public {
        _addKey(RECOVERY, laptopPrivateKey, 0);
        _addKey(RECOVERY, strangerPrivateKey, 0);
        _setThreshold(RECOVERY, 2);
        _setRules(uint8(1 << RECOVERY), false);
        vm.expectRevert(Policy.RecoveryKeyMissing.selector);
        _propose(recoveryPrivateKey, 1, NONCE);

        bytes memory signatures = _both(
            recoveryPrivateKey,
            strangerPrivateKey,
            _withdrawal(ETHER, BOB, 1, NONCE)
        );
        account.withdraw(ETHER, BOB, 1, NONCE, signatures);
        vm.warp(NOON + DELAY);
        _run(1);
        assertEq(BOB.balance, 1);
    }

    function test_WithinItsLimitAKeyNeedNotWait() public {
        _setRules(ALL, false);
        _setLimit(mfaPrivateKey, ETHER, 1 ether);
        _propose(mfaPrivateKey, 1 ether, NONCE);
        assertEq(BOB.balance, 1 ether);
        _propose(mfaPrivateKey, 1 ether, NONCE + 1);
        assertEq(BOB.balance, 1 ether);
        (, uint256 available) = _views().getLimit(_id(mfaPrivateKey), ETHER);
        assertEq(available, 0);
    }

    // ---- not before, not after, not twice, nothing else

    function test_ItWaitsForItsTime() public {
        bytes32 operation = _scheduled(mfaPrivateKey);
        _expectWaiting(operation, NOON + DELAY);
        _run();
        vm.warp(NOON + DELAY - 1);
        _expectWaiting(operation, NOON + DELAY);
        _run();
        vm.warp(NOON + DELAY);
        _run();
        assertEq(BOB.balance, 1 ether);
    }

    function test_ThirtyDaysLaterItHasLapsed() public {
        bytes32 operation = _scheduled(mfaPrivateKey);
        vm.warp(NOON + DELAY + 30 days + 1);
        vm.expectRevert(
            abi.encodeWithSelector(Schedule.ScheduleLapsed.selector, operation, NOON + DELAY + 30 days)
        );
        _run();
        vm.warp(NOON + DELAY + 30 days);
        _run();
        assertEq(BOB.balance, 1 ether);
    }

    function test_ItRunsOnce() public {
        bytes32 operation = _scheduled(mfaPrivateKey);
        vm.warp(NOON + DELAY);
        _run();
        _expectNotScheduled(operation);
        _run();
        assertEq(BOB.balance, 1 ether);
    }

    function testFuzz_NothingElseRunsInItsPlace(
        address token_,
        address to,
        uint256 amount,
        uint256 nonce
    ) public {
        vm.assume(to != address(0));
        vm.assume(token_ != ETHER || to != BOB || amount != 1 ether || nonce != NONCE);
        _scheduled(mfaPrivateKey);
        vm.warp(NOON + DELAY);
        _expectNotScheduled(_withdrawalId(token_, to, amount, nonce));
        account.withdraw(token_, to, amount, nonce, "");
    }

    function test_WhatCannotBePaidNowCanRunLater() public {
        _scheduled(mfaPrivateKey);
        vm.deal(address(account), 0.5 ether);
        vm.warp(NOON + DELAY);
        vm.expectRevert(abi.encodeWithSelector(Transfers.BalanceTooLow.selector, ETHER, 0.5 ether, 1 ether));
        _run();
        vm.deal(address(account), 1 ether);
        _run();
        assertEq(BOB.balance, 1 ether);
    }

    // ---- cancelled, proposer gone

    function test_AnyOtherKeyCancelsAndThenItNeverRuns() public {
        uint256[2] memory others = [recoveryPrivateKey, devicePrivateKey];
        for (uint256 i = 0; i < others.length; ++i) {
            _setRules(ALL, false);
            uint256 nonce = NONCE + i;
            _propose(mfaPrivateKey, 1 ether, nonce);
            bytes32 operation = _withdrawalId(ETHER, BOB, 1 ether, nonce);
            _cancel(operation, others[i]);
            vm.warp(NOON + DELAY);
            _expectNotScheduled(operation);
            account.withdraw(ETHER, BOB, 1 ether, nonce, "");
            vm.warp(NOON);
        }
        assertEq(BOB.balance, 0);
    }

    function test_TheProposerHasNoSayInCancelling() public {
        bytes32 operation = _scheduled(devicePrivateKey);
        uint256 nonce = account.getNonce(0);
        bytes32[] memory values = _words(operation);
        bytes memory signature = _compact(devicePrivateKey, _change(Change.Cancel, values, nonce));
        vm.expectRevert(abi.encodeWithSelector(Signatures.KeyMayNotDecide.selector, _id(devicePrivateKey)));
        _changes().change(Change.Cancel, values, nonce, signature);
    }

    function test_WithItsProposerGoneItDoesNotRun() public {
        _addKey(DEVICE, laptopPrivateKey, 0);
        bytes32 operation = _scheduled(laptopPrivateKey);
        _removeKey(laptopPrivateKey);
        vm.warp(NOON + DELAY);
        vm.expectRevert(abi.encodeWithSelector(Schedule.ProposerGone.selector, operation));
        _run();
    }

    function test_WithItsProposerExpiredItDoesNotRun() public {
        _addKey(MFA, laptopPrivateKey, NOON + DELAY);
        bytes32 operation = _scheduled(laptopPrivateKey);
        vm.warp(NOON + DELAY);
        vm.expectRevert(abi.encodeWithSelector(Schedule.ProposerGone.selector, operation));
        _run();
    }

    // ---- several proposers

    function test_AProposalOfTwoIsGoneWithEitherOfThem() public {
        for (uint256 i = 0; i < 2; ++i) {
            vm.warp(NOON + i * 20 days);
            uint256 nonce = NONCE + (i << 64);
            bytes32 operation = _proposedByTwo(nonce);
            uint256 gone = i == 0 ? laptopPrivateKey : strangerPrivateKey;
            _removeKey(gone);
            // Also when it is back at once.
            _addKey(RECOVERY, gone, 0);
            vm.warp(NOON + i * 20 days + DELAY);
            _expectProposerGone(operation);
            account.withdraw(ETHER, BOB, 1, nonce, "");
            _removeKey(laptopPrivateKey);
            _removeKey(strangerPrivateKey);
        }
    }

    function test_AProposalOfTwoIsGoneWhenEitherHasExpired() public {
        for (uint256 i = 0; i < 2; ++i) {
            vm.warp(NOON + i * 20 days);
            uint256 then = NOON + i * 20 days + DELAY;
            _addKey(RECOVERY, laptopPrivateKey, i == 0 ? then : 0);
            _addKey(RECOVERY, strangerPrivateKey, i == 0 ? 0 : then);
            uint256 nonce = NONCE + (i << 64);
            bytes32 operation = _proposeByTwo(nonce);
            vm.warp(then);
            _expectProposerGone(operation);
            account.withdraw(ETHER, BOB, 1, nonce, "");
            _removeKey(laptopPrivateKey);
            _removeKey(strangerPrivateKey);
        }
    }

    function test_AProposalOfTwoDoesNotRunWhenThreeAreNeededByThen() public {
        _proposedByTwo(NONCE);
        _setThreshold(RECOVERY, 3);
        vm.warp(NOON + DELAY);
        vm.expectRevert(Policy.RecoveryKeyMissing.selector);
        _run(1);
        _setThreshold(RECOVERY, 2);
        _run(1);
        assertEq(BOB.balance, 1);
    }

    function test_OtherKeysThatComeAndGoDoNotConcernIt() public {
        _proposedByTwo(NONCE);
        _addKey(RECOVERY, uint256(keccak256("another")), 0);
        _removeKey(recoveryPrivateKey);
        vm.warp(NOON + DELAY);
        _run(1);
        assertEq(BOB.balance, 1);
    }

    function test_AllProposersAreRememberedInWhateverFormTheySigned() public {
        _addKey(RECOVERY, laptopPrivateKey, 0);
        _addKey(RECOVERY, strangerPrivateKey, 0);
        _setRules(uint8(1 << RECOVERY), false);
        bytes32 digest = _withdrawal(ETHER, BOB, 1 ether, NONCE);
        bytes32 readable = _readableWithdrawal("1 ETH", ETHER, BOB, NONCE);
        bytes memory spelledOut = _spelledOut(
            abi.encodePacked(vm.addr(strangerPrivateKey)),
            _rsv(strangerPrivateKey, digest)
        );
        bytes memory signatures = _inOrder(
            _id(laptopPrivateKey),
            _readable(laptopPrivateKey, readable),
            _id(strangerPrivateKey),
            spelledOut
        );
        account.withdraw(ETHER, BOB, 1 ether, NONCE, signatures);
        _expectProposedByTwo(_withdrawalId(ETHER, BOB, 1 ether, NONCE));
        vm.warp(NOON + DELAY);
        _run();
        assertEq(BOB.balance, 1 ether);
    }

    function test_AProposerIsRememberedByTheSaltThatHidIt() public {
        bytes32 plain = _id(strangerPrivateKey);
        // The first signature is remembered on its own: this one is to be the second.
        bytes32 salt = 0;
        bytes32 hidden = 0;
        while (hidden <= plain) {
            salt = bytes32(uint256(salt) + 1);
            hidden = Keys.idOf(vm.addr(laptopPrivateKey), salt);
        }
        _set(Change.AddKey, _words(bytes32(uint256(RECOVERY)), hidden, 0));
        _addKey(RECOVERY, strangerPrivateKey, 0);
        _setRules(uint8(1 << RECOVERY), false);
        bytes32 digest = _withdrawal(ETHER, BOB, 1, NONCE);
        bytes memory salted = bytes.concat(hex"02", salt, _rsv(laptopPrivateKey, digest));
        account.withdraw(ETHER, BOB, 1, NONCE, bytes.concat(_compact(strangerPrivateKey, digest), salted));
        (Scheduled memory entry, ) = _views().getScheduled(_withdrawalId(ETHER, BOB, 1, NONCE));
        assertEq(entry.proposer, plain);
        assertEq(entry.others.length, 1);
        assertEq(entry.others[0], hidden);
    }

    function test_AllProposersAreRememberedWhenTheEntryPointCheckedThem() public {
        _addKey(RECOVERY, laptopPrivateKey, 0);
        _addKey(RECOVERY, strangerPrivateKey, 0);
        _setRules(uint8(1 << RECOVERY), false);
        PackedUserOperation memory userOp;
        userOp.sender = address(account);
        userOp.nonce = uint256(Nonces.FIRST_ENTRY_POINT_LANE) << 64;
        userOp.callData = abi.encodeCall(ITrivetAccount.withdraw, (ETHER, BOB, 1, userOp.nonce, ""));
        // Somebody else pays: recovery keys alone spend nothing at once.
        userOp.paymasterAndData = hex"01";
        bytes32 hash = keccak256("the hash of the user operation");
        userOp.signature = _both(laptopPrivateKey, strangerPrivateKey, hash);
        vm.prank(EntryPointDoor.ENTRY_POINT);
        account.validateUserOp(userOp, hash, 0);
        vm.prank(EntryPointDoor.ENTRY_POINT);
        _sendCall(userOp.callData);
        _expectProposedByTwo(_withdrawalId(ETHER, BOB, 1, userOp.nonce));
    }

    function test_EachOfSeveralProposersMayTakeItBack() public {
        uint256[2] memory proposers = [laptopPrivateKey, strangerPrivateKey];
        _addKey(RECOVERY, laptopPrivateKey, 0);
        _addKey(RECOVERY, strangerPrivateKey, 0);
        for (uint256 i = 0; i < 2; ++i) {
            uint256 nonce = NONCE + (i << 64);
            bytes32 operation = _proposeByTwo(nonce);
            _cancel(operation, proposers[i]);
            vm.warp(NOON + DELAY);
            _expectNotScheduled(operation);
            account.withdraw(ETHER, BOB, 1, nonce, "");
            vm.warp(NOON);
        }
    }

    function test_APendingKeyThatSignsAlongIsNotTheProposer() public {
        _proposeAlongWithAPendingKey(laptopPrivateKey, strangerPrivateKey);
    }

    function test_APendingKeyThatSignsAlongIsNotTheProposerInTheOtherOrderOfKeyIds() public {
        _proposeAlongWithAPendingKey(strangerPrivateKey, laptopPrivateKey);
    }

    // ---- frozen

    function test_AfterAFreezeItSleepsUntilItIsArmedAgain() public {
        bytes32 operation = _scheduled(mfaPrivateKey);
        vm.warp(NOON + 6 days);
        _lock();
        vm.warp(NOON + DELAY);
        vm.expectRevert(Policy.AccountFrozen.selector);
        _run();
        vm.warp(NOON + 13 days);
        vm.expectRevert(abi.encodeWithSelector(Schedule.OperationAsleep.selector, operation));
        _run();
        (, bool asleep) = _views().getScheduled(operation);
        assertTrue(asleep);

        _set(Change.Rearm, _words(operation));
        _expectWaiting(operation, NOON + 13 days + DELAY);
        _run();
        vm.warp(NOON + 13 days + DELAY);
        _run();
        assertEq(BOB.balance, 1 ether);
    }

    function test_WhatSleepsCanStillBeCancelled() public {
        bytes32 operation = _scheduled(mfaPrivateKey);
        _lock();
        _cancel(operation, recoveryPrivateKey);
        vm.warp(NOON + DELAY);
        _expectNotScheduled(operation);
        _run();
    }

    // ---- helpers

    /// @dev One key proposes to send an ether to Bob.
    function _scheduled(uint256 privateKey) private returns (bytes32 operation) {
        _setRules(ALL, false);
        _propose(privateKey, 1 ether, NONCE);
        return _withdrawalId(ETHER, BOB, 1 ether, NONCE);
    }

    function _propose(uint256 privateKey, uint256 amount, uint256 nonce) private {
        bytes memory signature = _compact(privateKey, _withdrawal(ETHER, BOB, amount, nonce));
        account.withdraw(ETHER, BOB, amount, nonce, signature);
    }

    /// @dev What an active and a pending device key propose together is gone with the active one.
    function _proposeAlongWithAPendingKey(uint256 activePrivateKey, uint256 pendingPrivateKey) private {
        _addKey(DEVICE, activePrivateKey, 0);
        _recover(pendingPrivateKey);
        _setRules(ALL, false);
        Call[] memory calls = _calls(Call(BOB, 1 ether, ""));
        bytes memory signatures = _both(activePrivateKey, pendingPrivateKey, _execution(calls, NONCE));
        account.execute(calls, NONCE, signatures);
        bytes32 operation = _executionId(calls, NONCE);
        (Scheduled memory entry, ) = _views().getScheduled(operation);
        assertEq(entry.proposer, _id(activePrivateKey));
        assertEq(entry.others.length, 0);

        _removeKey(activePrivateKey);
        vm.warp(NOON + DELAY);
        vm.expectRevert(abi.encodeWithSelector(Schedule.ProposerGone.selector, operation));
        account.execute(calls, NONCE, "");
    }

    /// @dev Two of three recovery keys propose to send 1 wei to Bob.
    function _proposedByTwo(uint256 nonce) private returns (bytes32 operation) {
        _addKey(RECOVERY, laptopPrivateKey, 0);
        _addKey(RECOVERY, strangerPrivateKey, 0);
        _setThreshold(RECOVERY, 2);
        operation = _proposeByTwo(nonce);
        _setThreshold(RECOVERY, 1);
    }

    function _proposeByTwo(uint256 nonce) private returns (bytes32 operation) {
        _setRules(uint8(1 << RECOVERY), false);
        bytes32 digest = _withdrawal(ETHER, BOB, 1, nonce);
        account.withdraw(ETHER, BOB, 1, nonce, _both(laptopPrivateKey, strangerPrivateKey, digest));
        operation = _withdrawalId(ETHER, BOB, 1, nonce);
        _expectProposedByTwo(operation);
    }

    function _expectProposedByTwo(bytes32 operation) private view {
        (Scheduled memory entry, ) = _views().getScheduled(operation);
        (bytes32 first, bytes32 second) = (_id(laptopPrivateKey), _id(strangerPrivateKey));
        if (first > second) (first, second) = (second, first);
        assertEq(entry.proposer, first);
        assertEq(entry.others.length, 1);
        assertEq(entry.others[0], second);
    }

    function _expectProposerGone(bytes32 operation) private {
        vm.expectRevert(abi.encodeWithSelector(Schedule.ProposerGone.selector, operation));
    }

    function _run() private {
        _run(1 ether);
    }

    function _run(uint256 amount) private {
        account.withdraw(ETHER, BOB, amount, NONCE, "");
    }

    function _cancel(bytes32 operation, uint256 privateKey) private {
        bytes32[] memory values = _words(operation);
        uint256 nonce = account.getNonce(0);
        bytes32 digest = _change(Change.Cancel, values, nonce);
        _changes().change(Change.Cancel, values, nonce, _compact(privateKey, digest));
    }

    function _sendCall(bytes memory call) private {
        // solhint-disable-next-line avoid-low-level-calls
        (bool succeeded, ) = address(account).call(call);
        assertTrue(succeeded);
    }

    function _expectScheduled(bytes32 operation, uint256 privateKey, bytes memory call) private {
        vm.expectEmit();
        emit Authorization.OperationScheduled(
            operation,
            Effect.AfterSingleKeyDelay,
            NOON + DELAY,
            _id(privateKey),
            call
        );
    }

    function _expectWaiting(bytes32 operation, uint256 executableAt) private {
        vm.expectRevert(abi.encodeWithSelector(Schedule.StillWaiting.selector, operation, executableAt));
    }

    function _expectNotScheduled(bytes32 operation) private {
        vm.expectRevert(abi.encodeWithSelector(Schedule.NotScheduled.selector, operation));
    }
}
