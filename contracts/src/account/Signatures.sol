// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {EIP7702Utils} from "@openzeppelin/contracts/account/utils/EIP7702Utils.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

import {AccountState} from "./AccountStorage.sol";
import {Keys} from "./Keys.sol";
import {RoleCounts, Roles} from "./Roles.sol";

/// @notice Who signed an operation.
/// @param roles How many active keys of each role.
/// @param number How many keys, a pending one included where that was asked for.
/// @param first The first of them by key id; an active one, if any is.
struct Signed {
    RoleCounts roles;
    uint256 number;
    bytes32 first;
}

/// @notice What counts when signatures are counted.
/// @param compact The digest of the operation's compact form.
/// @param readable The digest of its readable form; not needed when no signature covers that.
/// @param concerned The id of a key that may not decide about this; zero when there is none.
/// @param pendingCounts Whether a pending key is listed among those that signed, without its role.
struct Counting {
    bytes32 compact;
    bytes32 readable;
    bytes32 concerned;
    bool pendingCounts;
}

/// @notice Who signed, whatever the time, and when all of them have authority.
/// @param roles How many keys of each role.
/// @param activeFrom From when on (seconds since 1970).
/// @param expires Not from this time on (seconds since 1970); 0 when none of them ever expires.
/// @param keyIds The keys, ascending; none when any signature is not one of a key of the account.
struct Listed {
    RoleCounts roles;
    uint48 activeFrom;
    uint48 expires;
    bytes32[] keyIds;
}

