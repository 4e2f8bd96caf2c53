// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {AccountState} from "./AccountStorage.sol";
import {Keys} from "./Keys.sol";
import {Effect} from "./Policy.sol";
import {SettingsLib} from "./Settings.sol";

/// @notice An operation that was accepted and waits.
/// @param executableAt When it can run (seconds since 1970); 0 when nothing is scheduled under the id.
/// @param epoch In which of the account's epochs it was scheduled or re-armed: it sleeps in any later one.
/// @param effect Why it waits.
/// @param proposedSince Since when the key that proposed it is a key of the account (seconds since 1970).
/// @param proposer The id of that key.
struct Scheduled {
    uint48 executableAt;
    uint16 epoch;
    Effect effect;
    uint48 proposedSince;
    bytes32 proposer;
}

/// @title Schedule
/// @notice What was accepted but waits for its delay. An entry is there exactly as long as the operation can still
/// run: running it and cancelling it take it out, and because its nonce is used up it never comes back.
library Schedule {
    using SettingsLib for *;

    /// @notice How long an operation can run once its delay is over (seconds). An old one that everybody forgot must
    /// not be found by somebody else years later.
    uint256 internal constant EXECUTION_WINDOW = 30 days;

    /// @notice Nothing is scheduled under this id: it never was, it ran already, or it was cancelled.
    /// @param operation The operation's id.
    error NotScheduled(bytes32 operation);

    /// @notice The operation still waits.
    /// @param operation The operation's id.
    /// @param executableAt When it can run (seconds since 1970).
    error StillWaiting(bytes32 operation, uint256 executableAt);

    /// @notice The operation waited too long after its delay was over.
    /// @param operation The operation's id.
    /// @param executableUntil Until when it could run (seconds since 1970).
    error ScheduleLapsed(bytes32 operation, uint256 executableUntil);

    /// @notice The account was frozen since the operation was scheduled: it sleeps until it is armed again.
    /// @param operation The operation's id.
    error OperationAsleep(bytes32 operation);

    /// @notice Only what sleeps can be armed again.
    /// @param operation The operation's id.
    error OperationNotAsleep(bytes32 operation);

    /// @notice The key that proposed the operation has no authority any more.
    /// @param operation The operation's id.
    error ProposerGone(bytes32 operation);

    /// @notice Schedules an operation.
    /// @param state The account's state.
    /// @param operation The operation's id: the hashStruct of its compact form.
    /// @param effect Why it waits.
    /// @param proposer The id of the key that proposed it.
    /// @return executableAt When it can run (seconds since 1970).
    function put(
        AccountState storage state,
        bytes32 operation,
        Effect effect,
        bytes32 proposer
    ) internal returns (uint48 executableAt) {
        executableAt = uint48(block.timestamp + _delayOf(state, effect));
        state.scheduled[operation] = Scheduled(
            executableAt,
            state.epoch,
            effect,
            state.keys[proposer].addedAt,
            proposer
        );
    }

    /// @notice What is scheduled under an id. Reverts when nothing is.
    /// @param state The account's state.
    /// @param operation The operation's id.
    /// @return entry The entry.
    function get(
        AccountState storage state,
        bytes32 operation
    ) internal view returns (Scheduled memory entry) {
        entry = state.scheduled[operation];
        if (entry.executableAt == 0) revert NotScheduled(operation);
    }

    /// @notice Takes an operation out in order to run it. Reverts unless it can run now.
    /// @param state The account's state.
    /// @param operation The operation's id.
    /// @return entry What was scheduled.
    function take(AccountState storage state, bytes32 operation) internal returns (Scheduled memory entry) {
        entry = get(state, operation);
        if (entry.epoch != state.epoch) revert OperationAsleep(operation);
        uint256 executableAt = entry.executableAt;
        if (block.timestamp < executableAt) revert StillWaiting(operation, executableAt);
        if (block.timestamp > executableAt + EXECUTION_WINDOW) {
            revert ScheduleLapsed(operation, executableAt + EXECUTION_WINDOW);
        }
        // A key that was removed and is added again has not proposed it.
        bool same = state.keys[entry.proposer].addedAt == entry.proposedSince;
        if (!same || !Keys.isActive(state, entry.proposer)) revert ProposerGone(operation);
        delete state.scheduled[operation];
    }

    /// @notice Takes an operation out so that it never runs. Reverts when nothing is scheduled under the id.
    /// @param state The account's state.
    /// @param operation The operation's id.
    function remove(AccountState storage state, bytes32 operation) internal {
        get(state, operation);
        delete state.scheduled[operation];
    }

    /// @notice Wakes an operation that sleeps: its delay starts anew. Reverts when it does not sleep.
    /// @param state The account's state.
    /// @param operation The operation's id.
    /// @return executableAt When it can run (seconds since 1970).
    function rearm(AccountState storage state, bytes32 operation) internal returns (uint48 executableAt) {
        Scheduled memory entry = get(state, operation);
        if (entry.epoch == state.epoch) revert OperationNotAsleep(operation);
        executableAt = uint48(block.timestamp + _delayOf(state, entry.effect));
        state.scheduled[operation].executableAt = executableAt;
        state.scheduled[operation].epoch = state.epoch;
    }

    function _delayOf(AccountState storage state, Effect effect) private view returns (uint256) {
        if (effect == Effect.AfterSingleKeyDelay) return state.settings.singleKeySeconds();
        if (effect == Effect.AfterRemovalDelay) return state.settings.removalSeconds();
        return state.settings.recoverySeconds();
    }
}
