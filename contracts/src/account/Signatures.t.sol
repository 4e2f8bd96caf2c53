// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {GullibleSigner} from "../../testing/hostile/GullibleSigner.sol";
import {OwnedSigner} from "../../testing/hostile/OwnedSigner.sol";
import {WordVerifier} from "../../testing/hostile/WordVerifier.sol";
import {Test} from "../../testing/Test.sol";
import {AccountState} from "./AccountStorage.sol";
import {Keys} from "./Keys.sol";
import {RoleCounts, Roles} from "./Roles.sol";
import {Counting, Signatures} from "./Signatures.sol";

contract SignaturesTest is Test {
    uint256 private constant CURVE_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;
    bytes32 private constant COMPACT = keccak256("compact");
    bytes32 private constant READABLE = keccak256("readable");

    AccountState private state;

    uint256 private alice = uint256(keccak256("alice"));
    uint256 private bob = uint256(keccak256("bob"));
    bytes32 private aliceKey = Keys.idOf(vm.addr(alice), 0);
    bytes32 private bobKey = Keys.idOf(vm.addr(bob), 0);

    function setUp() public {
        Keys.add(state, aliceKey, Roles.DEVICE, 0);
        Keys.add(state, bobKey, Roles.MFA, 0);
    }

    function count(bytes calldata signatures) external view returns (RoleCounts) {
        return Signatures.count(state, signatures, Counting(COMPACT, READABLE, 0, false)).roles;
    }

    function coverReadable(bytes calldata signatures) external pure returns (bool) {
        return Signatures.coverReadable(signatures);
    }

    function list(
        bytes calldata signatures
    ) external view returns (bytes32[] memory keyIds, RoleCounts roles) {
        return Signatures.list(state, signatures, COMPACT);
    }

    // ---- how many there can be

    function test_AsManySignaturesAsAByteCountsAndNotOneMore() public {
        bytes memory blob = "";
        uint256[] memory signers = _newKeysInOrder(256);
        for (uint256 i = 0; i < 255; ++i) blob = bytes.concat(blob, _plain(0, signers[i], COMPACT));
        assertEq(this.count(blob).forRole(Roles.RECOVERY), 255);
        (bytes32[] memory keyIds, ) = this.list(blob);
        assertEq(keyIds.length, 255);

        blob = bytes.concat(blob, _plain(0, signers[255], COMPACT));
        vm.expectRevert(abi.encodeWithSelector(Signatures.TooManySignatures.selector, 256, 255));
        this.count(blob);
        vm.expectRevert(abi.encodeWithSelector(Signatures.TooManySignatures.selector, 256, 255));
        this.list(blob);
    }

    /// @dev Recovery keys that expire, of which there can be any number, in the order of their ids; the last one is a
    /// device key.
    function _newKeysInOrder(uint256 number) private returns (uint256[] memory signers) {
        signers = new uint256[](number);
        bytes32[] memory keyIds = new bytes32[](number);
        for (uint256 i = 0; i < number; ++i) {
            uint256 signer = 1000 + i;
            bytes32 keyId = Keys.idOf(vm.addr(signer), 0);
            uint256 place = i;
            for (; place > 0 && keyIds[place - 1] > keyId; --place) {
                (signers[place], keyIds[place]) = (signers[place - 1], keyIds[place - 1]);
            }
            (signers[place], keyIds[place]) = (signer, keyId);
        }
        for (uint256 i = 0; i < number; ++i) {
            bool isLast = i == number - 1;
            Keys.add(state, keyIds[i], isLast ? Roles.DEVICE : Roles.RECOVERY, isLast ? 0 : type(uint48).max);
        }
    }

    // ---- plain keys

    function test_NoSignaturesCountNothing() public view {
        assertEq(RoleCounts.unwrap(this.count("")), 0);
        assertFalse(this.coverReadable(""));
    }

    function test_EachFormIsCheckedAgainstItsOwnDigest() public {
        RoleCounts signed = this.count(_bothKeys(_plain(0, alice, COMPACT), _plain(1, bob, READABLE)));
        assertEq(signed.forRole(Roles.DEVICE), 1);
        assertEq(signed.forRole(Roles.MFA), 1);
        assertTrue(this.coverReadable(_bothKeys(_plain(0, alice, COMPACT), _plain(1, bob, READABLE))));
        assertFalse(this.coverReadable(_bothKeys(_plain(0, alice, COMPACT), _plain(0, bob, COMPACT))));

        vm.expectPartialRevert(Keys.KeyUnknown.selector);
        this.count(_plain(1, alice, COMPACT));
        vm.expectPartialRevert(Keys.KeyUnknown.selector);
        this.count(_plain(0, alice, READABLE));
    }

    function testFuzz_ASaltedKeySignsWithItsSaltOnly(bytes32 salt, bytes32 wrong) public {
        vm.assume(salt != wrong && salt != 0);
        address carol = vm.addr(3);
        Keys.add(state, Keys.idOf(carol, salt), Roles.RECOVERY, 0);
        bytes memory rsv = _rsv(3, COMPACT);
        assertEq(this.count(bytes.concat(hex"02", salt, rsv)).forRole(Roles.RECOVERY), 1);

        vm.expectRevert(abi.encodeWithSelector(Keys.KeyUnknown.selector, Keys.idOf(carol, wrong)));
        this.count(bytes.concat(hex"02", wrong, rsv));
        vm.expectRevert(abi.encodeWithSelector(Keys.KeyUnknown.selector, Keys.idOf(carol, 0)));
        this.count(bytes.concat(hex"00", rsv));
    }

    function test_AKeyCountsOnce() public {
        bytes memory signature = _plain(0, alice, COMPACT);
        vm.expectRevert(abi.encodeWithSelector(Signatures.SignaturesNotAscending.selector, aliceKey));
        this.count(bytes.concat(signature, signature));
        // Nor with one signature of each form, nor spelled out.
        vm.expectRevert(abi.encodeWithSelector(Signatures.SignaturesNotAscending.selector, aliceKey));
        this.count(bytes.concat(signature, _plain(1, alice, READABLE)));
        vm.expectRevert(abi.encodeWithSelector(Signatures.SignaturesNotAscending.selector, aliceKey));
        this.count(
            bytes.concat(signature, _spelledOut(abi.encodePacked(vm.addr(alice)), _rsv(alice, COMPACT)))
        );
    }

    function test_TheOrderIsThatOfTheKeyIds() public {
        (bytes memory a, bytes memory b) = (_plain(0, alice, COMPACT), _plain(0, bob, COMPACT));
        bytes memory wrong = aliceKey < bobKey ? bytes.concat(b, a) : bytes.concat(a, b);
        bytes32 second = aliceKey < bobKey ? aliceKey : bobKey;
        vm.expectRevert(abi.encodeWithSelector(Signatures.SignaturesNotAscending.selector, second));
        this.count(wrong);
    }

    function testFuzz_TheOtherFormOfASignatureIsNone(uint256 privateKey, bytes32 salt) public {
        privateKey = bound(privateKey, 1, CURVE_ORDER - 1);
        vm.assume(salt != 0);
        Keys.add(state, Keys.idOf(vm.addr(privateKey), salt), Roles.MFA, 0);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(privateKey, COMPACT);
        bytes memory twin = bytes.concat(r, bytes32(CURVE_ORDER - uint256(s)), bytes1(v == 27 ? 28 : 27));
        vm.expectRevert(abi.encodeWithSelector(Signatures.SignatureMalformed.selector, 33));
        this.count(bytes.concat(hex"02", salt, twin));
    }

    function testFuzz_VIsTwentySevenOrTwentyEight(uint8 v) public {
        vm.assume(v != 27 && v != 28);
        (, bytes32 r, bytes32 s) = vm.sign(alice, COMPACT);
        vm.expectRevert(abi.encodeWithSelector(Signatures.SignatureMalformed.selector, 1));
        this.count(bytes.concat(hex"00", r, s, bytes1(v)));
    }

    function test_ZerosAreNoSignature() public {
        vm.expectRevert(abi.encodeWithSelector(Signatures.SignatureMalformed.selector, 1));
        this.count(new bytes(66));
    }

    function testFuzz_SignaturesOfOthersAreOfAnUnknownKey(uint256 privateKey, bytes32 digest) public {
        privateKey = bound(privateKey, 1, CURVE_ORDER - 1);
        vm.assume(digest != COMPACT || (privateKey != alice && privateKey != bob));
        vm.expectPartialRevert(Keys.KeyUnknown.selector);
        this.count(_plain(0, privateKey, digest));
    }

    function test_PendingAndExpiredKeysAreNamed() public {
        state.keys[aliceKey].activeFrom = 1000;
        vm.warp(999);
        vm.expectRevert(abi.encodeWithSelector(Keys.KeyPending.selector, aliceKey, uint48(1000)));
        this.count(_plain(0, alice, COMPACT));
        state.keys[aliceKey].expires = 2000;
        vm.warp(2000);
        vm.expectRevert(abi.encodeWithSelector(Keys.KeyExpired.selector, aliceKey, uint48(2000)));
        this.count(_plain(0, alice, COMPACT));
    }

    // ---- the blob

    function testFuzz_ABlobThatIsCutOffIsNeverCounted(uint256 length) public {
        bytes memory blob = _bothKeys(_plain(0, alice, COMPACT), _plain(1, bob, READABLE));
        length = bound(length, 1, blob.length - 1);
        vm.assume(length != 66);
        vm.expectRevert(Signatures.SignaturesTruncated.selector);
        this.coverReadable(_cut(blob, length));
        vm.expectRevert(Signatures.SignaturesTruncated.selector);
        this.count(_cut(_plain(0, alice, COMPACT), bound(length, 1, 65)));
    }

    function testFuzz_ASpelledOutSignatureThatIsCutOffIsNeverCounted(uint256 length) public {
        bytes memory blob = _spelledOut(abi.encodePacked(vm.addr(alice)), _rsv(alice, COMPACT));
        length = bound(length, 1, blob.length - 1);
        vm.expectRevert(Signatures.SignaturesTruncated.selector);
        this.count(_cut(blob, length));
    }

    function testFuzz_UnknownHeadersAreRefused(uint8 header) public {
        header = uint8(bound(header, 8, 255));
        vm.expectRevert(abi.encodeWithSelector(Signatures.SignatureHeaderUnknown.selector, header));
        this.count(bytes.concat(bytes1(header), _rsv(alice, COMPACT)));
    }

    function testFuzz_AnyBytesGiveNoAuthority(bytes calldata blob) public view {
        vm.assume(blob.length != 0);
        (bool counted, ) = address(this).staticcall(abi.encodeCall(this.count, (blob)));
        assertFalse(counted);
    }

    // ---- spelled-out signers

    function test_AnAddressMayBeSpelledOut() public view {
        bytes memory blob = _spelledOut(abi.encodePacked(vm.addr(alice)), _rsv(alice, COMPACT));
        assertEq(this.count(blob).forRole(Roles.DEVICE), 1);
    }

    function test_ASpelledOutAddressMustHaveSignedThisItself() public {
        bytes memory signer = abi.encodePacked(vm.addr(alice));
        vm.expectRevert(abi.encodeWithSelector(Signatures.SignatureRejected.selector, aliceKey));
        this.count(_spelledOut(signer, _rsv(bob, COMPACT)));
        vm.expectRevert(abi.encodeWithSelector(Signatures.SignatureRejected.selector, aliceKey));
        this.count(_spelledOut(signer, _rsv(alice, READABLE)));
        vm.expectRevert(abi.encodeWithSelector(Signatures.SignatureRejected.selector, aliceKey));
        this.count(_spelledOut(signer, ""));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(alice, COMPACT);
        bytes memory twin = bytes.concat(r, bytes32(CURVE_ORDER - uint256(s)), bytes1(v == 27 ? 28 : 27));
        vm.expectRevert(abi.encodeWithSelector(Signatures.SignatureRejected.selector, aliceKey));
        this.count(_spelledOut(signer, twin));
    }

    function test_AContractSignsAsItSays_UntilItSaysNo() public {
        OwnedSigner safe = new OwnedSigner(vm.addr(bob));
        bytes memory signer = abi.encodePacked(address(safe));
        bytes32 keyId = Keys.idOf(address(safe), 0);
        Keys.add(state, keyId, Roles.RECOVERY, 0);
        bytes memory blob = _spelledOut(signer, _rsv(bob, COMPACT));
        assertEq(this.count(blob).forRole(Roles.RECOVERY), 1);

        vm.expectRevert(abi.encodeWithSelector(Signatures.SignatureRejected.selector, keyId));
        this.count(_spelledOut(signer, _rsv(alice, COMPACT)));
        safe.stop();
        vm.expectRevert(abi.encodeWithSelector(Signatures.SignatureRejected.selector, keyId));
        this.count(blob);
    }

    function test_AContractThatIsNoKeyIsNotEvenAsked() public {
        GullibleSigner gullible = new GullibleSigner();
        vm.expectCall(address(gullible), "", 0);
        vm.expectRevert(abi.encodeWithSelector(Keys.KeyUnknown.selector, Keys.idOf(address(gullible), 0)));
        this.count(_spelledOut(abi.encodePacked(gullible), "anything"));
    }

    function test_ASaltedSignerMayBeSpelledOutAndSignTheReadableForm() public {
        bytes32 salt = keccak256("salt");
        bytes memory signer = abi.encodePacked(vm.addr(3));
        Keys.add(state, Keys.idOf(signer, salt), Roles.RECOVERY, 0);
        bytes memory blob = _allParts(salt, signer, _rsv(3, READABLE));
        assertEq(this.count(blob).forRole(Roles.RECOVERY), 1);
        assertTrue(this.coverReadable(blob));

        vm.expectRevert(
            abi.encodeWithSelector(Signatures.SignatureRejected.selector, Keys.idOf(signer, salt))
        );
        this.count(_allParts(salt, signer, _rsv(3, COMPACT)));
        vm.expectRevert(abi.encodeWithSelector(Keys.KeyUnknown.selector, Keys.idOf(signer, 0)));
        this.count(_allParts(0, signer, _rsv(3, READABLE)));
    }

    function test_AVerifierChecksTheKeyThatFollowsItsAddress() public {
        WordVerifier verifier = new WordVerifier();
        bytes memory signer = abi.encodePacked(verifier, abi.encode(vm.addr(bob)));
        bytes32 keyId = Keys.idOf(signer, 0);
        Keys.add(state, keyId, Roles.RECOVERY, 0);
        assertEq(this.count(_spelledOut(signer, _rsv(bob, COMPACT))).forRole(Roles.RECOVERY), 1);
        vm.expectRevert(abi.encodeWithSelector(Signatures.SignatureRejected.selector, keyId));
        this.count(_spelledOut(signer, _rsv(alice, COMPACT)));
    }

    /// @dev The precompile at 4 echoes its input, which begins with what a verifier answers to say yes.
    function testFuzz_AVerifierWithoutCodeSignsNothing(uint160 verifier, bytes32 publicKey) public {
        verifier = uint160(bound(verifier, 1, 0x11));
        bytes memory signer = abi.encodePacked(verifier, publicKey);
        bytes32 keyId = Keys.idOf(signer, 0);
        Keys.add(state, keyId, Roles.MFA, 0);
        vm.expectRevert(abi.encodeWithSelector(Signatures.SignatureRejected.selector, keyId));
        this.count(_spelledOut(signer, hex"1234"));
    }

    function testFuzz_SignersShorterThanAnAddressNeverSign(bytes calldata signer) public {
        vm.assume(signer.length < 20);
        bytes32 keyId = Keys.idOf(signer, 0);
        Keys.add(state, keyId, Roles.MFA, 0);
        vm.expectRevert(abi.encodeWithSelector(Signatures.SignatureRejected.selector, keyId));
        this.count(_spelledOut(signer, _rsv(bob, COMPACT)));
    }

    /// @dev EIP-7702 lets an address that signs by itself have code as well. It goes on signing by itself, and its
    /// code signs for nobody.
    function test_ADelegatedAddressSignsByItselfOnly() public {
        GullibleSigner gullible = new GullibleSigner();
        vm.etch(vm.addr(alice), abi.encodePacked(hex"ef0100", gullible));
        assertEq(this.count(_plain(0, alice, COMPACT)).forRole(Roles.DEVICE), 1);
        bytes memory signer = abi.encodePacked(vm.addr(alice));
        assertEq(this.count(_spelledOut(signer, _rsv(alice, COMPACT))).forRole(Roles.DEVICE), 1);

        vm.expectRevert(abi.encodeWithSelector(Signatures.SignatureRejected.selector, aliceKey));
        this.count(_spelledOut(signer, _rsv(bob, COMPACT)));
        vm.expectRevert(abi.encodeWithSelector(Signatures.SignatureRejected.selector, aliceKey));
        this.count(_spelledOut(signer, "anything"));
    }

    // ---- helpers

    function _rsv(uint256 privateKey, bytes32 digest) private pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(privateKey, digest);
        return bytes.concat(r, s, bytes1(v));
    }

    function _plain(uint8 header, uint256 privateKey, bytes32 digest) private pure returns (bytes memory) {
        return bytes.concat(bytes1(header), _rsv(privateKey, digest));
    }

    function _spelledOut(bytes memory signer, bytes memory signature) private pure returns (bytes memory) {
        bytes2 signerLength = bytes2(uint16(signer.length));
        bytes2 signatureLength = bytes2(uint16(signature.length));
        return bytes.concat(hex"04", signerLength, signer, signatureLength, signature);
    }

    /// @dev A signature with all that one can have: it covers the readable form, has a salt, and spells the signer out.
    function _allParts(
        bytes32 salt,
        bytes memory signer,
        bytes memory signature
    ) private pure returns (bytes memory) {
        bytes2 signerLength = bytes2(uint16(signer.length));
        bytes2 signatureLength = bytes2(uint16(signature.length));
        return bytes.concat(hex"07", salt, signerLength, signer, signatureLength, signature);
    }

    function _bothKeys(bytes memory ofAlice, bytes memory ofBob) private view returns (bytes memory) {
        return aliceKey < bobKey ? bytes.concat(ofAlice, ofBob) : bytes.concat(ofBob, ofAlice);
    }

    function _cut(bytes memory blob, uint256 length) private pure returns (bytes memory cut) {
        cut = new bytes(length);
        for (uint256 i = 0; i < length; ++i) cut[i] = blob[i];
    }
}
