// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Roles} from "./Roles.sol";

/// @notice What the account keeps about a key, in one storage slot. The signer itself is not kept: the account
/// knows a key only by its id, keccak256(signer, salt).
/// @param role What the key may do, see {Roles}; NONE when the account has no such key.
/// @param activeFrom The key has no authority before this time (seconds since 1970).
/// @param expires The key has no authority from this time on (seconds since 1970); 0 when it never expires.
struct Key {
    uint8 role;
    uint48 activeFrom;
    uint48 expires;
}

/// @title Keys
/// @notice The account's keys by id: adding, replacing, and who has authority at this moment.
library Keys {
    /// @notice No key of the account has this id. A signature over anything but this very operation (another
    /// amount, nonce, account, chain or form) shows up as one of an unknown key, too.
    /// @param keyId The id that was looked up.
    error KeyUnknown(bytes32 keyId);

    /// @notice The key was added but has no authority yet.
    /// @param keyId The key that signed.
    /// @param activeFrom When it becomes active (seconds since 1970).
    error KeyPending(bytes32 keyId, uint48 activeFrom);

    /// @notice The key had authority until it expired.
    /// @param keyId The key that signed.
    /// @param expires When it expired (seconds since 1970).
    error KeyExpired(bytes32 keyId, uint48 expires);

    /// @notice The account already has this key, in whatever role.
    /// @param keyId The key that was to be added.
    error KeyAlreadyPresent(bytes32 keyId);

    /// @notice The key to be replaced does not have the role that was named.
    /// @param keyId The key that was to be replaced.
    /// @param role The role that was named.
    error KeyNotOfRole(bytes32 keyId, uint8 role);

    /// @notice Zero is not the id of any key.
    error KeyIdMissing();

    /// @notice The id by which the account knows a signer.
    /// @param signer An address (20 bytes), or a verifier's address followed by a public key (ERC-7913).
    /// @param salt What hides the signer until it first signs; 0 when it need not be hidden.
    /// @return keccak256(signer, salt).
    function idOf(bytes memory signer, bytes32 salt) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(signer, salt));
    }

    /// @notice {idOf} for a signer that is a plain address.
    /// @param signer The address.
    /// @param salt What hides the signer until it first signs; 0 when it need not be hidden.
    /// @return id keccak256(signer, salt).
    function idOf(address signer, bytes32 salt) internal pure returns (bytes32 id) {
        // Every signature pays for this, so it hashes in scratch space.
        assembly ("memory-safe") {
            mstore(0x00, shl(96, signer))
            mstore(0x14, salt)
            id := keccak256(0x00, 0x34)
        }
    }

    /// @notice The role of a key that has authority now.
    /// @param keys The account's keys.
    /// @param keyId Which key.
    /// @return role Never NONE. Reverts when the key is unknown, pending or expired.
    function activeRole(
        mapping(bytes32 keyId => Key) storage keys,
        bytes32 keyId
    ) internal view returns (uint8 role) {
        Key storage key = keys[keyId];
        if (key.role == Roles.NONE) revert KeyUnknown(keyId);
        if (block.timestamp < key.activeFrom) revert KeyPending(keyId, key.activeFrom);
        if (key.expires != 0 && block.timestamp >= key.expires) revert KeyExpired(keyId, key.expires);
        return key.role;
    }

    /// @notice Adds a key that is active from now on and never expires.
    /// @param keys The account's keys.
    /// @param keyId The new key's id. Reverts when it is zero or already present.
    /// @param role The new key's role.
    function add(mapping(bytes32 keyId => Key) storage keys, bytes32 keyId, uint8 role) internal {
        if (keyId == 0) revert KeyIdMissing();
        Key storage key = keys[keyId];
        if (key.role != Roles.NONE) revert KeyAlreadyPresent(keyId);
        key.role = role;
        key.activeFrom = uint48(block.timestamp);
    }

    /// @notice Puts a new key in the place of another one of the same role.
    /// @param keys The account's keys.
    /// @param role The role both keys have. Reverts when the old key does not have it.
    /// @param oldKey The key that loses its authority.
    /// @param newKey The key that gets it. Reverts when it is zero or already present.
    function replace(
        mapping(bytes32 keyId => Key) storage keys,
        uint8 role,
        bytes32 oldKey,
        bytes32 newKey
    ) internal {
        if (keys[oldKey].role != role) revert KeyNotOfRole(oldKey, role);
        add(keys, newKey, role);
        delete keys[oldKey];
    }
}
