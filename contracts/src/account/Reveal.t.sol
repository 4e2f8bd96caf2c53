// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Test} from "../../testing/Test.sol";
import {Reveal} from "./Reveal.sol";

contract RevealTest is Test {
    function signersOf(
        bytes calldata reveal,
        bytes32 oldKey,
        bytes32 newKey
    ) external pure returns (address, address) {
        return Reveal.signersOf(reveal, oldKey, newKey);
    }

    function testFuzz_SignersThatMatchTheirIdsAreReturned(
        address oldSigner,
        bytes32 oldSalt,
        address newSigner,
        bytes32 newSalt
    ) public view {
        (address seenOld, address seenNew) = this.signersOf(
            abi.encode(abi.encodePacked(newSigner), newSalt, abi.encodePacked(oldSigner), oldSalt),
            keccak256(abi.encodePacked(oldSigner, oldSalt)),
            keccak256(abi.encodePacked(newSigner, newSalt))
        );
        assertEq(seenOld, oldSigner);
        assertEq(seenNew, newSigner);
    }

    function testFuzz_SignersThatDoNotMatchAreRefused(address signer, bytes32 salt, bytes32 keyId) public {
        bytes32 right = keccak256(abi.encodePacked(signer, salt));
        vm.assume(keyId != right);
        bytes memory reveal = abi.encode(abi.encodePacked(signer), salt, abi.encodePacked(signer), salt);
        vm.expectRevert(abi.encodeWithSelector(Reveal.RevealMismatch.selector, keyId));
        this.signersOf(reveal, keyId, right);
        vm.expectRevert(abi.encodeWithSelector(Reveal.RevealMismatch.selector, keyId));
        this.signersOf(reveal, right, keyId);
    }

    function testFuzz_SignersThatAreMoreThanAnAddressAreRefused(bytes calldata signer, bytes32 salt) public {
        vm.assume(signer.length != 20);
        bytes32 keyId = keccak256(abi.encodePacked(signer, salt));
        vm.expectRevert(abi.encodeWithSelector(Reveal.SignerNotAnAddress.selector, keyId));
        this.signersOf(abi.encode(signer, salt, signer, salt), keyId, keyId);
    }

    function test_NothingRevealedIsSaid() public {
        vm.expectRevert(Reveal.RevealMissing.selector);
        this.signersOf("", 0, 0);
    }
}
