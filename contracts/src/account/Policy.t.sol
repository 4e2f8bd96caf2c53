// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Test} from "../../testing/Test.sol";
import {Delay, Kind, Policy} from "./Policy.sol";
import {RoleCounts, Roles} from "./Roles.sol";

contract PolicyTest is Test {
    RoleCounts private constant NONE = RoleCounts.wrap(0);

    function requireNow(Kind kind, RoleCounts signed) external pure {
        Policy.requireNow(kind, signed, Roles.ONE_EACH);
    }

    function test_NobodySigned_NothingCounts_WhateverTheThresholds() public pure {
        assertTrue(Policy.delayOf(Kind.Withdraw, NONE, NONE) == Delay.Never);
        assertTrue(Policy.delayOf(Kind.ReplaceKey, NONE, NONE) == Delay.Never);
        assertTrue(Policy.delayOf(Kind.ReplaceKey, NONE, Roles.ONE_EACH) == Delay.Never);
    }

    function test_WithoutTheDeviceKey_ItIsNamed() public {
        RoleCounts others = NONE.plusOne(Roles.MFA).plusOne(Roles.RECOVERY);
        vm.expectRevert(Policy.DeviceKeyMissing.selector);
        this.requireNow(Kind.Withdraw, others);
        vm.expectRevert(Policy.DeviceKeyMissing.selector);
        this.requireNow(Kind.ReplaceKey, others);
    }

    function test_WithdrawByDeviceAndRecovery_NamesTheMfaKey() public {
        RoleCounts signed = NONE.plusOne(Roles.DEVICE).plusOne(Roles.RECOVERY);
        vm.expectRevert(Policy.MfaKeyMissing.selector);
        this.requireNow(Kind.Withdraw, signed);
    }

    function test_ReplaceByTheDeviceAlone_NamesBothWaysOn() public {
        vm.expectRevert(Policy.MfaOrRecoveryKeyMissing.selector);
        this.requireNow(Kind.ReplaceKey, NONE.plusOne(Roles.DEVICE));
    }

    /// @dev One more signature never takes authority away.
    function testFuzz_MoreSignaturesNeverHurt(
        uint8[3] calldata counts,
        uint8[3] calldata thresholds,
        uint8 role
    ) public pure {
        RoleCounts signed = _pack(counts);
        RoleCounts more = signed.plusOne(uint8(bound(role, Roles.DEVICE, Roles.RECOVERY)));
        for (uint256 kind = 0; kind <= uint256(type(Kind).max); ++kind) {
            if (Policy.delayOf(Kind(kind), signed, _pack(thresholds)) != Delay.Now) continue;
            assertTrue(Policy.delayOf(Kind(kind), more, _pack(thresholds)) == Delay.Now);
        }
    }

    /// @dev A higher threshold never gives authority.
    function testFuzz_HigherThresholdsNeverHelp(
        uint8[3] calldata counts,
        uint8[3] calldata thresholds,
        uint8 role
    ) public pure {
        RoleCounts needed = _pack(thresholds);
        RoleCounts more = needed.plusOne(uint8(bound(role, Roles.DEVICE, Roles.RECOVERY)));
        for (uint256 kind = 0; kind <= uint256(type(Kind).max); ++kind) {
            if (Policy.delayOf(Kind(kind), _pack(counts), more) != Delay.Now) continue;
            assertTrue(Policy.delayOf(Kind(kind), _pack(counts), needed) == Delay.Now);
        }
    }

    /// @dev A number for each role, below 255 so that it can still be raised.
    function _pack(uint8[3] calldata numbers) private pure returns (RoleCounts) {
        uint256 packed = 0;
        for (uint256 i = 0; i < 3; ++i) packed |= bound(numbers[i], 0, 254) << ((i + 1) * 8);
        return RoleCounts.wrap(uint32(packed));
    }
}