/// @title Signatures
/// @notice Reads the signatures of an operation from one tightly packed blob and counts who signed.
///
/// The blob is a sequence of signatures, strictly ascending by key id, each of them:
/// - a header byte: bit 0 set when it covers the readable form, bit 1 when a salt follows, bit 2 when the signer
///   is spelled out; all other bits 0;
/// - where bit 1 is set, the key's salt (32 bytes), else the salt is 0;
/// - where bit 2 is not set, r (32 bytes), s (32 bytes), v (1 byte) of an address, which is recovered from them;
/// - where bit 2 is set, the signer and the signature, each with its length in front (2 bytes, big-endian). The
///   signer is an address (20 bytes), or a verifier's address followed by a public key (ERC-7913).
library Signatures {
    uint256 private constant READABLE = 1;
    uint256 private constant SALTED = 2;
    uint256 private constant SPELLED_OUT = 4;
    uint256 private constant KNOWN_BITS = READABLE | SALTED | SPELLED_OUT;
    /// @dev Bytes of the shortest signature a key can have: a header, two lengths, and an address.
    uint256 private constant SHORTEST = 25;
    /// @dev So many signatures that a byte still counts those of each role.
    uint256 private constant MOST = type(uint8).max;

    /// @notice The blob ends within a signature.
    error SignaturesTruncated();

    /// @notice A signature begins with a header that means nothing.
    /// @param header The header byte.
    error SignatureHeaderUnknown(uint8 header);

    /// @notice A key signed twice, or the signatures are not in the order of their key ids.
    /// @param keyId The key whose signature should not come at this place.
    error SignaturesNotAscending(bytes32 keyId);

    /// @notice The signature is none: out of range, or the second of two forms of the same signature.
    /// @param position Where in the blob its r begins, in bytes.
    error SignatureMalformed(uint256 position);

    /// @notice The operation is about this very key, or was proposed by it, so it may not decide.
    /// @param keyId The key that signed.
    error KeyMayNotDecide(bytes32 keyId);

    /// @notice An operation cannot carry that many signatures.
    /// @param number How many there are.
    /// @param most How many it can carry.
    error TooManySignatures(uint256 number, uint256 most);

    /// @notice The key is known, but its signature does not cover this operation.
    /// @param keyId The key that should have signed.
    error SignatureRejected(bytes32 keyId);

    /// @notice Whether any of the signatures covers the readable form.
    /// @param signatures The blob.
    /// @return True when the readable digest is needed to judge them.
    function coverReadable(bytes calldata signatures) internal pure returns (bool) {
        uint256 position = 0;
        while (position < signatures.length) {
            (uint256 header, , uint256 end) = _frame(signatures, position);
            if (header & READABLE != 0) return true;
            position = end;
        }
        return false;
    }

    /// @notice Counts the active keys that signed. Reverts when any signature is not one of an active key.
    /// @param state The account's state.
    /// @param signatures The blob.
    /// @param counting What was to be signed, and who counts.
    /// @return signed Who signed.
    function count(
        AccountState storage state,
        bytes calldata signatures,
        Counting memory counting
    ) internal view returns (Signed memory signed) {
        bytes32 previous = 0;
        uint256 position = 0;
        while (position < signatures.length) {
            (uint256 header, uint256 body, uint256 end) = _frame(signatures, position);
            bytes32 digest = header & READABLE == 0 ? counting.compact : counting.readable;
            bytes32 salt = header & SALTED == 0 ? bytes32(0) : _wordAt(signatures, body - 32);
            bytes32 keyId;
            if (header & SPELLED_OUT == 0) {
                keyId = Keys.idOf(_recover(signatures, body, digest), salt);
                _count(state, signed, keyId, counting);
            } else {
                (bytes calldata signer, bytes calldata signature) = _split(signatures, body, end);
                keyId = Keys.idOf(signer, salt);
                // Before asking the signer: no contract is called that is not a key of the account.
                _count(state, signed, keyId, counting);
                if (!_isValid(signer, digest, signature)) revert SignatureRejected(keyId);
            }
            if (keyId <= previous) revert SignaturesNotAscending(keyId);
            previous = keyId;
            position = end;
        }
        if (signed.number > MOST) revert TooManySignatures(signed.number, MOST);
    }

    /// @notice Whose signatures these are. Does not look at the clock, which ERC-4337 forbids to those who validate
    /// (ERC-7562), and reverts only for what is no list of signatures at all.
    /// @param state The account's state.
    /// @param signatures The blob.
    /// @param digest What was to be signed; there is no readable form of it.
    /// @return listed Who signed, and when that counts.
    function list(
        AccountState storage state,
        bytes calldata signatures,
        bytes32 digest
    ) internal view returns (Listed memory listed) {
        bytes32[] memory keyIds = new bytes32[](signatures.length / SHORTEST);
        uint256 position = 0;
        uint256 found = 0;
        while (position < signatures.length) {
            (uint256 header, uint256 body, uint256 end) = _frame(signatures, position);
            if (header & READABLE != 0) return listed;
            bytes32 salt = header & SALTED == 0 ? bytes32(0) : _wordAt(signatures, body - 32);
            bytes32 keyId;
            if (header & SPELLED_OUT == 0) {
                keyId = Keys.idOf(_recover(signatures, body, digest), salt);
                if (!_join(state, listed, keyId)) return listed;
            } else {
                (bytes calldata signer, bytes calldata signature) = _split(signatures, body, end);
                keyId = Keys.idOf(signer, salt);
                // Before asking the signer, as above.
                if (!_join(state, listed, keyId) || !_isValid(signer, digest, signature)) return listed;
            }
            if (found != 0 && keyId <= keyIds[found - 1]) revert SignaturesNotAscending(keyId);
            keyIds[found] = keyId;
            position = end;
            unchecked {
                ++found;
            }
        }
        if (found > MOST) revert TooManySignatures(found, MOST);
        assembly ("memory-safe") {
            mstore(keyIds, found)
        }
        listed.keyIds = keyIds;
    }

    /// @notice Counts keys whose signatures were checked before in the same transaction: they may have lost their
    /// authority since.
    /// @param state The account's state.
    /// @param keyIds The keys that signed.
    /// @param counting Who counts; the digests are not looked at.
    /// @return signed Who signed.
    function recount(
        AccountState storage state,
        bytes32[] memory keyIds,
        Counting memory counting
    ) internal view returns (Signed memory signed) {
        for (uint256 i = 0; i < keyIds.length; ++i) _count(state, signed, keyIds[i], counting);
    }

    /// @notice Whose signatures a blob holds that was counted before; nothing is checked again.
    /// @param signatures The blob.
    /// @param compact The digest of the operation's compact form.
    /// @param readable The digest of its readable form.
    /// @param number How many signatures there are.
    /// @return keyIds The keys, ascending.
    function keyIdsOf(
        bytes calldata signatures,
        bytes32 compact,
        bytes32 readable,
        uint256 number
    ) internal pure returns (bytes32[] memory keyIds) {
        keyIds = new bytes32[](number);
        uint256 position = 0;
        for (uint256 i = 0; i < number; ++i) {
            (uint256 header, uint256 body, uint256 end) = _frame(signatures, position);
            bytes32 salt = header & SALTED == 0 ? bytes32(0) : _wordAt(signatures, body - 32);
            if (header & SPELLED_OUT == 0) {
                bytes32 digest = header & READABLE == 0 ? compact : readable;
                keyIds[i] = Keys.idOf(_recover(signatures, body, digest), salt);
            } else {
                (bytes calldata signer, ) = _split(signatures, body, end);
                keyIds[i] = Keys.idOf(signer, salt);
            }
            position = end;
        }
    }

    /// @dev Adds a key to those that signed.
    /// @return Whether the account has such a key, and time alone gives it authority.
    function _join(
        AccountState storage state,
        Listed memory listed,
        bytes32 keyId
    ) private view returns (bool) {
        (uint8 role, uint48 activeFrom, uint48 expires, bool asleep) = Keys.authority(state, keyId);
        if (role == Roles.NONE || asleep) return false;
        listed.roles = listed.roles.plusOne(role);
        if (activeFrom > listed.activeFrom) listed.activeFrom = activeFrom;
        if (expires != 0 && (listed.expires == 0 || expires < listed.expires)) listed.expires = expires;
        return true;
    }

    /// @dev Counts a key, and its role if that counts. Reverts when the key has no say.
    function _count(
        AccountState storage state,
        Signed memory signed,
        bytes32 keyId,
        Counting memory counting
    ) private view {
        if (keyId == counting.concerned) revert KeyMayNotDecide(keyId);
        // A pending key proposes nothing for active ones: what waits is gone with its proposer.
        if (RoleCounts.unwrap(signed.roles) == 0) signed.first = keyId;
        unchecked {
            ++signed.number;
        }
        if (counting.pendingCounts && Keys.isPending(state, keyId)) return;
        signed.roles = signed.roles.plusOne(Keys.activeRole(state, keyId));
    }

    /// @dev Where a signature's parts are; all of it lies inside of the blob.
    /// @return header The header byte.
    /// @return body Where the signature itself begins, after header and salt.
    /// @return end Where the next signature begins.
    function _frame(
        bytes calldata signatures,
        uint256 position
    ) private pure returns (uint256 header, uint256 body, uint256 end) {
        header = uint256(_wordAt(signatures, position)) >> 248;
        if (header > KNOWN_BITS) revert SignatureHeaderUnknown(uint8(header));
        // No sum overflows: each adds at most 65 537 to a position within the blob.
        unchecked {
            body = position + (header & SALTED == 0 ? 1 : 33);
            if (header & SPELLED_OUT == 0) {
                end = body + 65;
            } else {
                end = body + 2 + _lengthAt(signatures, body);
                end = end + 2 + _lengthAt(signatures, end);
            }
        }
        // Lengths beyond the end of the blob may be anything, but they never bring the end back into it.
        if (end > signatures.length) revert SignaturesTruncated();
    }

    /// @dev The 32 bytes at a position; those beyond the end of the blob may be anything.
    function _wordAt(bytes calldata signatures, uint256 position) private pure returns (bytes32 word) {
        assembly ("memory-safe") {
            word := calldataload(add(signatures.offset, position))
        }
    }

    function _lengthAt(bytes calldata signatures, uint256 position) private pure returns (uint256) {
        return uint256(_wordAt(signatures, position)) >> 240;
    }

    /// @dev The signer and the signature of a body that spells them out.
    function _split(
        bytes calldata signatures,
        uint256 body,
        uint256 end
    ) private pure returns (bytes calldata signer, bytes calldata signature) {
        uint256 signerEnd = body + 2 + _lengthAt(signatures, body);
        return (signatures[body + 2:signerEnd], signatures[signerEnd + 2:end]);
    }

    /// @dev The address whose r, s, v are at body. OpenZeppelin's ECDSA refuses the high one of the two s.
    function _recover(
        bytes calldata signatures,
        uint256 body,
        bytes32 digest
    ) private pure returns (address signer) {
        ECDSA.RecoverError failure;
        unchecked {
            bytes32 r = _wordAt(signatures, body);
            bytes32 s = _wordAt(signatures, body + 32);
            uint8 v = uint8(uint256(_wordAt(signatures, body + 64)) >> 248);
            (signer, failure, ) = ECDSA.tryRecover(digest, v, r, s);
        }
        if (failure != ECDSA.RecoverError.NoError) revert SignatureMalformed(body);
    }

    /// @dev An address that can sign by itself is judged by its own signature first. What code an EIP-7702
    /// delegation puts there must not change who may sign, so such code is never asked.
    function _isValid(
        bytes calldata signer,
        bytes32 digest,
        bytes calldata signature
    ) private view returns (bool) {
        if (signer.length < 20) return false;
        address account = address(bytes20(signer));
        if (signer.length == 20) {
            (address recovered, , ) = ECDSA.tryRecoverCalldata(digest, signature);
            if (recovered == account && account != address(0)) return true;
        }
        // Without code, a precompile could still answer: the one that echoes its input says yes to everything.
        if (account.code.length == 0 || EIP7702Utils.fetchDelegate(account) != address(0)) return false;
        return SignatureChecker.isValidSignatureNow(signer, digest, signature);
    }
}
