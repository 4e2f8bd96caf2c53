// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";

import {AccountState} from "./AccountStorage.sol";
import {RoleCounts, Roles} from "./Roles.sol";

/// @notice What the account keeps about a key, in one storage slot. The signer itself is not kept: the account
/// knows a key only by its id, keccak256(signer, salt).
/// @param role What the key may do, see {Roles}; NONE when the account has no such key.
/// @param activeFrom The key has no authority before this time (seconds since 1970).
/// @param expires The key has no authority from this time on (seconds since 1970); 0 when it never expires.
/// @param addedInEpoch For a key that becomes active by time: the account's epoch when it was added. Frozen while
/// the key was still pending, the account does not know it until an active device key activates it.
/// @param byTime Whether the key becomes, or became, active by time.
/// @param vetoProof Whether device keys cannot reject the key while it is pending.
/// @param closedHours The hours of the day (UTC) in which it spends nothing by itself: bit h for h:00 to h:59.
/// @param lockedAt When the key last locked the account (seconds since 1970).
/// @param serial Which of the account's additions brought the key, 0 for those it began with: what a key of the same
/// id had, proposed, or was to lose before is not this one's.
struct Key {
    uint8 role;
    uint48 activeFrom;
    uint48 expires;
    uint16 addedInEpoch;
    bool byTime;
    bool vetoProof;
    uint24 closedHours;
    uint48 lockedAt;
    uint24 serial;
}

