// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {ChangeTest} from "../testing/ChangeTest.sol";
import {Change} from "./account/Changes.sol";
import {Keys} from "./account/Keys.sol";
import {Frozen, Policy} from "./account/Policy.sol";
import {Schedule, Scheduled} from "./account/Schedule.sol";
import {Signatures} from "./account/Signatures.sol";

/// @dev What is scheduled here: the removal of the laptop by the device key alone, a withdrawal by the recovery key
/// alone, and recovery's end of a freeze.
contract AccountChangesScheduleTest is ChangeTest {
    uint256 private constant SINGLE_KEY_DELAY = 7 days;

    // ---- who cancels

    function test_AnyOtherActiveKeyCancelsARemoval() public {
        _addLaptop();
        uint256[3] memory others = [laptopPrivateKey, mfaPrivateKey, recoveryPrivateKey];
        for (uint256 i = 0; i < others.length; ++i) {
            bytes32 operation = _perform(Change.RemoveKey, _words(_id(laptopPrivateKey)), _byDevice());
            uint256 nonce = account.getNonce(0) - 1;
            _perform(Change.Cancel, _words(operation), _by(others[i]));
            _expectNeverRuns(operation, _words(_id(laptopPrivateKey)), nonce);
        }
        assertTrue(_isActive(laptopPrivateKey));
    }

    function test_TheProposerOfARemovalHasNoSayInItsCancellation() public {
        _addLaptop();
        bytes32 operation = _perform(Change.RemoveKey, _words(_id(laptopPrivateKey)), _byDevice());
        bytes memory reason = abi.encodeWithSelector(
            Signatures.KeyMayNotDecide.selector,
            _id(devicePrivateKey)
        );
        _refused(reason, Change.Cancel, _words(operation), _byDevice());
        _refused(reason, Change.Cancel, _words(operation), _byDeviceAndMfa());
    }

    function test_AnyOtherActiveKeyCancelsASingleKeyOperation() public {
        _setRules(1 << RECOVERY, false, 0, 0);
        _addKey(RECOVERY, friendPrivateKey, 0, _byDeviceAndMfa());
        uint256[3] memory others = [devicePrivateKey, mfaPrivateKey, friendPrivateKey];
        for (uint256 i = 0; i < others.length; ++i) {
            (bytes32 operation, uint256 nonce) = _scheduleWithdrawal();
            bytes memory reason = abi.encodeWithSelector(
                Signatures.KeyMayNotDecide.selector,
                _id(recoveryPrivateKey)
            );
            _refused(reason, Change.Cancel, _words(operation), _byRecovery());
            _perform(Change.Cancel, _words(operation), _by(others[i]));
            _wait(SINGLE_KEY_DELAY);
            vm.expectRevert(abi.encodeWithSelector(Schedule.NotScheduled.selector, operation));
            account.withdraw(ETHER, BOB, 1, nonce, "");
        }
        assertEq(BOB.balance, 0);
    }

    function test_KeysThatArePendingOrUnknownCancelNothing() public {
        _setRules(1 << RECOVERY, false, 0, 0);
        _addPendingLaptop();
        (bytes32 operation, ) = _scheduleWithdrawal();
        vm.expectPartialRevert(bytes4(keccak256("KeyPending(bytes32,uint48)")));
        this.cancel(operation, laptopPrivateKey);
        vm.expectPartialRevert(bytes4(keccak256("KeyUnknown(bytes32)")));
        this.cancel(operation, strangerPrivateKey);
    }

    /// @dev For the refusals above.
    function cancel(bytes32 operation, uint256 privateKey) external {
        _perform(Change.Cancel, _words(operation), _by(privateKey));
    }

    function test_OnlyADeviceKeyCancelsRecoverysUnfreezing() public {
        _perform(Change.Archive, _words(), _byDeviceAndMfa());
        bytes32 operation = _perform(Change.Unfreeze, _words(), _byRecovery());
        _refused(Policy.DeviceKeyMissing.selector, Change.Cancel, _words(operation), _byMfa());
        _refused(Policy.DeviceKeyMissing.selector, Change.Cancel, _words(operation), _byRecovery());
        _refused(Policy.DeviceKeyMissing.selector, Change.Cancel, _words(operation), _byMfaAndRecovery());
        _perform(Change.Cancel, _words(operation), _byDevice());
        _wait(RECOVERY_DELAY);
        vm.expectRevert(abi.encodeWithSelector(Schedule.NotScheduled.selector, operation));
        _changes().change(Change.Unfreeze, _words(), 1, "");
        _expectFrozen(Frozen.Archived);
    }

    function test_WhatIsNotScheduledCannotBeCancelled() public {
        bytes32 operation = _changeId(Change.RemoveKey, _words(_id(laptopPrivateKey)), 7);
        _refused(
            abi.encodeWithSelector(Schedule.NotScheduled.selector, operation),
            Change.Cancel,
            _words(operation),
            _byDevice()
        );
    }

    function test_WhatWasCancelledCannotBeCancelledOrArmedAgain() public {
        _addLaptop();
        bytes32 operation = _perform(Change.RemoveKey, _words(_id(laptopPrivateKey)), _byDevice());
        _perform(Change.Cancel, _words(operation), _byMfa());
        bytes memory reason = abi.encodeWithSelector(Schedule.NotScheduled.selector, operation);
        _refused(reason, Change.Cancel, _words(operation), _byMfa());
        _refused(reason, Change.Rearm, _words(operation), _byDeviceAndMfa());
    }

    function test_CancellingWorksWhileFrozenAndAsleep() public {
        _addLaptop();
        bytes32 operation = _perform(Change.RemoveKey, _words(_id(laptopPrivateKey)), _byDevice());
        _perform(Change.Lock, _words(), _byRecovery());
        _perform(Change.Cancel, _words(operation), _byMfa());
        _wait(7 days);
        _refused(
            abi.encodeWithSelector(Schedule.NotScheduled.selector, operation),
            Change.Rearm,
            _words(operation),
            _byDeviceAndMfa()
        );
    }

    // ---- sleeping and arming again

    function test_WhatWasScheduledSleepsAfterAFreezeUntilItIsArmedAgain() public {
        _addLaptop();
        bytes32[] memory values = _words(_id(laptopPrivateKey));
        bytes32 operation = _perform(Change.RemoveKey, values, _byDevice());
        _perform(Change.Lock, _words(), _byMfa());
        _wait(8 days);
        (, bool asleep) = _views().getScheduled(operation);
        assertTrue(asleep);
        vm.expectRevert(abi.encodeWithSelector(Schedule.OperationAsleep.selector, operation));
        _changes().change(Change.RemoveKey, values, 1, "");

        _refused(Policy.MfaOrRecoveryKeyMissing.selector, Change.Rearm, _words(operation), _byDevice());
        _refused(Policy.DeviceKeyMissing.selector, Change.Rearm, _words(operation), _byMfaAndRecovery());
        _perform(Change.Rearm, _words(operation), _byDeviceAndRecovery());
        Scheduled memory entry = _scheduled(operation);
        assertEq(entry.executableAt, clock + REMOVAL_DELAY);
        assertEq(entry.epoch, 1);
        assertEq(entry.proposer, _id(devicePrivateKey));
        _wait(REMOVAL_DELAY - 1);
        vm.expectRevert(abi.encodeWithSelector(Schedule.StillWaiting.selector, operation, clock + 1));
        _changes().change(Change.RemoveKey, values, 1, "");
        _wait(1);
        _runAt(Change.RemoveKey, values, 1);
        assertEq(_roleOf(laptopPrivateKey), 0);
    }

    function test_OnlyWhatSleepsIsArmedAgain() public {
        _addLaptop();
        bytes32 operation = _perform(Change.RemoveKey, _words(_id(laptopPrivateKey)), _byDevice());
        bytes memory reason = abi.encodeWithSelector(Schedule.OperationNotAsleep.selector, operation);
        _refused(reason, Change.Rearm, _words(operation), _byDeviceAndMfa());
        _perform(Change.Lock, _words(), _byMfa());
        _wait(7 days);
        _perform(Change.Rearm, _words(operation), _byDeviceAndMfa());
        _refused(reason, Change.Rearm, _words(operation), _byDeviceAndMfa());
    }

    function test_ASecondFreezePutsItToSleepAgain() public {
        _setRules(1 << RECOVERY, false, 0, 0);
        (bytes32 operation, uint256 nonce) = _scheduleWithdrawal();
        _perform(Change.Archive, _words(), _byDeviceAndMfa());
        _perform(Change.Unfreeze, _words(), _byDeviceAndMfa());
        _perform(Change.Rearm, _words(operation), _byDeviceAndMfa());
        _perform(Change.Archive, _words(), _byDeviceAndMfa());
        _perform(Change.Unfreeze, _words(), _byDeviceAndMfa());
        _wait(SINGLE_KEY_DELAY);
        vm.expectRevert(abi.encodeWithSelector(Schedule.OperationAsleep.selector, operation));
        account.withdraw(ETHER, BOB, 1, nonce, "");
        _perform(Change.Rearm, _words(operation), _byDeviceAndMfa());
        _wait(SINGLE_KEY_DELAY);
        account.withdraw(ETHER, BOB, 1, nonce, "");
        assertEq(BOB.balance, 1);
        assertEq(_scheduled(operation).executableAt, 0);
    }

    function test_WhatWaitsUnfreezingSleepsThroughTheNextFreezeToo() public {
        _perform(Change.Lock, _words(), _byMfa());
        bytes32 operation = _perform(Change.Unfreeze, _words(), _byRecovery());
        _wait(RECOVERY_DELAY);
        _perform(Change.Archive, _words(), _byDeviceAndMfa());
        vm.expectRevert(abi.encodeWithSelector(Schedule.OperationAsleep.selector, operation));
        _changes().change(Change.Unfreeze, _words(), 1, "");
        _refused(Policy.AccountFrozen.selector, Change.Rearm, _words(operation), _byDeviceAndMfa());
        _expectFrozen(Frozen.Archived);
    }

    // ---- what lapsed is gone

    function test_WhatLapsedIsNotArmedAgainAfterAFreeze() public {
        _setRules(1 << RECOVERY, false, 0, 0);
        (bytes32 operation, uint256 nonce) = _scheduleWithdrawal();
        uint256 until = clock + SINGLE_KEY_DELAY + 30 days;
        _wait(SINGLE_KEY_DELAY + 30 days + 1);
        _freezeForAMoment();
        (, bool asleep) = _views().getScheduled(operation);
        assertFalse(asleep);
        bytes memory reason = abi.encodeWithSelector(Schedule.ScheduleLapsed.selector, operation, until);
        _refused(reason, Change.Rearm, _words(operation), _byDeviceAndMfa());
        vm.expectRevert(reason);
        account.withdraw(ETHER, BOB, 1, nonce, "");
        _freezeForAMoment();
        _refused(reason, Change.Rearm, _words(operation), _byDeviceAndMfa());
    }

    function test_WhatSleptBeforeItLapsedIsArmedAgainHoweverLongItSlept() public {
        _setRules(1 << RECOVERY, false, 0, 0);
        (bytes32 operation, uint256 nonce) = _scheduleWithdrawal();
        _wait(SINGLE_KEY_DELAY + 30 days);
        _perform(Change.Archive, _words(), _byDeviceAndMfa());
        _wait(1000 days);
        _perform(Change.Unfreeze, _words(), _byDeviceAndMfa());
        _freezeForAMoment();
        _perform(Change.Rearm, _words(operation), _byDeviceAndMfa());
        _wait(SINGLE_KEY_DELAY);
        account.withdraw(ETHER, BOB, 1, nonce, "");
        assertEq(BOB.balance, 1);
    }

    function test_WhatWasArmedAgainAndLapsedIsGone() public {
        _setRules(1 << RECOVERY, false, 0, 0);
        (bytes32 operation, ) = _scheduleWithdrawal();
        _freezeForAMoment();
        _perform(Change.Rearm, _words(operation), _byDeviceAndMfa());
        _wait(SINGLE_KEY_DELAY + 30 days + 1);
        _refused(Schedule.ScheduleLapsed.selector, Change.Rearm, _words(operation), _byDeviceAndMfa());
        _freezeForAMoment();
        _refused(Schedule.ScheduleLapsed.selector, Change.Rearm, _words(operation), _byDeviceAndMfa());
    }

    // ---- removals are about the key they were proposed for

    function test_AWaitingRemovalIsNotForAKeyThatCameLater() public {
        _addLaptop();
        bytes32[] memory values = _words(_id(laptopPrivateKey));
        _perform(Change.RemoveKey, values, _byDevice());
        // All in one block.
        _perform(Change.RemoveKey, values, _byDeviceAndMfa());
        _addLaptop();
        _wait(REMOVAL_DELAY);
        vm.expectRevert(abi.encodeWithSelector(Keys.KeyCameLater.selector, _id(laptopPrivateKey)));
        _changes().change(Change.RemoveKey, values, 1, "");
        assertTrue(_isActive(laptopPrivateKey));
    }

    function test_KeysThatCameMeanwhileDoNotStopARemoval() public {
        _addLaptop();
        bytes32[] memory values = _words(_id(laptopPrivateKey));
        _perform(Change.RemoveKey, values, _byDevice());
        _addKey(RECOVERY, friendPrivateKey, 0, _byDeviceAndMfa());
        _wait(REMOVAL_DELAY);
        _runAt(Change.RemoveKey, values, 1);
        assertEq(_roleOf(laptopPrivateKey), 0);
    }

    function test_OneLaneDoesNotHoldUpAnother() public {
        _addLaptop();
        bytes32 operation = _perform(Change.RemoveKey, _words(_id(laptopPrivateKey)), _byDevice());
        uint256 nonce = 5 << 64;
        bytes memory blob = _signAll(_byMfa(), _change(Change.Cancel, _words(operation), nonce));
        _changes().change(Change.Cancel, _words(operation), nonce, blob);
        assertEq(_scheduled(operation).executableAt, 0);
        assertEq(account.getNonce(5), nonce + 1);
    }

    // ---- helpers

    function _freezeForAMoment() private {
        _perform(Change.Archive, _words(), _byDeviceAndMfa());
        _perform(Change.Unfreeze, _words(), _byDeviceAndMfa());
    }

    function _scheduleWithdrawal() private returns (bytes32 operation, uint256 nonce) {
        nonce = account.getNonce(0);
        bytes32 typeHash = keccak256(
            "Withdrawal(address account,address token,address to,uint256 amount,uint256 nonce)"
        );
        operation = keccak256(abi.encode(typeHash, account, ETHER, BOB, 1, nonce));
        account.withdraw(ETHER, BOB, 1, nonce, _signAll(_byRecovery(), _digest(operation)));
        assertEq(_scheduled(operation).executableAt, clock + SINGLE_KEY_DELAY);
    }

    function _expectNeverRuns(bytes32 operation, bytes32[] memory values, uint256 nonce) private {
        assertEq(_scheduled(operation).executableAt, 0);
        _wait(REMOVAL_DELAY);
        vm.expectRevert(abi.encodeWithSelector(Schedule.NotScheduled.selector, operation));
        _changes().change(Change.RemoveKey, values, nonce, "");
    }
}
