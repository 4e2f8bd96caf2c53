// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {AccountState} from "./AccountStorage.sol";
import {Key} from "./Keys.sol";
import {Frozen} from "./Policy.sol";
import {SettingsLib} from "./Settings.sol";

/// @title Freeze
/// @notice Stops an account: a lock lapses by itself, an archive lasts until it is ended. Each begins a new epoch,
/// and what was scheduled or pending in an earlier one sleeps.
library Freeze {
    using SettingsLib for *;

    /// @notice How long a lock lasts (seconds).
    uint256 internal constant LOCK = 7 days;
    /// @notice How long a key that locked cannot lock again (seconds), so that one hostile key cannot hold the account
    /// to ransom.
    uint256 internal constant LOCK_COOLDOWN = 30 days;

    uint40 private constant FOR_EVER = type(uint40).max;
    /// @dev Bits of one time in {AccountState}.removals, of which it holds the six latest ones, the latest lowest; what
    /// is left of a seventh above them is never read.
    uint256 private constant TIME = 40;

    /// @notice The account was locked.
    /// @param keyId The key that locked it; zero when the tripwire did.
    /// @param until When the lock lapses (seconds since 1970).
    event Locked(bytes32 indexed keyId, uint256 until);

    /// @notice The account was archived.
    event Archived();

    /// @notice The account's lock or archive was ended.
    event Unfrozen();

    /// @notice This key locked the account a short time ago.
    /// @param keyId The key.
    /// @param lockableFrom When it can lock again (seconds since 1970).
    error LockedRecently(bytes32 keyId, uint256 lockableFrom);

    /// @notice The account is neither locked nor archived.
    error NotFrozen();

    /// @notice Whether the account is frozen now, and how.
    /// @param state The account's state.
    /// @return No, Locked or Archived.
    function kind(AccountState storage state) internal view returns (Frozen) {
        uint40 until = state.frozenUntil;
        if (block.timestamp >= until) return Frozen.No;
        return until == FOR_EVER ? Frozen.Archived : Frozen.Locked;
    }

    /// @notice Locks the account. Reverts when the same key did a short time ago.
    /// @param state The account's state.
    /// @param keyId The key that does.
    function lock(AccountState storage state, bytes32 keyId) internal {
        Key storage key = state.keys[keyId];
        uint48 lockedAt = key.lockedAt;
        if (lockedAt != 0 && block.timestamp < lockedAt + LOCK_COOLDOWN) {
            revert LockedRecently(keyId, lockedAt + LOCK_COOLDOWN);
        }
        key.lockedAt = uint48(block.timestamp);
        _lock(state, keyId);
    }

    /// @notice Archives the account.
    /// @param state The account's state.
    function archive(AccountState storage state) internal {
        _begin(state, FOR_EVER);
        emit Archived();
    }

    /// @notice Ends a lock or an archive. Reverts when there is none.
    /// @param state The account's state.
    function end(AccountState storage state) internal {
        if (kind(state) == Frozen.No) revert NotFrozen();
        state.frozenUntil = 0;
        emit Unfrozen();
    }

    /// @notice Remembers the removal of a key; locks the account when there were too many within the tripwire's time,
    /// whenever that time began.
    /// @param state The account's state.
    function noteRemoval(AccountState storage state) internal {
        uint256 last = state.lastRemoval;
        state.lastRemoval = uint40(block.timestamp);
        // Only a second removal can trip it: the first, and one whose predecessors are too old to count whatever is set,
        // need not look at anything else.
        if (block.timestamp > last + SettingsLib.LONGEST_TRIPWIRE_WINDOW) return;
        uint256 removals = (state.removals << TIME) | last;
        state.removals = removals;
        (uint256 count, uint256 window) = state.settings.tripwire();
        if (isTooMany(removals, count, window, block.timestamp)) _lock(state, 0);
    }

    /// @notice Whether one more removal is one too many.
    /// @param removals When keys were removed before (seconds since 1970), the latest one in the lowest 40 bits.
    /// @param count How many may be removed within the window; with more than {SettingsLib.MOST_REMOVALS} any number.
    /// @param window Seconds, both ends included.
    /// @param time When one more is removed (seconds since 1970).
    /// @return True when as many as may be were removed within the window before it.
    function isTooMany(
        uint256 removals,
        uint256 count,
        uint256 window,
        uint256 time
    ) internal pure returns (bool) {
        if (count > SettingsLib.MOST_REMOVALS) return false;
        uint256 oldest = uint40(removals >> (TIME * (count - 1)));
        return oldest != 0 && time <= oldest + window;
    }

    function _lock(AccountState storage state, bytes32 keyId) private {
        uint256 until = block.timestamp + LOCK;
        _begin(state, uint40(until));
        emit Locked(keyId, until);
    }

    function _begin(AccountState storage state, uint40 until) private {
        uint16 epoch = state.epoch + 1;
        state.epoch = epoch;
        state.frozenAt[epoch] = uint48(block.timestamp);
        state.frozenUntil = until;
    }
}
