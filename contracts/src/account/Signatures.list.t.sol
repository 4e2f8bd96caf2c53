// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {GullibleSigner} from "../../testing/hostile/GullibleSigner.sol";
import {OwnedSigner} from "../../testing/hostile/OwnedSigner.sol";
import {Test} from "../../testing/Test.sol";
import {AccountState} from "./AccountStorage.sol";
import {Keys} from "./Keys.sol";
import {RoleCounts, Roles} from "./Roles.sol";
import {Counting, Listed, Signatures, Signed} from "./Signatures.sol";

/// @dev Listing, which does not look at the clock, beside counting, which does.
contract SignaturesListTest is Test {
    bytes32 private constant DIGEST = keccak256("user operation");

    AccountState private state;

    uint256 private alice = uint256(keccak256("alice"));
    uint256 private bob = uint256(keccak256("bob"));
    bytes32 private aliceKey = Keys.idOf(vm.addr(alice), 0);
    bytes32 private bobKey = Keys.idOf(vm.addr(bob), 0);

    function setUp() public {
        Keys.add(state, aliceKey, Roles.DEVICE, 0);
        Keys.add(state, bobKey, Roles.MFA, 0);
    }

    function list(bytes calldata signatures) external view returns (Listed memory) {
        return Signatures.list(state, signatures, DIGEST);
    }

    function count(bytes calldata signatures) external view returns (Signed memory) {
        return Signatures.count(state, signatures, Counting(DIGEST, 0, 0, false));
    }

    function test_WhoSignedIsListedAscending() public view {
        Listed memory listed = this.list(_byBoth());
        assertEq(listed.keyIds.length, 2);
        assertEq(listed.keyIds[0], aliceKey < bobKey ? aliceKey : bobKey);
        assertEq(listed.keyIds[1], aliceKey < bobKey ? bobKey : aliceKey);
        assertEq(RoleCounts.unwrap(listed.roles), RoleCounts.unwrap(this.count(_byBoth()).roles));
    }

    function test_SaltedSpelledOutAndContractSignersAreListed() public {
        bytes32 salt = keccak256("salt");
        Keys.add(state, Keys.idOf(vm.addr(3), salt), Roles.RECOVERY, 0);
        _expectListed(bytes.concat(hex"02", salt, _rsv(3)), Roles.RECOVERY);
        _expectListed(_spelledOut(abi.encodePacked(vm.addr(alice)), _rsv(alice)), Roles.DEVICE);
        OwnedSigner safe = new OwnedSigner(vm.addr(3));
        Keys.add(state, Keys.idOf(address(safe), 0), Roles.RECOVERY, 0);
        _expectListed(_spelledOut(abi.encodePacked(safe), _rsv(3)), Roles.RECOVERY);
        safe.stop();
        _expectNobody(_spelledOut(abi.encodePacked(safe), _rsv(3)));
    }

    function test_OneStrangerMakesTheListEmpty() public view {
        _expectNobody("");
        _expectNobody(_plain(3));
        bytes memory stranger = _plain(3);
        bool first = Keys.idOf(vm.addr(3), 0) < aliceKey;
        _expectNobody(first ? bytes.concat(stranger, _plain(alice)) : bytes.concat(_plain(alice), stranger));
        _expectNobody(_spelledOut(abi.encodePacked(vm.addr(alice)), _rsv(bob)));
    }

    function test_AContractThatIsNoKeyIsNotEvenAsked() public {
        GullibleSigner gullible = new GullibleSigner();
        vm.expectCall(address(gullible), "", 0);
        _expectNobody(_spelledOut(abi.encodePacked(gullible), "anything"));
    }

    function test_ThereIsNoReadableFormOfAUserOperation() public view {
        _expectNobody(bytes.concat(hex"01", _rsv(alice)));
    }

    function testFuzz_SignersShorterThanAnAddressAreNotListed(bytes calldata signer) public {
        vm.assume(signer.length < 20);
        Keys.add(state, Keys.idOf(signer, 0), Roles.MFA, 0);
        _expectNobody(_spelledOut(signer, ""));
    }

    function test_AKeyIsListedOnceAndInOrder() public {
        bytes memory once = _plain(alice);
        vm.expectRevert(abi.encodeWithSelector(Signatures.SignaturesNotAscending.selector, aliceKey));
        this.list(bytes.concat(once, once));
        (bytes memory a, bytes memory b) = (_plain(alice), _plain(bob));
        vm.expectPartialRevert(Signatures.SignaturesNotAscending.selector);
        this.list(aliceKey < bobKey ? bytes.concat(b, a) : bytes.concat(a, b));
    }

    function testFuzz_AnyBytesListNobody(bytes calldata blob) public view {
        try this.list(blob) returns (Listed memory listed) {
            assertEq(listed.keyIds.length, 0);
        } catch (bytes memory) {
            // It was no list of signatures at all.
            return;
        }
    }

    /// @dev The EntryPoint compares the clock with what the list says; the call then counts anew, with the clock.
    function testFuzz_TheListCountsExactlyWhileTheKeysDo(
        uint16[2] calldata activeFrom,
        uint16[2] calldata expires,
        uint16 time
    ) public {
        bytes32[2] memory keyIds = [aliceKey, bobKey];
        for (uint256 i = 0; i < 2; ++i) {
            state.keys[keyIds[i]].activeFrom = activeFrom[i];
            state.keys[keyIds[i]].expires = expires[i];
        }
        vm.warp(time);
        Listed memory listed = this.list(_byBoth());
        assertEq(listed.keyIds.length, 2);
        bool counts = time >= listed.activeFrom && (listed.expires == 0 || time < listed.expires);
        try this.count(_byBoth()) returns (Signed memory signed) {
            assertTrue(counts);
            assertEq(RoleCounts.unwrap(signed.roles), RoleCounts.unwrap(listed.roles));
        } catch (bytes memory) {
            assertFalse(counts);
        }
    }

    function test_AKeyThatTimeDoesNotActivateIsNotListed() public {
        state.keys[aliceKey].byTime = true;
        state.keys[aliceKey].activeFrom = 1000;
        _expectListed(_plain(alice), Roles.DEVICE);
        state.epoch = 1;
        state.frozenAt[1] = 999;
        _expectNobody(_plain(alice));
    }

    function test_NoMoreAreListedOrCountedThanAByteHolds() public {
        bytes memory blob = _byMany(255);
        assertEq(this.list(blob).keyIds.length, 255);
        assertEq(this.count(blob).number, 255);
        blob = _byMany(256);
        bytes memory refusal = abi.encodeWithSelector(Signatures.TooManySignatures.selector, 256, 255);
        vm.expectRevert(refusal);
        this.list(blob);
        vm.expectRevert(refusal);
        this.count(blob);
    }

    // ---- helpers

    function _expectListed(bytes memory blob, uint8 role) private view {
        Listed memory listed = this.list(blob);
        assertEq(listed.keyIds.length, 1);
        assertEq(listed.roles.forRole(role), 1);
    }

    function _expectNobody(bytes memory blob) private view {
        assertEq(this.list(blob).keyIds.length, 0);
    }

    /// @dev That many device keys, added here where they are not yet, and a signature of each.
    function _byMany(uint256 number) private returns (bytes memory blob) {
        uint256[] memory privateKeys = new uint256[](number);
        bytes32[] memory keyIds = new bytes32[](number);
        for (uint256 i = 0; i < number; ++i) {
            uint256 privateKey = 1000 + i;
            bytes32 keyId = Keys.idOf(vm.addr(privateKey), 0);
            if (state.keys[keyId].role == Roles.NONE) Keys.add(state, keyId, Roles.DEVICE, 0);
            uint256 at = i;
            for (; at != 0 && keyId < keyIds[at - 1]; --at) {
                keyIds[at] = keyIds[at - 1];
                privateKeys[at] = privateKeys[at - 1];
            }
            (keyIds[at], privateKeys[at]) = (keyId, privateKey);
        }
        for (uint256 i = 0; i < number; ++i) blob = bytes.concat(blob, _plain(privateKeys[i]));
    }

    function _byBoth() private view returns (bytes memory) {
        (bytes memory a, bytes memory b) = (_plain(alice), _plain(bob));
        return aliceKey < bobKey ? bytes.concat(a, b) : bytes.concat(b, a);
    }

    function _plain(uint256 privateKey) private pure returns (bytes memory) {
        return bytes.concat(hex"00", _rsv(privateKey));
    }

    function _rsv(uint256 privateKey) private pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(privateKey, DIGEST);
        return bytes.concat(r, s, bytes1(v));
    }

    function _spelledOut(bytes memory signer, bytes memory signature) private pure returns (bytes memory) {
        bytes2 signerLength = bytes2(uint16(signer.length));
        bytes2 signatureLength = bytes2(uint16(signature.length));
        return bytes.concat(hex"04", signerLength, signer, signatureLength, signature);
    }
}
