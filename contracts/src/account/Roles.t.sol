// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Test} from "../../testing/Test.sol";
import {RoleCounts, Roles} from "./Roles.sol";

contract RolesTest is Test {
    function testFuzz_PlusOneRaisesOneRoleOnly(uint32 packed, uint8 role) public pure {
        role = uint8(bound(role, Roles.DEVICE, Roles.RECOVERY));
        RoleCounts counts = RoleCounts.wrap(packed);
        vm.assume(counts.forRole(role) < 255);
        RoleCounts more = counts.plusOne(role);
        for (uint8 other = 0; other < 4; ++other) {
            assertEq(more.forRole(other), counts.forRole(other) + (other == role ? 1 : 0));
        }
    }

    function testFuzz_NumbersThatAreNoRoleHaveNothing(uint8 role) public pure {
        vm.assume(role == 0 || role > Roles.RECOVERY);
        assertEq(Roles.ONE_EACH.forRole(role), 0);
    }

    function testFuzz_EnoughMeansAtLeastTheThresholdAndAtLeastOne(uint8 signed, uint8 threshold) public pure {
        RoleCounts signatures = RoleCounts.wrap(uint32(signed) << 16);
        RoleCounts thresholds = RoleCounts.wrap(uint32(threshold) << 16);
        assertTrue(signatures.enough(thresholds, Roles.MFA) == (signed > 0 && signed >= threshold));
        assertFalse(signatures.enough(thresholds, Roles.DEVICE));
    }
}
