// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {PackedUserOperation} from "@openzeppelin/contracts/interfaces/IERC4337.sol";
import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";

import {ChangeTest} from "../testing/ChangeTest.sol";
import {Change} from "./account/Changes.sol";
import {EntryPointDoor} from "./account/EntryPointDoor.sol";
import {Freeze} from "./account/Freeze.sol";
import {Keys} from "./account/Keys.sol";
import {Effect, Frozen, Policy} from "./account/Policy.sol";
import {Schedule} from "./account/Schedule.sol";
import {Asset, Call} from "./ITrivetAccount.sol";
import {IAccountChanges} from "./IAccountChanges.sol";

contract AccountChangesFreezeTest is ChangeTest {
    uint256 private constant LOCK = 7 days;
    uint256 private constant LOCK_COOLDOWN = 30 days;
    address private constant SUCCESSOR = address(0x5CC);

    // ---- locks

    function test_AnyOneActiveKeyLocks() public {
        uint256[3] memory any = [devicePrivateKey, mfaPrivateKey, recoveryPrivateKey];
        for (uint256 i = 0; i < any.length; ++i) {
            uint256 nonce = account.getNonce(0);
            bytes memory blob = _signAll(_by(any[i]), _change(Change.Lock, _words(), nonce));
            vm.expectEmit();
            emit Freeze.Locked(_id(any[i]), clock + LOCK);
            _changes().change(Change.Lock, _words(), nonce, blob);
            (Frozen frozen, uint256 until, uint256 epoch) = _views().getFreeze();
            assertEq(uint256(frozen), uint256(Frozen.Locked));
            assertEq(until, clock + LOCK);
            assertEq(epoch, i + 1);
            _wait(LOCK);
        }
    }

    function test_OneOfSeveralFriendsLocksWhateverTheThreshold() public {
        _addKey(RECOVERY, friendPrivateKey, 0, _byDeviceAndMfa());
        _perform(Change.SetThreshold, _words(_word(RECOVERY), _word(uint256(2))), _byDeviceAndMfa());
        _perform(Change.Lock, _words(), _by(friendPrivateKey));
        _expectFrozen(Frozen.Locked);
    }

    function test_KeysWithoutAuthorityDoNotLock() public {
        _addPendingLaptop();
        _addKey(MFA, friendPrivateKey, clock + 1 days, _byDeviceAndMfa());
        _wait(1 days);
        _refused(Keys.KeyPending.selector, Change.Lock, _words(), _by(laptopPrivateKey));
        _refused(Keys.KeyExpired.selector, Change.Lock, _words(), _by(friendPrivateKey));
        _refused(Keys.KeyUnknown.selector, Change.Lock, _words(), _by(strangerPrivateKey));
    }

    function test_ALockLapsesByItself() public {
        _perform(Change.Lock, _words(), _byMfa());
        _wait(LOCK - 1);
        _expectFrozen(Frozen.Locked);
        _refused(Policy.AccountFrozen.selector, Change.SetSuccessor, _words(_word(BOB)), _byDeviceAndMfa());
        _wait(1);
        _expectFrozen(Frozen.No);
        _perform(Change.SetSuccessor, _words(_word(BOB)), _byDeviceAndMfa());
        _refused(Freeze.NotFrozen.selector, Change.Unfreeze, _words(), _byDeviceAndMfa());
    }

    function test_TheSameKeyDoesNotLockAgainForThirtyDaysAndAnotherOneMay() public {
        _perform(Change.Lock, _words(), _byMfa());
        uint256 again = clock + LOCK_COOLDOWN;
        _perform(Change.Unfreeze, _words(), _byDeviceAndRecovery());
        bytes memory reason = abi.encodeWithSelector(
            Freeze.LockedRecently.selector,
            _id(mfaPrivateKey),
            again
        );
        _refused(reason, Change.Lock, _words(), _byMfa());
        _perform(Change.Lock, _words(), _byRecovery());
        _perform(Change.Unfreeze, _words(), _byDeviceAndRecovery());
        _wait(LOCK_COOLDOWN - 1);
        _refused(reason, Change.Lock, _words(), _byMfa());
        _wait(1);
        _perform(Change.Lock, _words(), _byMfa());
        _expectFrozen(Frozen.Locked);
    }

    function test_AHostileKeyThatLocksWheneverItCanHoldsTheAccountLessThanAQuarterOfTheTime() public {
        uint256 frozen = 0;
        for (uint256 day = 0; day < 300; ++day) {
            if (day % 30 == 0) _perform(Change.Lock, _words(), _byMfa());
            if (_frozen() != Frozen.No) ++frozen;
            _wait(1 days);
        }
        assertEq(frozen, 70);
    }

    // ---- archives

    function test_DeviceWithMfaOrRecoveryArchivesUntilItIsEnded() public {
        uint256[][2] memory authorities = [_byDeviceAndMfa(), _byDeviceAndRecovery()];
        for (uint256 i = 0; i < authorities.length; ++i) {
            uint256 nonce = account.getNonce(0);
            bytes memory blob = _signAll(authorities[i], _change(Change.Archive, _words(), nonce));
            vm.expectEmit();
            emit Freeze.Archived();
            _changes().change(Change.Archive, _words(), nonce, blob);
            _wait(10_000 days);
            (Frozen frozen, uint256 until, uint256 epoch) = _views().getFreeze();
            assertEq(uint256(frozen), uint256(Frozen.Archived));
            assertEq(until, type(uint48).max);
            assertEq(epoch, i + 1);
            _perform(Change.Unfreeze, _words(), authorities[i]);
            _expectFrozen(Frozen.No);
        }
    }

    function test_NobodyElseArchives() public {
        _refused(Policy.MfaOrRecoveryKeyMissing.selector, Change.Archive, _words(), _byDevice());
        _refused(Policy.DeviceKeyMissing.selector, Change.Archive, _words(), _byMfaAndRecovery());
        _refused(Policy.DeviceKeyMissing.selector, Change.Archive, _words(), _byRecovery());
    }

    // ---- unfreezing

    function test_DeviceWithMfaOrRecoveryUnfreezesAtOnce() public {
        uint256[][2] memory authorities = [_byDeviceAndMfa(), _byDeviceAndRecovery()];
        for (uint256 i = 0; i < authorities.length; ++i) {
            _perform(Change.Lock, _words(), _by(i == 0 ? mfaPrivateKey : recoveryPrivateKey));
            uint256 nonce = account.getNonce(0);
            bytes memory blob = _signAll(authorities[i], _change(Change.Unfreeze, _words(), nonce));
            vm.expectEmit();
            emit Freeze.Unfrozen();
            _changes().change(Change.Unfreeze, _words(), nonce, blob);
            _expectFrozen(Frozen.No);
        }
    }

    function test_RecoveryUnfreezesAfterItsDelayAndThatRunsWhileFrozen() public {
        _perform(Change.Archive, _words(), _byDeviceAndMfa());
        bytes32 operation = _perform(Change.Unfreeze, _words(), _byRecovery());
        assertEq(_scheduled(operation).executableAt, clock + RECOVERY_DELAY);
        assertEq(uint256(_scheduled(operation).effect), uint256(Effect.AfterRecoveryDelay));
        _expectFrozen(Frozen.Archived);
        _wait(RECOVERY_DELAY - 1);
        vm.expectRevert(abi.encodeWithSelector(Schedule.StillWaiting.selector, operation, clock + 1));
        _changes().change(Change.Unfreeze, _words(), 1, "");
        _wait(1);
        _run(Change.Unfreeze, _words());
        _expectFrozen(Frozen.No);
        _perform(Change.SetSuccessor, _words(_word(BOB)), _byDeviceAndMfa());
    }

    function test_RecoveryCannotUnfreezeInAdvance() public {
        bytes32 operation = _perform(Change.Unfreeze, _words(), _byRecovery());
        _wait(RECOVERY_DELAY);
        vm.expectRevert(Freeze.NotFrozen.selector);
        _changes().change(Change.Unfreeze, _words(), 0, "");
        _perform(Change.Archive, _words(), _byDeviceAndMfa());
        vm.expectRevert(abi.encodeWithSelector(Schedule.OperationAsleep.selector, operation));
        _changes().change(Change.Unfreeze, _words(), 0, "");
    }

    function test_NobodyElseUnfreezes() public {
        _perform(Change.Lock, _words(), _byDevice());
        _refused(Policy.MfaOrRecoveryKeyMissing.selector, Change.Unfreeze, _words(), _byDevice());
        _refused(Policy.RecoveryKeyMissing.selector, Change.Unfreeze, _words(), _byMfa());
        vm.expectPartialRevert(Schedule.NotScheduled.selector);
        _changes().change(Change.Unfreeze, _words(), 1, "");
    }

    function test_OnlyTheNamedSuccessorEndsAnArchive() public {
        _perform(Change.SetSuccessor, _words(_word(SUCCESSOR)), _byDeviceAndMfa());
        _perform(Change.Archive, _words(), _byDeviceAndMfa());
        vm.expectRevert(abi.encodeWithSelector(IAccountChanges.NotTheSuccessor.selector, BOB));
        vm.prank(BOB);
        _changes().unfreezeAsSuccessor();
        vm.expectEmit();
        emit Freeze.Unfrozen();
        vm.prank(SUCCESSOR);
        _changes().unfreezeAsSuccessor();
        _expectFrozen(Frozen.No);
    }

    function test_TheSuccessorEndsNoLockAndNothingThatIsNotFrozen() public {
        _perform(Change.SetSuccessor, _words(_word(SUCCESSOR)), _byDeviceAndMfa());
        vm.expectRevert(IAccountChanges.NotArchived.selector);
        vm.prank(SUCCESSOR);
        _changes().unfreezeAsSuccessor();
        _perform(Change.Lock, _words(), _byDevice());
        vm.expectRevert(IAccountChanges.NotArchived.selector);
        vm.prank(SUCCESSOR);
        _changes().unfreezeAsSuccessor();
        _expectFrozen(Frozen.Locked);
    }

    function test_WithoutASuccessorNobodyIsIt() public {
        _perform(Change.SetSuccessor, _words(_word(SUCCESSOR)), _byDeviceAndMfa());
        _perform(Change.SetSuccessor, _words(0), _byDeviceAndMfa());
        _perform(Change.Archive, _words(), _byDeviceAndMfa());
        vm.expectRevert(abi.encodeWithSelector(IAccountChanges.NotTheSuccessor.selector, SUCCESSOR));
        vm.prank(SUCCESSOR);
        _changes().unfreezeAsSuccessor();
        vm.expectRevert(abi.encodeWithSelector(IAccountChanges.NotTheSuccessor.selector, address(this)));
        _changes().unfreezeAsSuccessor();
    }

    // ---- nothing else runs while frozen

    function test_NoOperationRunsWhileLocked() public {
        _prepareEverything();
        _perform(Change.Lock, _words(), _byRecovery());
        _expectStandstill();
    }

    function test_NoOperationRunsWhileArchived() public {
        _prepareEverything();
        _perform(Change.Archive, _words(), _byDeviceAndMfa());
        _expectStandstill();
    }

    /// @dev All that could run is there: limits, scopes, an allowlisted recipient, an emergency address, operations
    /// whose time comes within the freeze.
    function _prepareEverything() private {
        bytes32 device = _id(devicePrivateKey);
        _perform(Change.SetLimit, _words(device, _word(ETHER), _word(uint256(1 ether))), _byDeviceAndMfa());
        _perform(Change.SetAllowlisted, _words(_word(SUCCESSOR), _word(true)), _byDeviceAndMfa());
        _perform(
            Change.SetScope,
            _words(device, _word(address(token)), bytes32(token.transfer.selector), _word(true)),
            _byDeviceAndMfa()
        );
        _perform(Change.SetEmergencyAddress, _words(_word(SUCCESSOR), _word(true)), _byDeviceAndMfa());
        _setRules(1 << RECOVERY, false, 255, 0);
        _addLaptop();
        _addPendingKey(friendPrivateKey);
        account.withdraw(ETHER, BOB, 1, 7, _signAll(_byRecovery(), _withdrawal(ETHER, BOB, 1, 7)));
        _perform(Change.RemoveKey, _words(_id(laptopPrivateKey)), _byDevice());
        _wait(7 days);
    }

    function _expectStandstill() private {
        uint256 ether_ = address(account).balance;
        uint256 tokens = token.balanceOf(address(account));
        _expectNoChangeRuns();
        _expectNoSpendingRuns();
        _expectNoScheduledRuns();
        _expectNoEmergencyRuns();
        _expectNoOtherDoor();
        assertEq(address(account).balance, ether_);
        assertEq(token.balanceOf(address(account)), tokens);
        assertEq(_roleOf(laptopPrivateKey), DEVICE);
    }

    function _expectNoChangeRuns() private {
        bytes32 device = _id(devicePrivateKey);
        bytes32[][18] memory values = [
            _words(_word(MFA), _id(strangerPrivateKey), _word(uint256(0))),
            _words(_id(friendPrivateKey)),
            _words(_id(friendPrivateKey)),
            _words(_id(laptopPrivateKey)),
            _words(_word(RECOVERY), _word(uint256(1))),
            _words(_word(BOB), _word(true)),
            _words(_word(SUCCESSOR), _word(false)),
            _words(device, _word(address(token)), bytes32(token.transfer.selector), _word(false)),
            _words(device, _word(ETHER), _word(uint256(0))),
            _words(device, _word(uint256(1))),
            _words(0, 0, 0, 0),
            _words(0, 0, 0, 0),
            _words(_word(BOB)),
            _words(),
            _words(),
            _words(),
            _words(_word(uint256(1))),
            _words(_removalId())
        ];
        for (uint256 i = 0; i < values.length; ++i) {
            Change change = Change(i);
            if (change == Change.Unfreeze || change == Change.Cancel) continue;
            _refused(Policy.AccountFrozen.selector, change, values[i], _byDeviceAndMfa());
            _refused(Policy.AccountFrozen.selector, change, values[i], _byDeviceAndRecovery());
        }
        // A device key comes by recovery, and goes by another device key, in other ways than the rest.
        values[0][0] = _word(DEVICE);
        _refused(Policy.AccountFrozen.selector, Change.AddKey, values[0], _byRecovery());
        _refused(Policy.AccountFrozen.selector, Change.RemoveKey, values[3], _byDevice());
    }

    function _expectNoSpendingRuns() private {
        uint256 nonce = account.getNonce(0);
        bytes memory blob = _signAll(_byDeviceAndMfa(), _withdrawal(ETHER, BOB, 1, nonce));
        vm.expectRevert(Policy.AccountFrozen.selector);
        account.withdraw(ETHER, BOB, 1, nonce, blob);
        blob = _signAll(_byDevice(), _withdrawal(ETHER, BOB, 1, nonce));
        vm.expectRevert(Policy.AccountFrozen.selector);
        account.withdraw(ETHER, BOB, 1, nonce, blob);
        blob = _signAll(_byDevice(), _withdrawal(ETHER, SUCCESSOR, 1, nonce));
        vm.expectRevert(Policy.AccountFrozen.selector);
        account.withdraw(ETHER, SUCCESSOR, 1, nonce, blob);
        blob = _signAll(_byRecovery(), _withdrawal(ETHER, BOB, 1, nonce));
        vm.expectRevert(Policy.AccountFrozen.selector);
        account.withdraw(ETHER, BOB, 1, nonce, blob);

        Call[] memory calls = _transferCall();
        blob = _signAll(_byDeviceAndMfa(), _executionDigest(calls, nonce));
        vm.expectRevert(Policy.AccountFrozen.selector);
        account.execute(calls, nonce, blob);
        blob = _signAll(_byDevice(), _executionDigest(calls, nonce));
        vm.expectRevert(Policy.AccountFrozen.selector);
        account.execute(calls, nonce, blob);

        bytes32 newKey = _id(strangerPrivateKey);
        blob = _signAll(_byDeviceAndMfa(), _replacement(MFA, _id(mfaPrivateKey), newKey, nonce));
        vm.expectRevert(Policy.AccountFrozen.selector);
        account.replaceKey(MFA, _id(mfaPrivateKey), newKey, nonce, "", blob);

        Asset[] memory assets = new Asset[](0);
        blob = _signAll(_byDeviceAndMfa(), _migrationDigest(nonce));
        vm.expectRevert(Policy.AccountFrozen.selector);
        _changes().migrate(payable(BOB), assets, nonce, blob);
    }

    function _expectNoScheduledRuns() private {
        vm.expectRevert(Policy.AccountFrozen.selector);
        account.withdraw(ETHER, BOB, 1, 7, "");
        vm.expectRevert(Policy.AccountFrozen.selector);
        _changes().change(Change.RemoveKey, _words(_id(laptopPrivateKey)), 8, "");
    }

    function _expectNoEmergencyRuns() private {
        vm.expectRevert(Policy.AccountFrozen.selector);
        vm.prank(SUCCESSOR);
        _changes().emergencyWithdraw(ETHER, 1);
        vm.expectRevert(Policy.AccountFrozen.selector);
        vm.prank(SUCCESSOR);
        _changes().emergencyWithdrawERC721(address(token), 1);
        vm.expectRevert(Policy.AccountFrozen.selector);
        vm.prank(SUCCESSOR);
        _changes().emergencyWithdrawERC1155(address(token), 1, 1);
        vm.expectRevert(Policy.AccountFrozen.selector);
        vm.prank(SUCCESSOR);
        _changes().rehearseEmergency();
    }

    /// @dev ERC-4337, paid by somebody else, and ERC-1271.
    function _expectNoOtherDoor() private {
        PackedUserOperation memory userOp;
        userOp.sender = address(account);
        userOp.paymasterAndData = abi.encodePacked(BOB, new bytes(32));
        userOp.callData = abi.encodeCall(account.withdraw, (ETHER, BOB, 1, account.getNonce(0), ""));
        bytes32 hash = keccak256("the hash of the user operation");
        userOp.signature = _signAll(_byDeviceAndMfa(), hash);
        vm.prank(EntryPointDoor.ENTRY_POINT);
        account.validateUserOp(userOp, hash, 0);
        vm.prank(EntryPointDoor.ENTRY_POINT);
        (bool succeeded, bytes memory reason) = address(account).call(userOp.callData);
        assertFalse(succeeded);
        assertEq(bytes32(bytes4(reason)), bytes32(Policy.AccountFrozen.selector));
        assertEq(_valid(hash), bytes32(bytes4(0xffffffff)));
    }

    function test_BeforeAFreezeTheSameSignatureForOtherContractsIsValid() public {
        bytes32 hash = keccak256("something another contract asks about");
        assertEq(_valid(hash), bytes32(IERC1271.isValidSignature.selector));
        _perform(Change.Lock, _words(), _byRecovery());
        assertEq(_valid(hash), bytes32(bytes4(0xffffffff)));
        _wait(LOCK);
        assertEq(_valid(hash), bytes32(IERC1271.isValidSignature.selector));
    }

    function test_BytesThatAreNoSignatureAreNotValidForOtherContracts() public view {
        IERC1271 signer = IERC1271(address(account));
        bytes32 hash = keccak256("something another contract asks about");
        assertEq(bytes32(signer.isValidSignature(hash, hex"00")), bytes32(bytes4(0xffffffff)));
        assertEq(bytes32(signer.isValidSignature(hash, new bytes(66))), bytes32(bytes4(0xffffffff)));
    }

    // ---- helpers

    function _addPendingKey(uint256 privateKey) private {
        _addKey(DEVICE, privateKey, 0, _byRecovery());
    }

    function _removalId() private view returns (bytes32) {
        return _changeId(Change.RemoveKey, _words(_id(laptopPrivateKey)), 8);
    }

    function _transferCall() private view returns (Call[] memory calls) {
        calls = new Call[](1);
        calls[0] = Call(address(token), 0, abi.encodeCall(token.transfer, (BOB, 1)));
    }

    function _executionDigest(Call[] memory calls, uint256 nonce) private view returns (bytes32) {
        bytes32 callType = keccak256("Call(address target,uint256 value,bytes data)");
        bytes32 call = keccak256(
            abi.encode(callType, calls[0].target, calls[0].value, keccak256(calls[0].data))
        );
        bytes32 typeHash = keccak256(
            "Execution(address account,Call[] calls,uint256 nonce)Call(address target,uint256 value,bytes data)"
        );
        return _digest(keccak256(abi.encode(typeHash, account, keccak256(bytes.concat(call)), nonce)));
    }

    /// @dev To Bob, of nothing but ether.
    function _migrationDigest(uint256 nonce) private view returns (bytes32) {
        bytes32 typeHash = keccak256(
            "Migration(address account,address successor,Asset[] assets,uint256 nonce)Asset(uint8 standard,address token,uint256 id)"
        );
        return _digest(keccak256(abi.encode(typeHash, account, BOB, keccak256(""), nonce)));
    }

    /// @dev What the account says to a signature of device and mfa over any hash, nested as ERC-7739 has it for
    /// personal messages.
    function _valid(bytes32 hash) private view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256(
                    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
                ),
                keccak256("Trivet"),
                keccak256("1"),
                block.chainid,
                address(account)
            )
        );
        bytes32 nested = keccak256(abi.encode(keccak256("PersonalSign(bytes prefixed)"), hash));
        bytes32 digest = keccak256(bytes.concat(hex"1901", domain, nested));
        bytes memory blob = _signAll(_byDeviceAndMfa(), digest);
        return bytes32(IERC1271(address(account)).isValidSignature(hash, blob));
    }
}
