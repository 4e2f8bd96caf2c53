// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {AccountTest} from "../testing/AccountTest.sol";
import {WordVerifier} from "../testing/hostile/WordVerifier.sol";
import {Keys} from "./account/Keys.sol";
import {Nonces} from "./account/Nonces.sol";
import {Policy} from "./account/Policy.sol";
import {Reveal} from "./account/Reveal.sol";
import {ITrivetAccount} from "./ITrivetAccount.sol";

contract TrivetAccountReplaceKeyTest is AccountTest {
    uint256 private ledgerPrivateKey = uint256(keccak256("ledger"));

    // ---- what works

    function test_DeviceAndMfaReplaceTheMfaKey() public {
        _expectReplaced(MFA, mfaPrivateKey, mfaPrivateKey);
    }

    function test_DeviceAndRecoveryReplaceTheMfaKey() public {
        _expectReplaced(MFA, mfaPrivateKey, recoveryPrivateKey);
    }

    function test_DeviceAndMfaReplaceTheRecoveryKey() public {
        _expectReplaced(RECOVERY, recoveryPrivateKey, mfaPrivateKey);
    }

    function test_DeviceAndRecoveryReplaceTheRecoveryKey() public {
        _expectReplaced(RECOVERY, recoveryPrivateKey, recoveryPrivateKey);
    }

    function test_TheNewKeySignsAtOnceAndTheOldOneNoMore() public {
        _replaceMfa(_id(ledgerPrivateKey), 0);
        (uint8 role, uint48 activeFrom, uint48 expires) = _key(_id(ledgerPrivateKey));
        assertEq(role, MFA);
        assertEq(activeFrom, block.timestamp);
        assertEq(expires, 0);
        (role, activeFrom, expires) = _key(_id(mfaPrivateKey));
        assertEq(uint256(role) + activeFrom + expires, 0);
        assertEq(_views().keyCount(MFA), 1);

        bytes32 digest = _withdrawal(ETHER, BOB, 1, 1);
        bytes memory old = _both(devicePrivateKey, mfaPrivateKey, digest);
        vm.expectRevert(abi.encodeWithSelector(Keys.KeyUnknown.selector, _id(mfaPrivateKey)));
        account.withdraw(ETHER, BOB, 1, 1, old);
        account.withdraw(ETHER, BOB, 1, 1, _both(devicePrivateKey, ledgerPrivateKey, digest));
        assertEq(BOB.balance, 1);
    }

    function testFuzz_AHiddenKeyReplacesAndSignsWithItsSalt(bytes32 salt) public {
        vm.assume(salt != 0);
        address ledger = vm.addr(ledgerPrivateKey);
        bytes32 hidden = _id(ledger, salt);
        _replaceMfa(hidden, 0);
        bytes32 digest = _withdrawal(ETHER, BOB, 1, 1);
        bytes memory salted = bytes.concat(hex"02", salt, _rsv(ledgerPrivateKey, digest));
        bytes memory device = _compact(devicePrivateKey, digest);
        account.withdraw(ETHER, BOB, 1, 1, _inOrder(_id(devicePrivateKey), device, hidden, salted));
        assertEq(BOB.balance, 1);
    }

    function test_AHardwareWalletApprovesTheReadableForm() public {
        _replaceMfa(_id(ledgerPrivateKey), 0);
        address next = vm.addr(strangerPrivateKey);
        bytes memory signatures = _deviceCompactOtherReadable(
            ledgerPrivateKey,
            MFA,
            _id(ledgerPrivateKey),
            _id(next, "salt"),
            _readableReplacement("MFA key", vm.addr(ledgerPrivateKey), next, 1)
        );
        bytes memory reveal = _reveal(next, "salt", vm.addr(ledgerPrivateKey), 0);
        account.replaceKey(MFA, _id(ledgerPrivateKey), _id(next, "salt"), 1, reveal, signatures);
        (uint8 role, , ) = _key(_id(next, "salt"));
        assertEq(role, MFA);
    }

    function test_TheReadableFormNamesTheRecoveryKey() public {
        address next = vm.addr(strangerPrivateKey);
        bytes32 oldKey = _id(recoveryPrivateKey);
        bytes32 readable = _readableReplacement("Recovery key", vm.addr(recoveryPrivateKey), next, 0);
        bytes memory signatures = _inOrder(
            _id(devicePrivateKey),
            _compact(devicePrivateKey, _replacement(RECOVERY, oldKey, _id(next, 0), 0)),
            _id(mfaPrivateKey),
            _readable(mfaPrivateKey, readable)
        );
        bytes memory reveal = _reveal(next, 0, vm.addr(recoveryPrivateKey), 0);
        account.replaceKey(RECOVERY, oldKey, _id(next, 0), 0, reveal, signatures);
        (uint8 role, , ) = _key(_id(next, 0));
        assertEq(role, RECOVERY);
    }

    // ---- who is missing

    function test_EachOtherAuthorityIsRefusedAndTheMissingKeyNamed() public {
        bytes32 digest = _replacement(MFA, _id(mfaPrivateKey), _id(ledgerPrivateKey), 0);
        _expectRefused(Policy.KeyMissing.selector, "");
        _expectRefused(Policy.MfaOrRecoveryKeyMissing.selector, _compact(devicePrivateKey, digest));
        _expectRefused(Policy.DeviceKeyMissing.selector, _compact(mfaPrivateKey, digest));
        _expectRefused(Policy.DeviceKeyMissing.selector, _compact(recoveryPrivateKey, digest));
        _expectRefused(Policy.DeviceKeyMissing.selector, _both(mfaPrivateKey, recoveryPrivateKey, digest));
        _expectRefused(Keys.KeyUnknown.selector, _both(devicePrivateKey, strangerPrivateKey, digest));
    }

    function testFuzz_OnlyMfaAndRecoveryKeysCanBeReplaced(uint8 role) public {
        vm.assume(role != MFA && role != RECOVERY);
        bytes32 oldKey = _id(devicePrivateKey);
        bytes memory signatures = _both(
            devicePrivateKey,
            mfaPrivateKey,
            _replacement(role, oldKey, _id(ledgerPrivateKey), 0)
        );
        vm.expectRevert(abi.encodeWithSelector(ITrivetAccount.RoleNotReplaceable.selector, role));
        account.replaceKey(role, oldKey, _id(ledgerPrivateKey), 0, "", signatures);
    }

    // ---- which keys

    function test_TheOldKeyMustHaveTheNamedRole() public {
        bytes32[3] memory others = [_id(devicePrivateKey), _id(recoveryPrivateKey), _id(strangerPrivateKey)];
        for (uint256 i = 0; i < others.length; ++i) {
            bytes32 digest = _replacement(MFA, others[i], _id(ledgerPrivateKey), 0);
            bytes memory signatures = _both(devicePrivateKey, mfaPrivateKey, digest);
            vm.expectRevert(abi.encodeWithSelector(Keys.KeyNotOfRole.selector, others[i], MFA));
            account.replaceKey(MFA, others[i], _id(ledgerPrivateKey), 0, "", signatures);
        }
    }

    function test_TheNewKeyMustBeNew() public {
        uint256[3] memory present = [devicePrivateKey, mfaPrivateKey, recoveryPrivateKey];
        bytes32 oldKey = _id(mfaPrivateKey);
        for (uint256 i = 0; i < present.length; ++i) {
            bytes32 newKey = _id(present[i]);
            bytes memory signatures = _both(
                devicePrivateKey,
                mfaPrivateKey,
                _replacement(MFA, oldKey, newKey, 0)
            );
            vm.expectRevert(abi.encodeWithSelector(Keys.KeyAlreadyPresent.selector, newKey));
            account.replaceKey(MFA, oldKey, newKey, 0, "", signatures);
        }
        bytes memory none = _both(devicePrivateKey, mfaPrivateKey, _replacement(MFA, oldKey, 0, 0));
        vm.expectRevert(Keys.KeyIdMissing.selector);
        account.replaceKey(MFA, oldKey, 0, 0, "", none);
    }

    // ---- never twice, nothing else

    function test_AReplacementRunsOnce() public {
        bytes32 oldKey = _id(mfaPrivateKey);
        bytes32 newKey = _id(ledgerPrivateKey);
        bytes memory signatures = _both(
            devicePrivateKey,
            recoveryPrivateKey,
            _replacement(MFA, oldKey, newKey, 0)
        );
        account.replaceKey(MFA, oldKey, newKey, 0, "", signatures);
        vm.expectRevert(abi.encodeWithSelector(Nonces.NonceNotNext.selector, 0, 1));
        account.replaceKey(MFA, oldKey, newKey, 0, "", signatures);

        // Nor after the old key came back: the signatures are used up, not only without effect.
        signatures = _both(devicePrivateKey, recoveryPrivateKey, _replacement(MFA, newKey, oldKey, 1));
        account.replaceKey(MFA, newKey, oldKey, 1, "", signatures);
        signatures = _both(devicePrivateKey, recoveryPrivateKey, _replacement(MFA, oldKey, newKey, 0));
        vm.expectRevert(abi.encodeWithSelector(Nonces.NonceNotNext.selector, 0, 2));
        account.replaceKey(MFA, oldKey, newKey, 0, "", signatures);
    }

    function testFuzz_NothingThatWasSignedCanBeChanged(bool recovery, bytes32 oldKey, bytes32 newKey) public {
        uint8 role = recovery ? RECOVERY : MFA;
        vm.assume(recovery || oldKey != _id(mfaPrivateKey) || newKey != _id(ledgerPrivateKey));
        bytes memory signatures = _both(
            devicePrivateKey,
            mfaPrivateKey,
            _replacement(MFA, _id(mfaPrivateKey), _id(ledgerPrivateKey), 0)
        );
        vm.expectPartialRevert(Keys.KeyUnknown.selector);
        account.replaceKey(role, oldKey, newKey, 0, "", signatures);
    }

    function test_SignaturesOfAWithdrawalReplaceNothing() public {
        bytes memory signatures = _signWithdrawal(ETHER, BOB, 1, 0);
        vm.expectPartialRevert(Keys.KeyUnknown.selector);
        account.replaceKey(MFA, _id(mfaPrivateKey), _id(ledgerPrivateKey), 0, "", signatures);
    }

    // ---- the reveal

    function test_TheReadableFormNeedsBothSignersRevealed() public {
        address next = vm.addr(ledgerPrivateKey);
        address old = vm.addr(mfaPrivateKey);
        (bytes32 oldKey, bytes32 newKey) = (_id(mfaPrivateKey), _id(ledgerPrivateKey));
        bytes memory signatures = _deviceCompactOtherReadable(
            mfaPrivateKey,
            MFA,
            oldKey,
            newKey,
            _readableReplacement("MFA key", old, next, 0)
        );
        vm.expectRevert(Reveal.RevealMissing.selector);
        account.replaceKey(MFA, oldKey, newKey, 0, "", signatures);
        vm.expectRevert(abi.encodeWithSelector(Reveal.RevealMismatch.selector, newKey));
        account.replaceKey(MFA, oldKey, newKey, 0, _reveal(BOB, 0, old, 0), signatures);
        vm.expectRevert(abi.encodeWithSelector(Reveal.RevealMismatch.selector, oldKey));
        account.replaceKey(MFA, oldKey, newKey, 0, _reveal(next, 0, BOB, 0), signatures);
        vm.expectRevert(abi.encodeWithSelector(Reveal.RevealMismatch.selector, newKey));
        account.replaceKey(MFA, oldKey, newKey, 0, _reveal(next, "salt", old, 0), signatures);
        account.replaceKey(MFA, oldKey, newKey, 0, _reveal(next, 0, old, 0), signatures);
    }

    /// @dev Shown as an address, two public keys of one verifier would look the same.
    function test_AVerifierWithAKeyIsNotShownAsAnAddress() public {
        bytes memory signer = abi.encodePacked(new WordVerifier(), abi.encode(BOB));
        bytes32 newKey = keccak256(bytes.concat(signer, bytes32(0)));
        bytes32 oldKey = _id(mfaPrivateKey);
        bytes memory signatures = _deviceCompactOtherReadable(
            mfaPrivateKey,
            MFA,
            oldKey,
            newKey,
            _readableReplacement("MFA key", vm.addr(mfaPrivateKey), address(bytes20(signer)), 0)
        );
        bytes memory reveal = abi.encode(
            signer,
            bytes32(0),
            abi.encodePacked(vm.addr(mfaPrivateKey)),
            bytes32(0)
        );
        vm.expectRevert(abi.encodeWithSelector(Reveal.SignerNotAnAddress.selector, newKey));
        account.replaceKey(MFA, oldKey, newKey, 0, reveal, signatures);
    }

    // ---- helpers

    function _expectReplaced(uint8 role, uint256 oldPrivateKey, uint256 approver) private {
        (bytes32 oldKey, bytes32 newKey) = (_id(oldPrivateKey), _id(ledgerPrivateKey));
        bytes memory signatures = _both(devicePrivateKey, approver, _replacement(role, oldKey, newKey, 0));
        vm.expectEmit();
        emit ITrivetAccount.KeyReplaced(role, oldKey, newKey, 0);
        account.replaceKey(role, oldKey, newKey, 0, "", signatures);
        (uint8 seen, , ) = _key(newKey);
        assertEq(seen, role);
        (seen, , ) = _key(oldKey);
        assertEq(seen, 0);
    }

    function _replaceMfa(bytes32 newKey, uint256 nonce) private {
        bytes32 oldKey = _id(mfaPrivateKey);
        bytes memory signatures = _both(
            devicePrivateKey,
            mfaPrivateKey,
            _replacement(MFA, oldKey, newKey, nonce)
        );
        account.replaceKey(MFA, oldKey, newKey, nonce, "", signatures);
    }

    function _expectRefused(bytes4 reason, bytes memory signatures) private {
        vm.expectPartialRevert(reason);
        account.replaceKey(MFA, _id(mfaPrivateKey), _id(ledgerPrivateKey), 0, "", signatures);
    }

    function _reveal(
        address newSigner,
        bytes32 newSalt,
        address oldSigner,
        bytes32 oldSalt
    ) private pure returns (bytes memory) {
        return abi.encode(abi.encodePacked(newSigner), newSalt, abi.encodePacked(oldSigner), oldSalt);
    }

    function _deviceCompactOtherReadable(
        uint256 otherPrivateKey,
        uint8 role,
        bytes32 oldKey,
        bytes32 newKey,
        bytes32 readable
    ) private view returns (bytes memory) {
        bytes32 compact = _replacement(role, oldKey, newKey, account.getNonce(0));
        return
            _inOrder(
                _id(devicePrivateKey),
                _compact(devicePrivateKey, compact),
                _id(otherPrivateKey),
                _readable(otherPrivateKey, readable)
            );
    }
}
