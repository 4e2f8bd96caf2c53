// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Test} from "../../testing/Test.sol";
import {Circumstances, Effect, Frozen, Kind, Policy} from "./Policy.sol";
import {RoleCounts, Roles} from "./Roles.sol";

contract PolicyTest is Test {
    uint32 private constant DEVICE = 0x0100;
    uint32 private constant MFA = 0x010000;
    uint32 private constant RECOVERY = 0x01000000;

    function requireEffect(Kind kind, Circumstances calldata c) external pure returns (Effect) {
        return Policy.requireEffect(kind, c);
    }

    // ---- what is missing

    function test_WhatRunsWhileFrozen_IsOnlyItsEndAndCancelling() public {
        Circumstances memory c = _signedBy(DEVICE | MFA | RECOVERY);
        c.allowed = true;
        c.vetoByAny = true;
        for (uint256 i = 0; i <= uint256(type(Kind).max); ++i) {
            Kind kind = Kind(i);
            c.frozen = Frozen.No;
            assertTrue(this.requireEffect(kind, c) == Effect.Now);
            for (uint256 frozen = 1; frozen <= uint256(type(Frozen).max); ++frozen) {
                c.frozen = Frozen(frozen);
                if (kind != Kind.Unfreeze && kind != Kind.Cancel) {
                    vm.expectRevert(Policy.AccountFrozen.selector);
                    this.requireEffect(kind, c);
                } else {
                    assertTrue(this.requireEffect(kind, c) == Effect.Now);
                }
            }
        }
    }

    function test_NobodySigned_NothingCounts_WhateverTheThresholds() public {
        for (uint256 threshold = 0; threshold < 3; ++threshold) {
            Circumstances memory c = _signedBy(0);
            c.thresholds = RoleCounts.wrap(uint32(threshold * 0x01010100));
            c.singleKeyRoles = type(uint8).max;
            c.overrideOn = true;
            c.vetoByAny = true;
            for (uint256 kind = 0; kind <= uint256(type(Kind).max); ++kind) {
                vm.expectRevert(Policy.KeyMissing.selector);
                this.requireEffect(Kind(kind), c);
            }
        }
    }

    function test_ASoleKeyThatMayNot_IsToldSo() public {
        uint32[3] memory alone = [DEVICE, MFA, RECOVERY];
        for (uint256 i = 0; i < 3; ++i) {
            _expectMissing(Kind.Withdraw, alone[i], Policy.NotAllowedAlone.selector);
            _expectMissing(Kind.Execute, alone[i], Policy.NotAllowedAlone.selector);
        }
    }

    function test_MoneyByTwoKeysThatDoNotSuffice_NamesTheOneMissing() public {
        Kind[2] memory kinds = [Kind.Withdraw, Kind.Execute];
        for (uint256 i = 0; i < kinds.length; ++i) {
            _expectMissing(kinds[i], DEVICE | RECOVERY, Policy.MfaKeyMissing.selector);
            _expectMissing(kinds[i], MFA | RECOVERY, Policy.DeviceKeyMissing.selector);
        }
    }

    function test_AHalfOfTheKeysOfARole_NamesThatRole_WhereItMayAlone() public {
        Circumstances memory c = _signedBy(MFA);
        c.thresholds = RoleCounts.wrap(0x02020100);
        vm.expectRevert(Policy.DeviceKeyMissing.selector);
        this.requireEffect(Kind.Withdraw, c);
        c.singleKeyRoles = uint8((1 << Roles.MFA) | (1 << Roles.RECOVERY));
        vm.expectRevert(Policy.MfaKeyMissing.selector);
        this.requireEffect(Kind.Withdraw, c);
        c.signed = RoleCounts.wrap(RECOVERY);
        vm.expectRevert(Policy.RecoveryKeyMissing.selector);
        this.requireEffect(Kind.Withdraw, c);
        c.signed = RoleCounts.wrap(DEVICE | MFA);
        vm.expectRevert(Policy.MfaKeyMissing.selector);
        this.requireEffect(Kind.Withdraw, c);
    }

    function test_RaisingPower_MovingAwayAndSigning_NameDeviceThenMfa() public {
        Kind[3] memory kinds = [Kind.Raise, Kind.Migrate, Kind.Sign];
        for (uint256 i = 0; i < kinds.length; ++i) {
            _expectMissing(kinds[i], MFA | RECOVERY, Policy.DeviceKeyMissing.selector);
            _expectMissing(kinds[i], DEVICE | RECOVERY, Policy.MfaKeyMissing.selector);
        }
    }

    function test_WhatOneDeviceKeyMay_NamesIt() public {
        Kind[5] memory kinds = [
            Kind.ActivateKey,
            Kind.RejectKey,
            Kind.Lower,
            Kind.Cancel,
            Kind.RemoveDeviceKey
        ];
        for (uint256 i = 0; i < kinds.length; ++i) {
            _expectMissing(kinds[i], MFA | RECOVERY, Policy.DeviceKeyMissing.selector);
        }
    }

    function test_ChangesOfKeys_NameTheDeviceKey_ThenBothWaysOn() public {
        Kind[6] memory kinds = [
            Kind.AddKey,
            Kind.RemoveKey,
            Kind.ReplaceKey,
            Kind.SetThreshold,
            Kind.Archive,
            Kind.Rearm
        ];
        for (uint256 i = 0; i < kinds.length; ++i) {
            _expectMissing(kinds[i], MFA | RECOVERY, Policy.DeviceKeyMissing.selector);
            _expectMissing(kinds[i], DEVICE, Policy.MfaOrRecoveryKeyMissing.selector);
        }
    }

    function test_WhatRecoveryIsFor_NamesTheRecoveryKey_OrBothWaysOnForADevice() public {
        Kind[2] memory kinds = [Kind.AddDeviceKey, Kind.Unfreeze];
        for (uint256 i = 0; i < kinds.length; ++i) {
            _expectMissing(kinds[i], MFA, Policy.RecoveryKeyMissing.selector);
            _expectMissing(kinds[i], DEVICE, Policy.MfaOrRecoveryKeyMissing.selector);
        }
    }

    // ---- what always holds

    /// @dev What takes effect now still does with one more signature, and what takes effect later still does so, too.
    function testFuzz_MoreSignaturesNeverHurt(
        uint8[3] calldata counts,
        uint8[3] calldata thresholds,
        uint256 settings,
        uint8 role
    ) public pure {
        Circumstances memory c = _circumstances(counts, thresholds, settings);
        RoleCounts more = c.signed.plusOne(uint8(bound(role, Roles.DEVICE, Roles.RECOVERY)));
        for (uint256 kind = 0; kind <= uint256(type(Kind).max); ++kind) {
            c.signed = _pack(counts);
            Effect effect = Policy.effectOf(Kind(kind), c);
            if (effect == Effect.Never) continue;
            c.signed = more;
            Effect withOneMore = Policy.effectOf(Kind(kind), c);
            assertTrue(withOneMore != Effect.Never);
            assertTrue(effect != Effect.Now || withOneMore == Effect.Now);
        }
    }

    /// @dev A higher threshold never gives authority.
    function testFuzz_HigherThresholdsNeverHelp(
        uint8[3] calldata counts,
        uint8[3] calldata thresholds,
        uint256 settings,
        uint8 role
    ) public pure {
        Circumstances memory c = _circumstances(counts, thresholds, settings);
        RoleCounts more = c.thresholds.plusOne(uint8(bound(role, Roles.DEVICE, Roles.RECOVERY)));
        for (uint256 kind = 0; kind <= uint256(type(Kind).max); ++kind) {
            c.thresholds = more;
            if (Policy.effectOf(Kind(kind), c) != Effect.Now) continue;
            c.thresholds = _pack(thresholds);
            assertTrue(Policy.effectOf(Kind(kind), c) == Effect.Now);
        }
    }

    /// @dev Naming what is missing and saying that something is are the same decision.
    function testFuzz_ItRevertsExactlyWhenNothingComesOfIt(
        uint8[3] calldata counts,
        uint8[3] calldata thresholds,
        uint256 settings
    ) public view {
        Circumstances memory c = _circumstances(counts, thresholds, settings);
        for (uint256 kind = 0; kind <= uint256(type(Kind).max); ++kind) {
            Effect effect = Policy.effectOf(Kind(kind), c);
            try this.requireEffect(Kind(kind), c) returns (Effect required) {
                assertTrue(required == effect && effect != Effect.Never);
            } catch {
                assertTrue(effect == Effect.Never);
            }
        }
    }

    // ---- helpers

    function _expectMissing(Kind kind, uint32 signed, bytes4 missing) private {
        Circumstances memory c = _signedBy(signed);
        vm.expectRevert(missing);
        this.requireEffect(kind, c);
    }

    function _signedBy(uint32 signed) private pure returns (Circumstances memory c) {
        c.signed = RoleCounts.wrap(signed);
        c.thresholds = Roles.ONE_EACH;
    }

    function _circumstances(
        uint8[3] calldata counts,
        uint8[3] calldata thresholds,
        uint256 settings
    ) private pure returns (Circumstances memory c) {
        c.signed = _pack(counts);
        c.thresholds = _pack(thresholds);
        c.singleKeyRoles = uint8(settings);
        c.allowed = settings & (1 << 8) != 0;
        c.overrideOn = settings & (1 << 9) != 0;
        c.vetoByAny = settings & (1 << 10) != 0;
        c.frozen = Frozen((settings >> 11) % 3);
    }

    /// @dev A small number for each role, so that numbers and thresholds are often close.
    function _pack(uint8[3] calldata numbers) private pure returns (RoleCounts) {
        uint256 packed = 0;
        for (uint256 i = 0; i < 3; ++i) packed |= bound(numbers[i], 0, 5) << ((i + 1) * 8);
        return RoleCounts.wrap(uint32(packed));
    }
}
