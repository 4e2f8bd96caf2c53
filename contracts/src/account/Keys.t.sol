// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Test} from "../../testing/Test.sol";
import {AccountState} from "./AccountStorage.sol";
import {Key, Keys} from "./Keys.sol";
import {Roles} from "./Roles.sol";

contract KeysTest is Test {
    AccountState private state;

    function activeRole(bytes32 keyId) external view returns (uint8) {
        return Keys.activeRole(state, keyId);
    }

    function add(bytes32 keyId, uint8 role) external {
        Keys.add(state, keyId, role, 0);
    }

    function replace(uint8 role, bytes32 oldKey, bytes32 newKey) external {
        Keys.replace(state, role, oldKey, newKey);
    }

    function testFuzz_AnAddressHasTheIdOfItsTwentyBytes(address signer, bytes32 salt) public pure {
        bytes32 expected = keccak256(bytes.concat(bytes20(signer), salt));
        assertEq(Keys.idOf(signer, salt), expected);
        assertEq(Keys.idOf(bytes.concat(bytes20(signer)), salt), expected);
    }

    function testFuzz_AKeyCountsFromItsFirstToBeforeItsLastSecond(
        uint48 activeFrom,
        uint48 expires,
        uint48 time
    ) public {
        _put("key", Roles.MFA, activeFrom, expires);
        vm.warp(time);
        if (time < activeFrom) {
            vm.expectRevert(abi.encodeWithSelector(Keys.KeyPending.selector, bytes32("key"), activeFrom));
            this.activeRole("key");
        } else if (expires != 0 && time >= expires) {
            vm.expectRevert(abi.encodeWithSelector(Keys.KeyExpired.selector, bytes32("key"), expires));
            this.activeRole("key");
        } else {
            assertEq(this.activeRole("key"), Roles.MFA);
        }
    }

    function test_AtTheSecondItBecomesActiveAKeyCounts_AndAtTheSecondItExpiresItDoesNot() public {
        _put("key", Roles.DEVICE, 100, 200);
        vm.warp(100);
        assertEq(this.activeRole("key"), Roles.DEVICE);
        vm.warp(199);
        assertEq(this.activeRole("key"), Roles.DEVICE);
        vm.warp(200);
        vm.expectRevert(abi.encodeWithSelector(Keys.KeyExpired.selector, bytes32("key"), uint48(200)));
        this.activeRole("key");
    }

    function test_AmongSomeKeysTheActiveOnesAreFoundButForOneInTheirOrder() public {
        _put("pending", Roles.DEVICE, 101, 0);
        _put("expired", Roles.DEVICE, 1, 100);
        _put("third", Roles.MFA, 1, 0);
        _put("second", Roles.DEVICE, 100, 101);
        _put("first", Roles.RECOVERY, 1, 0);
        vm.warp(100);
        bytes32[] memory keyIds = new bytes32[](6);
        (keyIds[0], keyIds[1], keyIds[2]) = ("first", "pending", "second");
        (keyIds[3], keyIds[4], keyIds[5]) = ("expired", "unknown", "third");
        bytes32[] memory found = Keys.activeAmong(state, keyIds, "second");
        assertEq(found.length, 2);
        assertEq(found[0], "first");
        assertEq(found[1], "third");
    }

    function testFuzz_UnknownKeysHaveNoRole(bytes32 keyId) public {
        vm.expectRevert(abi.encodeWithSelector(Keys.KeyUnknown.selector, keyId));
        this.activeRole(keyId);
    }

    function testFuzz_AddedKeysAreActiveAtOnce(bytes32 keyId, uint8 role, uint48 time) public {
        vm.assume(keyId != 0);
        vm.warp(time);
        role = uint8(bound(role, Roles.DEVICE, Roles.RECOVERY));
        Keys.add(state, keyId, role, 0);
        assertEq(this.activeRole(keyId), role);
        assertEq(state.keys[keyId].activeFrom, time);
        assertEq(state.keys[keyId].expires, 0);
    }

    function test_ZeroAndPresentKeysCannotBeAdded() public {
        vm.expectRevert(Keys.KeyIdMissing.selector);
        this.add(0, Roles.MFA);
        Keys.add(state, "key", Roles.DEVICE, 0);
        vm.expectRevert(abi.encodeWithSelector(Keys.KeyAlreadyPresent.selector, bytes32("key")));
        this.add("key", Roles.MFA);
    }

    function test_ARoleHasAsManyKeysAsAByteCounts() public {
        for (uint256 i = 1; i <= 255; ++i) Keys.add(state, bytes32(i), Roles.MFA, 0);
        vm.expectRevert(abi.encodeWithSelector(Keys.TooManyKeys.selector, Roles.MFA, 255));
        this.add("one more", Roles.MFA);
        // Another role has room, and device keys are not counted.
        Keys.add(state, "recovery", Roles.RECOVERY, 0);
        Keys.add(state, "device", Roles.DEVICE, 0);
        assertEq(state.keyCounts.forRole(Roles.MFA), 255);
        assertEq(state.keyCounts.forRole(Roles.RECOVERY), 1);
        assertEq(state.keyCounts.forRole(Roles.DEVICE), 0);
    }

    function test_AReplacedKeyLeavesNothingBehind() public {
        _put("old", Roles.MFA, 7, 9);
        Keys.replace(state, Roles.MFA, "old", "new");
        assertEq(state.keys["old"].role, Roles.NONE);
        assertEq(state.keys["old"].activeFrom, 0);
        assertEq(state.keys["old"].expires, 0);
        assertEq(this.activeRole("new"), Roles.MFA);
        assertEq(state.keys["new"].expires, 0);
    }

    function test_OnlyAKeyOfTheNamedRoleCanBeReplaced_AndOnlyByANewOne() public {
        Keys.add(state, "mfa", Roles.MFA, 0);
        Keys.add(state, "recovery", Roles.RECOVERY, 0);
        vm.expectRevert(abi.encodeWithSelector(Keys.KeyNotOfRole.selector, bytes32("recovery"), Roles.MFA));
        this.replace(Roles.MFA, "recovery", "new");
        vm.expectRevert(abi.encodeWithSelector(Keys.KeyNotOfRole.selector, bytes32("unknown"), Roles.MFA));
        this.replace(Roles.MFA, "unknown", "new");
        vm.expectRevert(abi.encodeWithSelector(Keys.KeyAlreadyPresent.selector, bytes32("recovery")));
        this.replace(Roles.MFA, "mfa", "recovery");
        vm.expectRevert(abi.encodeWithSelector(Keys.KeyAlreadyPresent.selector, bytes32("mfa")));
        this.replace(Roles.MFA, "mfa", "mfa");
        vm.expectRevert(Keys.KeyIdMissing.selector);
        this.replace(Roles.MFA, "mfa", 0);
    }

    function _put(bytes32 keyId, uint8 role, uint48 activeFrom, uint48 expires) private {
        Key storage key = state.keys[keyId];
        (key.role, key.activeFrom, key.expires) = (role, activeFrom, expires);
    }
}
