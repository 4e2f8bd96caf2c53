// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {ChangeTest} from "../testing/ChangeTest.sol";
import {Change} from "./account/Changes.sol";
import {Key, Keys} from "./account/Keys.sol";
import {Effect, Policy} from "./account/Policy.sol";
import {Schedule} from "./account/Schedule.sol";
import {Signatures} from "./account/Signatures.sol";
import {IAccountChanges} from "./IAccountChanges.sol";

contract AccountChangesKeysTest is ChangeTest {
    uint256 private constant OVERRIDE_DELAY = 14 days;

    // ---- device keys come

    function test_RecoveryAddsADeviceKeyThatBecomesActiveByTimeAlone() public {
        bytes32[] memory values = _words(_word(DEVICE), _id(laptopPrivateKey), _word(uint256(0)));
        bytes memory blob = _signAll(_byRecovery(), _change(Change.AddKey, values, 0));
        vm.expectEmit();
        emit IAccountChanges.Changed(Change.AddKey, _changeId(Change.AddKey, values, 0), values, 0);
        vm.expectEmit();
        emit IAccountChanges.KeyPendingUntil(_id(laptopPrivateKey), clock + RECOVERY_DELAY);
        _changes().change(Change.AddKey, values, 0, blob);

        Key memory key = _details(laptopPrivateKey);
        assertEq(key.role, DEVICE);
        assertEq(key.activeFrom, clock + RECOVERY_DELAY);
        assertFalse(key.vetoProof);
        _wait(RECOVERY_DELAY - 1);
        _refused(
            abi.encodeWithSelector(Keys.KeyPending.selector, _id(laptopPrivateKey), clock + 1),
            Change.Lock,
            _words(),
            _by(laptopPrivateKey)
        );
        _wait(1);
        assertTrue(_isActive(laptopPrivateKey));
        _setSomethingBy(_by(laptopPrivateKey, mfaPrivateKey));
    }

    function test_DeviceWithMfaOrRecoveryAddsADeviceKeyAtOnce() public {
        _addKey(DEVICE, laptopPrivateKey, 0, _byDeviceAndMfa());
        _addKey(DEVICE, friendPrivateKey, 0, _byDeviceAndRecovery());
        _setSomethingBy(_by(laptopPrivateKey, mfaPrivateKey));
        _setSomethingBy(_by(friendPrivateKey, mfaPrivateKey));
    }

    function test_NobodyElseAddsADeviceKey() public {
        bytes32[] memory values = _words(_word(DEVICE), _id(laptopPrivateKey), _word(uint256(0)));
        _refused(Policy.MfaOrRecoveryKeyMissing.selector, Change.AddKey, values, _byDevice());
        _refused(Policy.RecoveryKeyMissing.selector, Change.AddKey, values, _byMfa());
        _refused(Keys.KeyUnknown.selector, Change.AddKey, values, _by(laptopPrivateKey));
    }

    function test_MfaAndRecoveryTogetherAreNoMoreThanRecoveryUnlessTheOwnerSaysSo() public {
        _addKey(DEVICE, laptopPrivateKey, 0, _byMfaAndRecovery());
        Key memory key = _details(laptopPrivateKey);
        assertEq(key.activeFrom, clock + RECOVERY_DELAY);
        assertFalse(key.vetoProof);
    }

    function test_MfaAndRecoveryTogetherOverruleDeviceKeysWhereTheOwnerSaysSo() public {
        _setDelays(0, 0, 0, OVERRIDE_DELAY);
        _addKey(DEVICE, laptopPrivateKey, 0, _byMfaAndRecovery());
        assertEq(_details(laptopPrivateKey).activeFrom, clock + OVERRIDE_DELAY);
        _refused(
            abi.encodeWithSelector(Keys.KeyVetoProof.selector, _id(laptopPrivateKey)),
            Change.RejectKey,
            _words(_id(laptopPrivateKey)),
            _byDevice()
        );
        _wait(OVERRIDE_DELAY - 1);
        assertFalse(_isActive(laptopPrivateKey));
        _wait(1);
        assertTrue(_isActive(laptopPrivateKey));
        _setSomethingBy(_by(laptopPrivateKey, mfaPrivateKey));
    }

    function test_RecoveryAloneStaysSubjectToTheVetoWhenOverrulingIsOn() public {
        _setDelays(0, 0, 0, OVERRIDE_DELAY);
        _addPendingLaptop();
        assertEq(_details(laptopPrivateKey).activeFrom, clock + RECOVERY_DELAY);
        _perform(Change.RejectKey, _words(_id(laptopPrivateKey)), _byDevice());
        assertEq(_roleOf(laptopPrivateKey), 0);
    }

    function test_TheRecoveryDelayIsTheOneInForceWhenTheKeyIsAdded() public {
        _setDelays(30 days, 0, 0, 0);
        _addPendingLaptop();
        _setDelays(1 days, 0, 0, 0);
        _wait(30 days - 1);
        assertFalse(_isActive(laptopPrivateKey));
        _wait(1);
        assertTrue(_isActive(laptopPrivateKey));
    }

    function test_ADeviceKeyActivatesAPendingOne() public {
        _addPendingLaptop();
        bytes32[] memory values = _words(_id(laptopPrivateKey));
        _refused(Policy.DeviceKeyMissing.selector, Change.ActivateKey, values, _byMfaAndRecovery());
        _refused(Keys.KeyPending.selector, Change.ActivateKey, values, _by(laptopPrivateKey));
        _perform(Change.ActivateKey, values, _byDevice());
        assertTrue(_isActive(laptopPrivateKey));
        assertEq(_details(laptopPrivateKey).activeFrom, clock);
        _refused(
            abi.encodeWithSelector(Keys.KeyNotPending.selector, _id(laptopPrivateKey)),
            Change.ActivateKey,
            values,
            _byDevice()
        );
    }

    function test_AnActivatedKeyIsNoLongerAtTheMercyOfAFreeze() public {
        _addPendingLaptop();
        _perform(Change.ActivateKey, _words(_id(laptopPrivateKey)), _byDevice());
        _perform(Change.Lock, _words(), _byMfa());
        assertTrue(_isActive(laptopPrivateKey));
    }

    function test_ADeviceKeyRejectsAPendingOneAndItNeverBecomesActive() public {
        _addPendingLaptop();
        bytes32[] memory values = _words(_id(laptopPrivateKey));
        _refused(Policy.DeviceKeyMissing.selector, Change.RejectKey, values, _byMfa());
        _perform(Change.RejectKey, values, _byDevice());
        _wait(365 days);
        assertFalse(_isActive(laptopPrivateKey));
        _refused(
            abi.encodeWithSelector(Keys.KeyUnknown.selector, _id(laptopPrivateKey)),
            Change.Lock,
            _words(),
            _by(laptopPrivateKey)
        );
        // And may come back another day, with its delay anew.
        _addPendingLaptop();
        assertEq(_details(laptopPrivateKey).activeFrom, clock + RECOVERY_DELAY);
    }

    function test_OnlyAPendingKeyIsRejected() public {
        _addLaptop();
        _addPendingKeyOf(friendPrivateKey);
        _wait(RECOVERY_DELAY);
        uint256[4] memory active = [laptopPrivateKey, friendPrivateKey, mfaPrivateKey, devicePrivateKey];
        for (uint256 i = 0; i < active.length; ++i) {
            _refused(
                abi.encodeWithSelector(Keys.KeyNotPending.selector, _id(active[i])),
                Change.RejectKey,
                _words(_id(active[i])),
                _byDevice()
            );
        }
        _refused(
            abi.encodeWithSelector(Keys.KeyUnknown.selector, _id(strangerPrivateKey)),
            Change.RejectKey,
            _words(_id(strangerPrivateKey)),
            _byDevice()
        );
    }

    // ---- device keys that slept through a freeze

    function test_AFreezePutsAPendingKeyToSleepForGood() public {
        _addPendingLaptop();
        _perform(Change.Lock, _words(), _byDevice());
        (, uint48 activeFrom, ) = _key(_id(laptopPrivateKey));
        assertEq(activeFrom, type(uint48).max);
        _wait(365 days);
        assertFalse(_isActive(laptopPrivateKey));
        _refused(
            abi.encodeWithSelector(Keys.KeyAsleep.selector, _id(laptopPrivateKey)),
            Change.Lock,
            _words(),
            _by(laptopPrivateKey)
        );
    }

    function test_AFreezeInTheLastSecondStillPutsItToSleepAndOneLaterDoesNot() public {
        _addPendingLaptop();
        _wait(RECOVERY_DELAY - 1);
        uint256 nonce = account.getNonce(0);
        bytes memory blob = _signAll(_byDevice(), _change(Change.Lock, _words(), nonce));
        _changes().change(Change.Lock, _words(), nonce, blob);
        _wait(1);
        assertFalse(_isActive(laptopPrivateKey));

        _wait(30 days);
        _addPendingKeyOf(friendPrivateKey);
        _wait(RECOVERY_DELAY);
        _perform(Change.Lock, _words(), _byDevice());
        assertTrue(_isActive(friendPrivateKey));
        _wait(30 days);
        _perform(Change.Lock, _words(), _by(friendPrivateKey));
        assertTrue(_isActive(friendPrivateKey));
        assertFalse(_isActive(laptopPrivateKey));
    }

    function test_ADeviceKeyWakesTheSleepingOne() public {
        _addPendingLaptop();
        _perform(Change.Lock, _words(), _byDevice());
        _wait(8 days);
        _perform(Change.ActivateKey, _words(_id(laptopPrivateKey)), _byDevice());
        assertTrue(_isActive(laptopPrivateKey));
    }

    function test_ADeviceKeyRejectsTheSleepingOne() public {
        _addPendingLaptop();
        _perform(Change.Lock, _words(), _byDevice());
        _wait(8 days);
        _perform(Change.RejectKey, _words(_id(laptopPrivateKey)), _byDevice());
        assertEq(_roleOf(laptopPrivateKey), 0);
    }

    function test_RecoveryAddsTheSleepingKeyAnewWithAWholeDelay() public {
        _addPendingLaptop();
        bytes32[] memory values = _words(_word(DEVICE), _id(laptopPrivateKey), _word(uint256(0)));
        bytes memory present = abi.encodeWithSelector(Keys.KeyAlreadyPresent.selector, _id(laptopPrivateKey));
        _refused(present, Change.AddKey, values, _byRecovery());
        _perform(Change.Lock, _words(), _byDevice());
        _wait(8 days);
        _addPendingLaptop();
        assertEq(_details(laptopPrivateKey).activeFrom, clock + RECOVERY_DELAY);
        _wait(RECOVERY_DELAY);
        assertTrue(_isActive(laptopPrivateKey));
    }

    // ---- device keys go

    function test_AnotherDeviceKeyWithMfaOrRecoveryRemovesOneAtOnce() public {
        _addLaptop();
        _perform(Change.RemoveKey, _words(_id(laptopPrivateKey)), _byDeviceAndMfa());
        assertEq(_roleOf(laptopPrivateKey), 0);
        _addLaptop();
        _perform(Change.RemoveKey, _words(_id(devicePrivateKey)), _by(laptopPrivateKey, recoveryPrivateKey));
        assertEq(_roleOf(devicePrivateKey), 0);
        _refused(
            abi.encodeWithSelector(Keys.KeyUnknown.selector, _id(devicePrivateKey)),
            Change.Lock,
            _words(),
            _byDevice()
        );
    }

    function test_ADeviceKeyNeverDecidesAboutItself() public {
        _addLaptop();
        bytes32[] memory values = _words(_id(laptopPrivateKey));
        bytes memory reason = abi.encodeWithSelector(
            Signatures.KeyMayNotDecide.selector,
            _id(laptopPrivateKey)
        );
        _refused(reason, Change.RemoveKey, values, _by(laptopPrivateKey));
        _refused(reason, Change.RemoveKey, values, _by(laptopPrivateKey, mfaPrivateKey));
        _refused(reason, Change.RemoveKey, values, _by(laptopPrivateKey, recoveryPrivateKey));
        _refused(reason, Change.RemoveKey, values, _by(laptopPrivateKey, devicePrivateKey, mfaPrivateKey));
    }

    function test_WithoutAnotherDeviceKeyTheLastOneStays() public {
        bytes32[] memory values = _words(_id(devicePrivateKey));
        _refused(Policy.DeviceKeyMissing.selector, Change.RemoveKey, values, _byMfaAndRecovery());
        _refused(Signatures.KeyMayNotDecide.selector, Change.RemoveKey, values, _byDeviceAndMfa());
    }

    function test_AnotherDeviceKeyAloneRemovesOneAfterTheDelay() public {
        _addLaptop();
        bytes32[] memory values = _words(_id(laptopPrivateKey));
        bytes32 operation = _perform(Change.RemoveKey, values, _byDevice());
        assertEq(_scheduled(operation).executableAt, clock + REMOVAL_DELAY);
        assertEq(uint256(_scheduled(operation).effect), uint256(Effect.AfterRemovalDelay));
        assertEq(_scheduled(operation).proposer, _id(devicePrivateKey));
        assertTrue(_isActive(laptopPrivateKey));

        _wait(REMOVAL_DELAY - 1);
        vm.expectRevert(abi.encodeWithSelector(Schedule.StillWaiting.selector, operation, clock + 1));
        _changes().change(Change.RemoveKey, values, 1, "");
        _wait(1);
        _run(Change.RemoveKey, values);
        assertEq(_roleOf(laptopPrivateKey), 0);
        assertEq(_scheduled(operation).executableAt, 0);
        vm.expectRevert(abi.encodeWithSelector(Keys.KeyUnknown.selector, _id(laptopPrivateKey)));
        _changes().change(Change.RemoveKey, values, 1, "");
    }

    function test_AScheduledRemovalRunsOnceEvenWhenTheKeyIsBack() public {
        _addLaptop();
        bytes32[] memory values = _words(_id(laptopPrivateKey));
        bytes32 operation = _perform(Change.RemoveKey, values, _byDevice());
        _wait(REMOVAL_DELAY);
        _run(Change.RemoveKey, values);
        _addLaptop();
        vm.expectRevert(abi.encodeWithSelector(Schedule.NotScheduled.selector, operation));
        _changes().change(Change.RemoveKey, values, 1, "");
    }

    function test_ARemovalThatEverybodyForgotLapses() public {
        _addLaptop();
        bytes32[] memory values = _words(_id(laptopPrivateKey));
        bytes32 operation = _perform(Change.RemoveKey, values, _byDevice());
        uint256 last = clock + REMOVAL_DELAY + 30 days;
        _wait(REMOVAL_DELAY + 30 days + 1);
        vm.expectRevert(abi.encodeWithSelector(Schedule.ScheduleLapsed.selector, operation, last));
        _changes().change(Change.RemoveKey, values, 1, "");
        clock = last;
        vm.warp(last);
        _runAt(Change.RemoveKey, values, 1);
        assertEq(_roleOf(laptopPrivateKey), 0);
    }

    function test_ARemovalDoesNotRunOnceItsProposerIsGone() public {
        _addLaptop();
        _perform(Change.RemoveKey, _words(_id(devicePrivateKey)), _by(laptopPrivateKey));
        bytes32 operation = _changeId(Change.RemoveKey, _words(_id(devicePrivateKey)), 1);
        _perform(Change.RemoveKey, _words(_id(laptopPrivateKey)), _byDeviceAndMfa());
        _wait(REMOVAL_DELAY);
        vm.expectRevert(abi.encodeWithSelector(Schedule.ProposerGone.selector, operation));
        _changes().change(Change.RemoveKey, _words(_id(devicePrivateKey)), 1, "");
    }

    function test_OfTwoDeviceKeysThatRemoveEachOtherOneStays() public {
        _addLaptop();
        bytes32 first = _perform(Change.RemoveKey, _words(_id(laptopPrivateKey)), _byDevice());
        bytes32 second = _perform(Change.RemoveKey, _words(_id(devicePrivateKey)), _by(laptopPrivateKey));
        _wait(REMOVAL_DELAY);
        _runAt(Change.RemoveKey, _words(_id(laptopPrivateKey)), 1);
        vm.expectRevert(abi.encodeWithSelector(Schedule.ProposerGone.selector, second));
        _changes().change(Change.RemoveKey, _words(_id(devicePrivateKey)), 2, "");
        assertTrue(_isActive(devicePrivateKey));
        assertTrue(first != second);
    }

    /// @dev The delay is for device keys. Had the id another role by then, a device key alone would have removed what
    /// needs another role's consent.
    function test_AWaitingRemovalOfADeviceKeyDoesNotRemoveItInAnotherRole() public {
        _addLaptop();
        bytes32[] memory values = _words(_id(laptopPrivateKey));
        _perform(Change.RemoveKey, values, _byDevice());
        _perform(Change.RemoveKey, values, _byDeviceAndMfa());
        _addKey(MFA, laptopPrivateKey, 0, _byDeviceAndMfa());
        _wait(REMOVAL_DELAY);
        vm.expectRevert(Policy.MfaOrRecoveryKeyMissing.selector);
        _changes().change(Change.RemoveKey, values, 1, "");
        assertEq(_roleOf(laptopPrivateKey), MFA);
    }

    function test_APendingDeviceKeyIsRemovedLikeAnyOther() public {
        _addPendingLaptop();
        _perform(Change.RemoveKey, _words(_id(laptopPrivateKey)), _byDeviceAndRecovery());
        assertEq(_roleOf(laptopPrivateKey), 0);
    }

    // ---- mfa and recovery keys

    function test_DeviceWithMfaOrRecoveryAddsAndRemovesMfaAndRecoveryKeys() public {
        uint256[][2] memory authorities = [_byDeviceAndMfa(), _byDeviceAndRecovery()];
        for (uint8 role = MFA; role <= RECOVERY; ++role) {
            for (uint256 i = 0; i < authorities.length; ++i) {
                _addKey(role, friendPrivateKey, 0, authorities[i]);
                assertEq(_roleOf(friendPrivateKey), role);
                assertTrue(_isActive(friendPrivateKey));
                assertEq(_views().keyCount(role), 2);
                _perform(Change.RemoveKey, _words(_id(friendPrivateKey)), authorities[i]);
                assertEq(_roleOf(friendPrivateKey), 0);
                assertEq(_views().keyCount(role), 1);
                _wait(2 days);
            }
        }
    }

    function test_NobodyElseAddsOrRemovesMfaAndRecoveryKeys() public {
        _addKey(MFA, friendPrivateKey, 0, _byDeviceAndMfa());
        bytes32[] memory coming = _words(_word(RECOVERY), _id(strangerPrivateKey), _word(uint256(0)));
        bytes32[] memory going = _words(_id(friendPrivateKey));
        _refused(Policy.MfaOrRecoveryKeyMissing.selector, Change.AddKey, coming, _byDevice());
        _refused(Policy.MfaOrRecoveryKeyMissing.selector, Change.RemoveKey, going, _byDevice());
        _refused(Policy.DeviceKeyMissing.selector, Change.AddKey, coming, _byMfaAndRecovery());
        _refused(Policy.DeviceKeyMissing.selector, Change.RemoveKey, going, _byMfaAndRecovery());
    }

    function test_TheLastKeyOfARoleCannotGo() public {
        for (uint8 role = MFA; role <= RECOVERY; ++role) {
            bytes32 last = _id(role == MFA ? mfaPrivateKey : recoveryPrivateKey);
            _refused(
                abi.encodeWithSelector(Keys.RoleNeedsKeys.selector, role, 1, 1),
                Change.RemoveKey,
                _words(last),
                _byDeviceAndMfa()
            );
        }
    }

    function test_AnAddedKeyMayTakeTheFirstOnesPlace() public {
        _addKey(RECOVERY, friendPrivateKey, 0, _byDeviceAndMfa());
        _perform(Change.RemoveKey, _words(_id(recoveryPrivateKey)), _byDeviceAndMfa());
        _refused(
            abi.encodeWithSelector(Keys.RoleNeedsKeys.selector, RECOVERY, 1, 1),
            Change.RemoveKey,
            _words(_id(friendPrivateKey)),
            _byDeviceAndMfa()
        );
    }

    function test_AKeyThatIsUnknownCannotGo() public {
        _refused(
            abi.encodeWithSelector(Keys.KeyUnknown.selector, _id(strangerPrivateKey)),
            Change.RemoveKey,
            _words(_id(strangerPrivateKey)),
            _byDeviceAndMfa()
        );
    }

    function test_NoKeyIsAddedTwiceInWhateverRole() public {
        uint256[3] memory present = [devicePrivateKey, mfaPrivateKey, recoveryPrivateKey];
        for (uint8 role = DEVICE; role <= RECOVERY; ++role) {
            for (uint256 i = 0; i < present.length; ++i) {
                _refused(
                    abi.encodeWithSelector(Keys.KeyAlreadyPresent.selector, _id(present[i])),
                    Change.AddKey,
                    _words(_word(role), _id(present[i]), _word(uint256(0))),
                    _byDeviceAndMfa()
                );
            }
            _refused(
                Keys.KeyIdMissing.selector,
                Change.AddKey,
                _words(_word(role), 0, _word(uint256(0))),
                _byDeviceAndMfa()
            );
        }
    }

    function testFuzz_OtherRolesDoNotExist(uint8 role) public {
        vm.assume(role == 0 || role > RECOVERY);
        _refused(
            abi.encodeWithSelector(Keys.RoleUnknown.selector, role),
            Change.AddKey,
            _words(_word(role), _id(laptopPrivateKey), _word(uint256(0))),
            _byDeviceAndMfa()
        );
        _refused(
            abi.encodeWithSelector(IAccountChanges.RoleWithoutThreshold.selector, role),
            Change.SetThreshold,
            _words(_word(role), _word(uint256(1))),
            _byDeviceAndMfa()
        );
    }

    // ---- thresholds

    function test_TwoOfThreeFriendsAreTheRecoveryRole() public {
        _addKey(RECOVERY, friendPrivateKey, 0, _byDeviceAndMfa());
        _addKey(RECOVERY, strangerPrivateKey, 0, _byDeviceAndMfa());
        _perform(Change.SetThreshold, _words(_word(RECOVERY), _word(uint256(2))), _byDeviceAndMfa());
        assertEq(_views().threshold(RECOVERY), 2);

        bytes32[] memory values = _words(_word(DEVICE), _id(laptopPrivateKey), _word(uint256(0)));
        uint256[3] memory friends = [recoveryPrivateKey, friendPrivateKey, strangerPrivateKey];
        for (uint256 i = 0; i < friends.length; ++i) {
            uint256 other = friends[(i + 1) % 3];
            _refused(Policy.RecoveryKeyMissing.selector, Change.AddKey, values, _by(friends[i]));
            _perform(Change.AddKey, values, _by(friends[i], other));
            assertEq(_details(laptopPrivateKey).activeFrom, clock + RECOVERY_DELAY);
            _perform(Change.RejectKey, _words(_id(laptopPrivateKey)), _byDevice());
        }
        _refused(
            Policy.MfaOrRecoveryKeyMissing.selector,
            Change.AddKey,
            values,
            _by(devicePrivateKey, friendPrivateKey)
        );
        _perform(Change.AddKey, values, _by(devicePrivateKey, friendPrivateKey, strangerPrivateKey));
        assertTrue(_isActive(laptopPrivateKey));
    }

    function test_TwoMfaKeysTogetherAreTheMfaRole() public {
        _addKey(MFA, friendPrivateKey, 0, _byDeviceAndMfa());
        _perform(Change.SetThreshold, _words(_word(MFA), _word(uint256(2))), _byDeviceAndMfa());
        bytes32[] memory values = _words(_word(BOB));
        _refused(Policy.MfaKeyMissing.selector, Change.SetSuccessor, values, _byDeviceAndMfa());
        _perform(Change.SetSuccessor, values, _by(devicePrivateKey, mfaPrivateKey, friendPrivateKey));
    }

    function test_AThresholdIsNeverAboveTheKeysThereAre() public {
        for (uint8 role = MFA; role <= RECOVERY; ++role) {
            _refused(
                abi.encodeWithSelector(Keys.RoleNeedsKeys.selector, role, 1, 2),
                Change.SetThreshold,
                _words(_word(role), _word(uint256(2))),
                _byDeviceAndMfa()
            );
            _refused(
                abi.encodeWithSelector(Keys.RoleNeedsKeys.selector, role, 1, 0),
                Change.SetThreshold,
                _words(_word(role), _word(uint256(0))),
                _byDeviceAndMfa()
            );
        }
    }

    function test_AsManyKeysAsTheThresholdStay() public {
        _addKey(RECOVERY, friendPrivateKey, 0, _byDeviceAndMfa());
        _perform(Change.SetThreshold, _words(_word(RECOVERY), _word(uint256(2))), _byDeviceAndMfa());
        bytes32[] memory values = _words(_id(friendPrivateKey));
        _refused(
            abi.encodeWithSelector(Keys.RoleNeedsKeys.selector, RECOVERY, 2, 2),
            Change.RemoveKey,
            values,
            _byDeviceAndMfa()
        );
        _perform(Change.SetThreshold, _words(_word(RECOVERY), _word(uint256(1))), _byDeviceAndMfa());
        _perform(Change.RemoveKey, values, _byDeviceAndMfa());
        assertEq(_views().keyCount(RECOVERY), 1);
    }

    function test_AThresholdNeedsADeviceKeyAndAnotherRole() public {
        bytes32[] memory values = _words(_word(RECOVERY), _word(uint256(1)));
        _refused(Policy.MfaOrRecoveryKeyMissing.selector, Change.SetThreshold, values, _byDevice());
        _refused(Policy.DeviceKeyMissing.selector, Change.SetThreshold, values, _byMfaAndRecovery());
        _perform(Change.SetThreshold, values, _byDeviceAndRecovery());
    }

    // ---- keys that expire

    function test_AKeyThatExpiresHasAuthorityUntilThen() public {
        uint256 expires = clock + 10 days;
        _addKey(MFA, friendPrivateKey, expires, _byDeviceAndMfa());
        _wait(10 days - 1);
        _setSomethingBy(_by(devicePrivateKey, friendPrivateKey));
        _wait(1);
        assertFalse(_isActive(friendPrivateKey));
        _refused(
            abi.encodeWithSelector(Keys.KeyExpired.selector, _id(friendPrivateKey), expires),
            Change.SetSuccessor,
            _words(_word(BOB)),
            _by(devicePrivateKey, friendPrivateKey)
        );
    }

    function test_KeysThatExpireAreNotCounted() public {
        _addKey(MFA, friendPrivateKey, clock + 10 days, _byDeviceAndMfa());
        assertEq(_views().keyCount(MFA), 1);
        _refused(
            abi.encodeWithSelector(Keys.RoleNeedsKeys.selector, MFA, 1, 1),
            Change.RemoveKey,
            _words(_id(mfaPrivateKey)),
            _byDeviceAndMfa()
        );
        _refused(
            abi.encodeWithSelector(Keys.RoleNeedsKeys.selector, MFA, 1, 2),
            Change.SetThreshold,
            _words(_word(MFA), _word(uint256(2))),
            _byDeviceAndMfa()
        );
        _perform(Change.RemoveKey, _words(_id(friendPrivateKey)), _byDeviceAndMfa());
        assertEq(_views().keyCount(MFA), 1);
    }

    function test_AnExpiredKeyIsAddedAnewOrRemoved() public {
        _addKey(MFA, friendPrivateKey, clock + 1 days, _byDeviceAndMfa());
        _refused(
            abi.encodeWithSelector(Keys.KeyAlreadyPresent.selector, _id(friendPrivateKey)),
            Change.AddKey,
            _words(_word(RECOVERY), _id(friendPrivateKey), _word(uint256(0))),
            _byDeviceAndMfa()
        );
        _wait(1 days);
        _addKey(RECOVERY, friendPrivateKey, 0, _byDeviceAndMfa());
        assertEq(_roleOf(friendPrivateKey), RECOVERY);
        assertEq(_views().keyCount(MFA), 1);
        assertEq(_views().keyCount(RECOVERY), 2);
        assertTrue(_isActive(friendPrivateKey));

        _addKey(MFA, strangerPrivateKey, clock + 1 days, _byDeviceAndMfa());
        _wait(2 days);
        _perform(Change.RemoveKey, _words(_id(strangerPrivateKey)), _byDeviceAndMfa());
        assertEq(_roleOf(strangerPrivateKey), 0);
        assertEq(_views().keyCount(MFA), 1);
    }

    function test_AnExpiredKeyIsReplacedByAnotherOneOnly() public {
        _addKey(MFA, friendPrivateKey, clock + 1 days, _byDeviceAndMfa());
        _wait(1 days);
        bytes32 expired = _id(friendPrivateKey);
        bytes memory blob = _signAll(_byDeviceAndMfa(), _replacement(MFA, expired, expired, 1));
        vm.expectRevert(abi.encodeWithSelector(Keys.KeyNotOfRole.selector, expired, MFA));
        account.replaceKey(MFA, expired, expired, 1, "", blob);
        assertEq(_roleOf(friendPrivateKey), MFA);

        bytes32 fresh = _id(strangerPrivateKey);
        blob = _signAll(_byDeviceAndMfa(), _replacement(MFA, expired, fresh, 1));
        account.replaceKey(MFA, expired, fresh, 1, "", blob);
        assertTrue(_isActive(strangerPrivateKey));
        assertEq(_roleOf(friendPrivateKey), 0);
        assertEq(_views().keyCount(MFA), 2);
    }

    function test_AnExpiredDeviceKeyComesBackThroughRecovery() public {
        _addKey(DEVICE, laptopPrivateKey, clock + 1 days, _byDeviceAndMfa());
        _wait(1 days);
        _addPendingLaptop();
        assertEq(_details(laptopPrivateKey).expires, 0);
        _wait(RECOVERY_DELAY);
        assertTrue(_isActive(laptopPrivateKey));
    }

    function test_APendingKeyMayExpireAsWell() public {
        uint256 expires = clock + 30 days;
        _addKey(DEVICE, laptopPrivateKey, expires, _byRecovery());
        assertEq(_details(laptopPrivateKey).expires, expires);
        _wait(RECOVERY_DELAY);
        assertTrue(_isActive(laptopPrivateKey));
        _wait(30 days);
        assertFalse(_isActive(laptopPrivateKey));
    }

    function testFuzz_NoKeyExpiresInThePast(uint48 expires) public {
        expires = uint48(bound(expires, 1, clock));
        bytes memory reason = abi.encodeWithSelector(Keys.ExpiryInThePast.selector, expires);
        for (uint8 role = DEVICE; role <= RECOVERY; ++role) {
            bytes32[] memory values = _words(_word(role), _id(laptopPrivateKey), _word(expires));
            _refused(reason, Change.AddKey, values, _byDeviceAndMfa());
        }
    }

    // ---- helpers

    /// @dev What only an active device key and mfa can do: to see that they are.
    function _setSomethingBy(uint256[] memory signers) private {
        _perform(Change.SetSuccessor, _words(_word(BOB)), signers);
        (, address successor) = _views().getSettings();
        assertEq(successor, BOB);
        _perform(Change.SetSuccessor, _words(0), signers);
    }

    function _addPendingKeyOf(uint256 privateKey) private {
        _addKey(DEVICE, privateKey, 0, _byRecovery());
    }
}