/// @title Keys
/// @notice The account's keys by id: adding, activating, removing, and who has authority at this moment.
library Keys {
    /// @dev As many keys a role can have, so that a byte counts them.
    uint256 private constant MOST_PER_ROLE = type(uint8).max;
    /// @dev From when on the keys are active that an account begins with: not 0, the time before all others.
    uint48 private constant SINCE_EVER = 1;
    /// @dev Where the fields of {Key} begin in its slot, in bits.
    uint256 private constant ACTIVE_FROM = 8;
    uint256 private constant EXPIRES = 56;
    uint256 private constant ADDED_IN_EPOCH = 104;
    uint256 private constant BY_TIME = 1 << 120;
    uint256 private constant VETO_PROOF = 1 << 128;
    uint256 private constant SERIAL = 208;

    /// @notice No key of the account has this id. A signature over anything but this very operation (another
    /// amount, nonce, account, chain or form) shows up as one of an unknown key, too.
    /// @param keyId The id that was looked up.
    error KeyUnknown(bytes32 keyId);

    /// @notice The key was added but has no authority yet.
    /// @param keyId The key that signed.
    /// @param activeFrom When it becomes active (seconds since 1970).
    error KeyPending(bytes32 keyId, uint48 activeFrom);

    /// @notice The account was frozen while the key was pending: only an active device key can activate it now.
    /// @param keyId The key that signed.
    error KeyAsleep(bytes32 keyId);

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

    /// @notice Only a pending key can be activated or rejected.
    /// @param keyId The key that is active already.
    error KeyNotPending(bytes32 keyId);

    /// @notice The key was added by mfa and recovery together, which the owner allowed to overrule device keys.
    /// @param keyId The key that cannot be rejected.
    error KeyVetoProof(bytes32 keyId);

    /// @notice The key was added after its removal was proposed, so the proposal was not about it.
    /// @param keyId The key that was to be removed.
    error KeyCameLater(bytes32 keyId);

    /// @notice Too few keys of the role would remain: it must keep its threshold of keys that never expire.
    /// @param role The role.
    /// @param count How many keys that never expire it has.
    /// @param needed How many it has to keep.
    error RoleNeedsKeys(uint8 role, uint256 count, uint256 needed);

    /// @notice A role cannot have more keys.
    /// @param role The role.
    /// @param most How many it can have.
    error TooManyKeys(uint8 role, uint256 most);

    /// @notice A key cannot be added that has expired already.
    /// @param expires When it expires (seconds since 1970).
    error ExpiryInThePast(uint256 expires);

    /// @notice Zero is not the id of any key.
    error KeyIdMissing();

    /// @notice No role has this number.
    /// @param role The number.
    error RoleUnknown(uint256 role);

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

    /// @notice A key of the account, whether it has authority or not. Reverts when there is none.
    /// @param state The account's state.
    /// @param keyId Which key.
    /// @return key What the account keeps about it.
    function get(AccountState storage state, bytes32 keyId) internal view returns (Key storage key) {
        key = state.keys[keyId];
        if (key.role == Roles.NONE) revert KeyUnknown(keyId);
    }

    /// @notice The role of a key that has authority now.
    /// @param state The account's state.
    /// @param keyId Which key.
    /// @return role Never NONE. Reverts when the key is unknown, pending, asleep or expired.
    function activeRole(AccountState storage state, bytes32 keyId) internal view returns (uint8 role) {
        uint48 activeFrom;
        uint48 expires;
        bool asleep;
        (role, activeFrom, expires, asleep) = authority(state, keyId);
        if (role == Roles.NONE) revert KeyUnknown(keyId);
        if (block.timestamp < activeFrom) revert KeyPending(keyId, activeFrom);
        if (asleep) revert KeyAsleep(keyId);
        if (expires != 0 && block.timestamp >= expires) revert KeyExpired(keyId, expires);
    }

    /// @notice Which authority a key has and when, without a look at the clock.
    /// @param state The account's state.
    /// @param keyId Which key.
    /// @return role What it may do; NONE when the account has no such key.
    /// @return activeFrom It has no authority before this time (seconds since 1970).
    /// @return expires It has no authority from this time on (seconds since 1970); 0 when it never expires.
    /// @return asleep Whether it does not become active by time, because the account was frozen meanwhile.
    function authority(
        AccountState storage state,
        bytes32 keyId
    ) internal view returns (uint8 role, uint48 activeFrom, uint48 expires, bool asleep) {
        Key storage key = state.keys[keyId];
        bool byTime;
        // Every signature pays for this: one load, where the compiler would make four.
        assembly ("memory-safe") {
            let word := sload(key.slot)
            role := and(word, 0xff)
            activeFrom := and(shr(8, word), 0xffffffffffff)
            expires := and(shr(56, word), 0xffffffffffff)
            byTime := and(shr(120, word), 0xff)
        }
        asleep = byTime && _isAsleep(state, key);
    }

    /// @notice Whether a key has authority now.
    /// @param state The account's state.
    /// @param keyId Which key.
    /// @return False when the key is unknown, pending, asleep or expired.
    function isActive(AccountState storage state, bytes32 keyId) internal view returns (bool) {
        Key storage key = state.keys[keyId];
        return
            key.role != Roles.NONE &&
            block.timestamp >= key.activeFrom &&
            !_isAsleep(state, key) &&
            !_isExpired(key);
    }

    /// @notice Those of some keys that have authority now, but for one.
    /// @param state The account's state.
    /// @param keyIds The keys; the list is shortened in place.
    /// @param left The one that is left out.
    /// @return active The rest, in their order.
    function activeAmong(
        AccountState storage state,
        bytes32[] memory keyIds,
        bytes32 left
    ) internal view returns (bytes32[] memory active) {
        uint256 count = 0;
        for (uint256 i = 0; i < keyIds.length; ++i) {
            bytes32 keyId = keyIds[i];
            if (keyId == left || !isActive(state, keyId)) continue;
            keyIds[count] = keyId;
            ++count;
        }
        active = keyIds;
        assembly ("memory-safe") {
            mstore(active, count)
        }
    }

    /// @notice Whether the account was frozen while a key was pending, so that it does not become active by time.
    /// @param state The account's state.
    /// @param keyId Which key.
    /// @return False when the key is unknown.
    function isAsleep(AccountState storage state, bytes32 keyId) internal view returns (bool) {
        return _isAsleep(state, state.keys[keyId]);
    }

    /// @notice Whether a key waits for its time, and the account was not frozen meanwhile.
    /// @param state The account's state.
    /// @param keyId Which key.
    /// @return False when the key is unknown, active, asleep or expired.
    function isPending(AccountState storage state, bytes32 keyId) internal view returns (bool) {
        Key storage key = state.keys[keyId];
        return block.timestamp < key.activeFrom && !_isAsleep(state, key) && !_isExpired(key);
    }

    /// @notice Adds a key that is active from now on.
    /// @param state The account's state.
    /// @param keyId The new key's id. Reverts when it is zero or present, unless that one expired or sleeps.
    /// @param role The new key's role.
    /// @param expires When it expires (seconds since 1970); 0 for never.
    function add(AccountState storage state, bytes32 keyId, uint8 role, uint48 expires) internal {
        _requireFree(state, keyId, role, expires);
        if (expires == 0) _count(state, role);
        _write(state, keyId, role, block.timestamp, uint256(expires) << EXPIRES);
    }

    /// @notice Adds one of the keys an account begins with; they are counted already. Does not look at the clock, which
    /// ERC-4337 forbids to what creates an account (ERC-7562).
    /// @param state The account's state.
    /// @param keyId The new key's id. Reverts when it is zero or present.
    /// @param role The new key's role.
    function addFirst(AccountState storage state, bytes32 keyId, uint8 role) internal {
        if (keyId == 0) revert KeyIdMissing();
        Key storage key = state.keys[keyId];
        if (key.role != Roles.NONE) revert KeyAlreadyPresent(keyId);
        key.role = role;
        key.activeFrom = SINCE_EVER;
    }

    /// @notice Adds a device key that becomes active by time.
    /// @param state The account's state.
    /// @param keyId The new key's id. Reverts when it is zero or present, unless that one expired or sleeps.
    /// @param expires When it expires (seconds since 1970); 0 for never.
    /// @param activeFrom When it becomes active (seconds since 1970).
    /// @param vetoProof Whether device keys cannot reject it.
    function addPending(
        AccountState storage state,
        bytes32 keyId,
        uint48 expires,
        uint48 activeFrom,
        bool vetoProof
    ) internal {
        _requireFree(state, keyId, Roles.DEVICE, expires);
        uint256 rest = (uint256(expires) << EXPIRES) | (uint256(state.epoch) << ADDED_IN_EPOCH) | BY_TIME;
        if (vetoProof) rest |= VETO_PROOF;
        _write(state, keyId, Roles.DEVICE, activeFrom, rest);
    }

    /// @notice Activates a pending key, also one that sleeps.
    /// @param state The account's state.
    /// @param keyId Which key. Reverts when it is unknown or active.
    function activate(AccountState storage state, bytes32 keyId) internal {
        _requirePending(state, keyId);
        Key storage key = state.keys[keyId];
        key.activeFrom = uint48(block.timestamp);
        key.byTime = false;
        key.vetoProof = false;
    }

    /// @notice Rejects a pending key, also one that sleeps.
    /// @param state The account's state.
    /// @param keyId Which key. Reverts when it is unknown, active, or cannot be rejected.
    function reject(AccountState storage state, bytes32 keyId) internal {
        if (_requirePending(state, keyId).vetoProof) revert KeyVetoProof(keyId);
        delete state.keys[keyId];
    }

    /// @notice Removes a key. Reverts when its role would keep too few.
    /// @param state The account's state.
    /// @param keyId Which key.
    function remove(AccountState storage state, bytes32 keyId) internal {
        Key storage key = get(state, keyId);
        uint8 role = key.role;
        // A device key is only ever removed by another active one, so that one always remains.
        if (role != Roles.DEVICE && key.expires == 0) {
            uint256 count = state.keyCounts.forRole(role);
            uint256 needed = state.thresholds.forRole(role);
            if (count <= needed) revert RoleNeedsKeys(role, count, needed);
            state.keyCounts = state.keyCounts.minusOne(role);
        }
        delete state.keys[keyId];
    }

    /// @notice Puts a new key that never expires in the place of another one of the same role.
    /// @param state The account's state.
    /// @param role The role both keys have: mfa or recovery. Reverts when the old key does not have it.
    /// @param oldKey The key that loses its authority.
    /// @param newKey The key that gets it. Reverts when it is zero or present, unless that one expired.
    function replace(AccountState storage state, uint8 role, bytes32 oldKey, bytes32 newKey) internal {
        Key storage old = state.keys[oldKey];
        // First this, which clears an expired key: one that should replace itself is then not there any more.
        _requireFree(state, newKey, role, 0);
        if (old.role != role) revert KeyNotOfRole(oldKey, role);
        if (old.expires != 0) _count(state, role);
        _write(state, newKey, role, block.timestamp, 0);
        delete state.keys[oldKey];
    }

    /// @notice Reverts for a key that was added after something was decided about the key of its id.
    /// @param state The account's state.
    /// @param keyId Which key.
    /// @param keysAdded How many keys had been added when that was decided, see {AccountState}.
    function requireNotLater(AccountState storage state, bytes32 keyId, uint24 keysAdded) internal view {
        if (state.keys[keyId].serial > keysAdded) revert KeyCameLater(keyId);
    }

    /// @notice Reverts for a pending key that device keys cannot reject: removing it would be the same.
    /// @param state The account's state.
    /// @param keyId Which key.
    function requireVetoable(AccountState storage state, bytes32 keyId) internal view {
        Key storage key = state.keys[keyId];
        if (key.vetoProof && block.timestamp < key.activeFrom) revert KeyVetoProof(keyId);
    }

    /// @notice The name under which a key's limits and scope are kept: another one each time the key is added.
    /// @param state The account's state.
    /// @param keyId Which key.
    /// @return keccak256(keyId, serial).
    function ownership(AccountState storage state, bytes32 keyId) internal view returns (bytes32) {
        return Hashes.efficientKeccak256(keyId, bytes32(uint256(state.keys[keyId].serial)));
    }

    /// @notice Sets how many keys of a role have to sign. Reverts when the role has fewer that never expire.
    /// @param state The account's state.
    /// @param role Mfa or recovery.
    /// @param threshold At least 1.
    function setThreshold(AccountState storage state, uint8 role, uint8 threshold) internal {
        uint256 count = state.keyCounts.forRole(role);
        if (threshold == 0 || threshold > count) revert RoleNeedsKeys(role, count, threshold);
        state.thresholds = state.thresholds.withRole(role, threshold);
    }

    /// @dev Writes a new key into its slot, which is empty, and all of it at once, where the compiler would write a
    /// field at a time.
    /// @param rest All fields but role, activeFrom and serial, each at its place.
    function _write(
        AccountState storage state,
        bytes32 keyId,
        uint8 role,
        uint256 activeFrom,
        uint256 rest
    ) private {
        uint24 serial = state.keysAdded + 1;
        state.keysAdded = serial;
        uint256 word = rest | role | (activeFrom << ACTIVE_FROM) | (uint256(serial) << SERIAL);
        Key storage key = state.keys[keyId];
        assembly ("memory-safe") {
            sstore(key.slot, word)
        }
    }

    /// @dev Mfa and recovery keys that never expire are counted, see {AccountState}.
    function _count(AccountState storage state, uint8 role) private {
        if (role == Roles.DEVICE) return;
        RoleCounts counts = state.keyCounts;
        if (counts.forRole(role) == MOST_PER_ROLE) revert TooManyKeys(role, MOST_PER_ROLE);
        state.keyCounts = counts.plusOne(role);
    }

    /// @dev Reverts unless a key can be added under this id; clears what is left of one that lost its authority.
    function _requireFree(AccountState storage state, bytes32 keyId, uint8 role, uint48 expires) private {
        if (keyId == 0) revert KeyIdMissing();
        if (role == Roles.NONE || role > Roles.RECOVERY) revert RoleUnknown(role);
        if (expires != 0 && expires <= block.timestamp) revert ExpiryInThePast(expires);
        Key storage present = state.keys[keyId];
        if (present.role == Roles.NONE) return;
        if (!_isExpired(present) && !_isAsleep(state, present)) revert KeyAlreadyPresent(keyId);
        delete state.keys[keyId];
    }

    function _requirePending(
        AccountState storage state,
        bytes32 keyId
    ) private view returns (Key storage key) {
        key = get(state, keyId);
        if (block.timestamp >= key.activeFrom && !_isAsleep(state, key)) revert KeyNotPending(keyId);
    }

    /// @dev Whether the account was frozen between the key's addition and the time from which it is active.
    function _isAsleep(AccountState storage state, Key storage key) private view returns (bool) {
        // Whom device keys must not veto they do not put to sleep by locking, either.
        if (!key.byTime || key.vetoProof || key.addedInEpoch == state.epoch) return false;
        return state.frozenAt[key.addedInEpoch + 1] < key.activeFrom;
    }

    function _isExpired(Key storage key) private view returns (bool) {
        return key.expires != 0 && block.timestamp >= key.expires;
    }
}
