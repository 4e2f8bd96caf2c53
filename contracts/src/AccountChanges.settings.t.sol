// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {ChangeTest} from "../testing/ChangeTest.sol";
import {Change, Changes} from "./account/Changes.sol";
import {EntryPointDoor} from "./account/EntryPointDoor.sol";
import {Keys} from "./account/Keys.sol";
import {Policy} from "./account/Policy.sol";
import {Scopes} from "./account/Scopes.sol";
import {Settings, SettingsLib} from "./account/Settings.sol";
import {IAccountChanges} from "./IAccountChanges.sol";

contract AccountChangesSettingsTest is ChangeTest {
    bytes4 private constant SELECTOR = 0xa9059cbb;

    // ---- delays

    function test_ANewAccountHasTheDefaults() public view {
        (Settings memory settings, address successor) = _views().getSettings();
        assertEq(settings.recoveryDelay, 7 days);
        assertEq(settings.removalDelay, 3 days);
        assertEq(settings.singleKeyDelay, 7 days);
        assertEq(settings.overrideDelay, 0);
        assertEq(settings.singleKeyRoles, 0);
        assertFalse(settings.pendingKeysMayCall);
        assertEq(successor, address(0));
    }

    function testFuzz_EachDelayIsSetWithinItsBounds(
        uint32 recoveryDelay,
        uint32 removalDelay,
        uint32 singleKeyDelay,
        uint32 overrideDelay
    ) public {
        recoveryDelay = uint32(bound(recoveryDelay, 1 days, 60 days));
        removalDelay = uint32(bound(removalDelay, 1 days, 60 days));
        singleKeyDelay = uint32(bound(singleKeyDelay, 3 days, 60 days));
        overrideDelay = uint32(bound(overrideDelay, 7 days, 180 days));
        _setDelays(recoveryDelay, removalDelay, singleKeyDelay, overrideDelay);
        (Settings memory settings, ) = _views().getSettings();
        assertEq(settings.recoveryDelay, recoveryDelay);
        assertEq(settings.removalDelay, removalDelay);
        assertEq(settings.singleKeyDelay, singleKeyDelay);
        assertEq(settings.overrideDelay, overrideDelay);
    }

    function test_ZeroSetsTheDefaultAgain() public {
        _setDelays(1 days, 1 days, 3 days, 7 days);
        _setDelays(0, 0, 0, 0);
        test_ANewAccountHasTheDefaults();
    }

    function test_NoDelayLeavesItsBounds() public {
        uint256[2][4] memory bounds = [
            [uint256(1 days), 60 days],
            [uint256(1 days), 60 days],
            [uint256(3 days), 60 days],
            [uint256(7 days), 180 days]
        ];
        for (uint256 i = 0; i < bounds.length; ++i) {
            uint256[4] memory outside = [uint256(1), bounds[i][0] - 1, bounds[i][1] + 1, type(uint32).max];
            for (uint256 j = 0; j < outside.length; ++j) {
                bytes32[] memory values = _words(0, 0, 0, 0);
                values[i] = _word(outside[j]);
                _refused(
                    abi.encodeWithSelector(
                        SettingsLib.SettingOutOfBounds.selector,
                        outside[j],
                        bounds[i][0],
                        bounds[i][1]
                    ),
                    Change.SetDelays,
                    values,
                    _byDeviceAndMfa()
                );
            }
            for (uint256 end = 0; end < 2; ++end) {
                bytes32[] memory values = _words(0, 0, 0, 0);
                values[i] = _word(bounds[i][end]);
                _perform(Change.SetDelays, values, _byDeviceAndMfa());
            }
        }
    }

    function test_ALongerRemovalDelayIsKept() public {
        _setDelays(0, 10 days, 0, 0);
        _addLaptop();
        bytes32 operation = _perform(Change.RemoveKey, _words(_id(laptopPrivateKey)), _byDevice());
        assertEq(_scheduled(operation).executableAt, clock + 10 days);
    }

    function test_ALongerRecoveryDelayHoldsForUnfreezingToo() public {
        _setDelays(20 days, 0, 0, 0);
        _perform(Change.Archive, _words(), _byDeviceAndMfa());
        bytes32 operation = _perform(Change.Unfreeze, _words(), _byRecovery());
        assertEq(_scheduled(operation).executableAt, clock + 20 days);
    }

    // ---- rules

    function testFuzz_RulesAreSetWithinTheirBounds(
        uint8 roles,
        bool pendingKeysMayCall,
        uint8 count,
        uint32 window
    ) public {
        roles = roles & 0x0e;
        window = uint32(bound(window, 1 hours, 30 days));
        _setRules(roles, pendingKeysMayCall, count, window);
        (Settings memory settings, ) = _views().getSettings();
        assertEq(settings.singleKeyRoles, roles);
        assertTrue(settings.pendingKeysMayCall == pendingKeysMayCall);
        assertEq(settings.tripwireCount, count);
        assertEq(settings.tripwireWindow, window);
    }

    function test_RulesAndDelaysLeaveEachOtherAlone() public {
        _setDelays(2 days, 4 days, 5 days, 8 days);
        _setRules(0x0e, true, 9, 2 hours);
        _setDelays(1 days, 1 days, 3 days, 7 days);
        (Settings memory settings, ) = _views().getSettings();
        assertEq(settings.singleKeyRoles, 0x0e);
        assertTrue(settings.pendingKeysMayCall);
        assertEq(settings.tripwireCount, 9);
        assertEq(settings.tripwireWindow, 2 hours);
        assertEq(settings.overrideDelay, 7 days);
    }

    function testFuzz_OtherBitsAreNoRoles(uint8 roles) public {
        vm.assume(roles & ~uint8(0x0e) != 0);
        _refused(
            abi.encodeWithSelector(SettingsLib.SettingOutOfBounds.selector, roles, 0, 0x0e),
            Change.SetRules,
            _words(_word(roles), 0, 0, 0),
            _byDeviceAndMfa()
        );
    }

    function test_TheTripwireCountsOverAnHourToThirtyDays() public {
        uint256[4] memory outside = [uint256(1), 1 hours - 1, 30 days + 1, type(uint32).max];
        for (uint256 i = 0; i < outside.length; ++i) {
            _refused(
                abi.encodeWithSelector(SettingsLib.SettingOutOfBounds.selector, outside[i], 1 hours, 30 days),
                Change.SetRules,
                _words(0, 0, 0, _word(outside[i])),
                _byDeviceAndMfa()
            );
        }
    }

    // ---- who may

    function test_RaisingNeedsDeviceAndMfa() public {
        bytes32 device = _id(devicePrivateKey);
        _expectRaise(Change.SetEmergencyAddress, _words(_word(BOB), _word(true)));
        _expectRaise(Change.SetEmergencyAddress, _words(_word(BOB), _word(false)));
        _expectRaise(Change.SetAllowlisted, _words(_word(BOB), _word(true)));
        _expectRaise(Change.SetScope, _words(device, _word(address(token)), bytes32(SELECTOR), _word(true)));
        _expectRaise(Change.SetLimit, _words(device, _word(ETHER), _word(uint256(100))));
        _expectRaise(Change.SetLimit, _words(device, _word(ETHER), _word(uint256(101))));
        _perform(Change.SetHours, _words(device, _word(uint256(0xff))), _byDeviceAndMfa());
        _expectRaise(Change.SetHours, _words(device, _word(uint256(0xffff00))));
        _expectRaise(Change.SetHours, _words(device, _word(uint256(0))));
        _expectRaise(Change.SetDelays, _words(0, 0, 0, 0));
        _expectRaise(Change.SetRules, _words(0, 0, 0, 0));
        _expectRaise(Change.SetSuccessor, _words(_word(BOB)));
        _expectRaise(Change.SetSuccessor, _words(0));
    }

    function test_LoweringNeedsOnlyADeviceKey() public {
        bytes32 device = _id(devicePrivateKey);
        _perform(Change.SetAllowlisted, _words(_word(BOB), _word(true)), _byDeviceAndMfa());
        _perform(Change.SetLimit, _words(device, _word(ETHER), _word(uint256(100))), _byDeviceAndMfa());
        _expectLower(Change.SetAllowlisted, _words(_word(BOB), _word(false)));
        _expectLower(Change.SetScope, _words(device, _word(address(token)), bytes32(SELECTOR), _word(false)));
        _expectLower(Change.SetLimit, _words(device, _word(ETHER), _word(uint256(99))));
        _expectLower(Change.SetHours, _words(device, _word(uint256(0x0000ff))));
        _expectLower(Change.SetHours, _words(device, _word(uint256(0x00ffff))));
    }

    function testFuzz_AnHourThatOpensIsARaise(uint24 before, uint24 after_) public {
        bytes32 device = _id(devicePrivateKey);
        _perform(Change.SetHours, _words(device, _word(before)), _byDeviceAndMfa());
        bool opens = false;
        for (uint256 hour = 0; hour < 24; ++hour) {
            if (before & (1 << hour) != 0 && after_ & (1 << hour) == 0) opens = true;
        }
        bytes32[] memory values = _words(device, _word(after_));
        if (opens) {
            _expectRaise(Change.SetHours, values);
        } else {
            _perform(Change.SetHours, values, _byDevice());
        }
        assertEq(_details(devicePrivateKey).closedHours, after_);
    }

    function testFuzz_OnlyASmallerLimitIsLower(uint104 before, uint104 after_) public {
        bytes32 device = _id(devicePrivateKey);
        _perform(Change.SetLimit, _words(device, _word(ETHER), _word(before)), _byDeviceAndMfa());
        bytes32[] memory values = _words(device, _word(ETHER), _word(after_));
        if (after_ < before) {
            _perform(Change.SetLimit, values, _byDevice());
        } else {
            _expectRaise(Change.SetLimit, values);
        }
        (uint256 limit, ) = _views().getLimit(device, ETHER);
        assertEq(limit, after_);
    }

    // ---- what they do

    function test_EmergencyAddressesComeAndGo() public {
        _perform(Change.SetEmergencyAddress, _words(_word(BOB), _word(true)), _byDeviceAndMfa());
        assertTrue(_views().isEmergencyAddress(BOB));
        _perform(Change.SetEmergencyAddress, _words(_word(BOB), _word(false)), _byDeviceAndMfa());
        assertFalse(_views().isEmergencyAddress(BOB));
    }

    function test_TheAllowlistChanges() public {
        _perform(Change.SetAllowlisted, _words(_word(BOB), _word(true)), _byDeviceAndMfa());
        assertTrue(_views().isAllowlisted(BOB));
        _perform(Change.SetAllowlisted, _words(_word(BOB), _word(false)), _byDevice());
        assertFalse(_views().isAllowlisted(BOB));
    }

    function test_NobodyIsNoRecipient() public {
        bytes4 reason = IAccountChanges.AddressMissing.selector;
        _refused(reason, Change.SetAllowlisted, _words(0, _word(true)), _byDeviceAndMfa());
        _refused(reason, Change.SetEmergencyAddress, _words(0, _word(true)), _byDeviceAndMfa());
    }

    function testFuzz_AScopeIsOneFunctionOfOneContractForOneKey(address target, bytes4 selector) public {
        vm.assume(target != address(account) && target != EntryPointDoor.ENTRY_POINT);
        _addLaptop();
        bytes32 device = _id(devicePrivateKey);
        bytes32[] memory values = _words(device, _word(target), bytes32(selector), _word(true));
        _perform(Change.SetScope, values, _byDeviceAndMfa());
        assertTrue(_views().isInScope(device, target, selector));
        assertFalse(_views().isInScope(_id(laptopPrivateKey), target, selector));
        assertFalse(_views().isInScope(device, target, ~selector));
        assertFalse(_views().isInScope(device, address(uint160(target) ^ 1), selector));
        values[3] = _word(false);
        _perform(Change.SetScope, values, _byDevice());
        assertFalse(_views().isInScope(device, target, selector));
    }

    function test_TheAccountItselfAndTheEntryPointAreInNobodysScope() public {
        address[2] memory targets = [address(account), EntryPointDoor.ENTRY_POINT];
        for (uint256 i = 0; i < targets.length; ++i) {
            _refused(
                abi.encodeWithSelector(Scopes.NotForAScope.selector, targets[i]),
                Change.SetScope,
                _words(_id(devicePrivateKey), _word(targets[i]), bytes32(SELECTOR), _word(true)),
                _byDeviceAndMfa()
            );
        }
    }

    function test_OnlyDeviceKeysHaveAScope() public {
        bytes32[2] memory others = [_id(mfaPrivateKey), _id(recoveryPrivateKey)];
        for (uint256 i = 0; i < others.length; ++i) {
            _refused(
                abi.encodeWithSelector(Scopes.NotADeviceKey.selector, others[i]),
                Change.SetScope,
                _words(others[i], _word(address(token)), bytes32(SELECTOR), _word(true)),
                _byDeviceAndMfa()
            );
        }
    }

    function test_LimitsHoursAndScopesAreThoseOfAKeyThatIsThere() public {
        bytes32 nobody = _id(strangerPrivateKey);
        bytes memory reason = abi.encodeWithSelector(Keys.KeyUnknown.selector, nobody);
        _refused(reason, Change.SetLimit, _words(nobody, _word(ETHER), _word(uint256(1))), _byDeviceAndMfa());
        _refused(reason, Change.SetHours, _words(nobody, _word(uint256(1))), _byDeviceAndMfa());
        _refused(
            reason,
            Change.SetScope,
            _words(nobody, _word(address(token)), bytes32(SELECTOR), _word(true)),
            _byDeviceAndMfa()
        );
    }

    function test_ASuccessorIsNamedAndForgotten() public {
        _perform(Change.SetSuccessor, _words(_word(BOB)), _byDeviceAndMfa());
        (, address successor) = _views().getSettings();
        assertEq(successor, BOB);
        _perform(Change.SetSuccessor, _words(0), _byDeviceAndMfa());
        (, successor) = _views().getSettings();
        assertEq(successor, address(0));
    }

    // ---- the words themselves

    function testFuzz_AChangeHasAsManyWordsAsFields(uint8 which, uint8 number) public {
        Change change = Change(bound(which, 0, uint256(type(Change).max)));
        uint8[18] memory fields = [3, 1, 1, 1, 2, 2, 2, 4, 3, 2, 4, 4, 1, 0, 0, 0, 1, 1];
        number = uint8(bound(number, 0, 6));
        vm.assume(number != fields[uint256(change)]);
        bytes32[] memory values = new bytes32[](number);
        vm.expectRevert(abi.encodeWithSelector(Changes.WrongNumberOfValues.selector, number));
        _changes().change(change, values, 0, _signAll(_byDeviceAndMfa(), _change(change, values, 0)));
    }

    function testFuzz_AWordThatIsNoValueOfItsFieldIsRefused(uint256 word) public {
        // Recipients have 20 bytes, flags one bit, selectors are the word's first four bytes.
        word = bound(word, 1 << 160, type(uint256).max);
        _expectOutOfRange(Change.SetSuccessor, _words(_word(word)), 0);
        _expectOutOfRange(Change.SetAllowlisted, _words(_word(BOB), _word(word)), 1);
        _expectOutOfRange(Change.SetAllowlisted, _words(_word(BOB), _word(2)), 1);
        bytes32 late = bytes32(word >> 32 == 0 ? 1 : word >> 32);
        _expectOutOfRange(Change.SetScope, _words(_id(devicePrivateKey), _word(BOB), late, 0), 2);
    }

    // ---- helpers

    function _expectOutOfRange(Change change, bytes32[] memory values, uint256 position) private {
        _refused(
            abi.encodeWithSelector(Changes.ValueOutOfRange.selector, position, values[position]),
            change,
            values,
            _byDeviceAndMfa()
        );
    }

    /// @dev Nobody can but device and mfa together; then it is done.
    function _expectRaise(Change change, bytes32[] memory values) private {
        _refused(Policy.MfaKeyMissing.selector, change, values, _byDevice());
        _refused(Policy.MfaKeyMissing.selector, change, values, _byDeviceAndRecovery());
        _refused(Policy.DeviceKeyMissing.selector, change, values, _byMfaAndRecovery());
        _refused(Policy.DeviceKeyMissing.selector, change, values, _byMfa());
        _refused(Policy.DeviceKeyMissing.selector, change, values, _byRecovery());
        _perform(change, values, _byDeviceAndMfa());
    }

    /// @dev Nobody can without a device key; one alone can.
    function _expectLower(Change change, bytes32[] memory values) private {
        _refused(Policy.DeviceKeyMissing.selector, change, values, _byMfaAndRecovery());
        _refused(Policy.DeviceKeyMissing.selector, change, values, _byMfa());
        _perform(change, values, _byDevice());
    }
}
