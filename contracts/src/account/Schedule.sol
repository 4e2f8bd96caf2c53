// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {AccountState} from "./AccountStorage.sol";
import {Keys} from "./Keys.sol";
import {Effect} from "./Policy.sol";
import {RoleCounts} from "./Roles.sol";
import {SettingsLib} from "./Settings.sol";
import {Stage, Stages} from "./Stages.sol";

/// @notice An operation that was accepted and waits.
/// @param executableAt When it can run (seconds since 1970); 0 when nothing is scheduled under the id.
/// @param epoch In which of the account's epochs it was scheduled or re-armed: it sleeps in any later one.
/// @param effect Why it waits.
/// @param keysAdded How many keys had been added to the account when it was proposed, see {AccountState}: a key that
/// was added later has not proposed it, and is not meant by it.
/// @param proposer The id of the key that proposed it.
/// @param others The ids of the other keys that did.
struct Scheduled {
    uint48 executableAt;
    uint16 epoch;
    Effect effect;
    uint24 keysAdded;
    bytes32 proposer;
    bytes32[] others;
}

/// @title Schedule
/// @notice What was accepted but waits for its delay. Running an operation and cancelling it take it out, and because
/// its nonce is used up it never comes back.
library Schedule {
    using SettingsLib for *;

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

    /// @notice One of the keys that proposed the operation has no authority any more.
    /// @param operation The operation's id.
    error ProposerGone(bytes32 operation);

    /// @notice Schedules an operation.
    /// @param state The account's state.
    /// @param operation The operation's id: the hashStruct of its compact form.
    /// @param effect Why it waits.
    /// @param proposer The id of the key that proposed it.
    /// @param others The ids of the other keys that did.
    /// @return executableAt When it can run (seconds since 1970).
    function put(
        AccountState storage state,
        bytes32 operation,
        Effect effect,
        bytes32 proposer,
        bytes32[] memory others
    ) internal returns (uint48 executableAt) {
        executableAt = uint48(Stages.armed(block.timestamp, _delayOf(state, effect)));
        Scheduled storage entry = state.scheduled[operation];
        entry.executableAt = executableAt;
        entry.epoch = state.epoch;
        entry.effect = effect;
        entry.keysAdded = state.keysAdded;
        entry.proposer = proposer;
        if (others.length != 0) entry.others = others;
    }

    /// @notice What is scheduled under an id. Reverts when nothing is.
    /// @param state The account's state.
    /// @param operation The operation's id.
    /// @return entry Where it is kept.
    function get(
        AccountState storage state,
        bytes32 operation
    ) internal view returns (Scheduled storage entry) {
        entry = state.scheduled[operation];
        if (entry.executableAt == 0) revert NotScheduled(operation);
    }

    /// @notice Takes an operation out in order to run it now. Reverts when it cannot run now, and unless everybody who
    /// proposed it still has the authority to.
    /// @param state The account's state.
    /// @param operation The operation's id.
    /// @return roles How many keys of each role proposed it.
    /// @return keysAdded How many keys had been added to the account then.
    function take(
        AccountState storage state,
        bytes32 operation
    ) internal returns (RoleCounts roles, uint24 keysAdded) {
        Scheduled storage entry = get(state, operation);
        uint256 executableAt = entry.executableAt;
        Stage stage = stageOf(state, operation);
        if (stage == Stage.Waiting) revert StillWaiting(operation, executableAt);
        if (stage == Stage.Lapsed) revert ScheduleLapsed(operation, executableAt + Stages.EXECUTION_WINDOW);
        if (stage != Stage.Due) revert OperationAsleep(operation);

        keysAdded = entry.keysAdded;
        roles = _plus(state, operation, roles, entry.proposer, keysAdded);
        for (uint256 i = 0; i < entry.others.length; ++i) {
            roles = _plus(state, operation, roles, entry.others[i], keysAdded);
        }
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
        Scheduled storage entry = get(state, operation);
        Stage stage = stageOf(state, operation);
        if (stage == Stage.Lapsed)
            revert ScheduleLapsed(operation, entry.executableAt + Stages.EXECUTION_WINDOW);
        if (stage != Stage.Asleep) revert OperationNotAsleep(operation);
        executableAt = uint48(Stages.armed(block.timestamp, _delayOf(state, entry.effect)));
        entry.executableAt = executableAt;
        entry.epoch = state.epoch;
    }

    /// @notice What can become of an operation now.
    /// @param state The account's state.
    /// @param operation The operation's id.
    /// @return Its stage.
    function stageOf(AccountState storage state, bytes32 operation) internal view returns (Stage) {
        Scheduled storage entry = state.scheduled[operation];
        uint16 epoch = entry.epoch;
        bool slept = epoch != state.epoch;
        return
            Stages.stageAt(block.timestamp, entry.executableAt, slept, slept ? state.frozenAt[epoch + 1] : 0);
    }

    /// @dev The numbers with a proposer's role counted. Reverts when that key has lost its authority, or was removed and
    /// came back.
    function _plus(
        AccountState storage state,
        bytes32 operation,
        RoleCounts roles,
        bytes32 proposer,
        uint24 keysAdded
    ) private view returns (RoleCounts) {
        bool same = state.keys[proposer].serial <= keysAdded;
        if (!same || !Keys.isActive(state, proposer)) revert ProposerGone(operation);
        return roles.plusOne(state.keys[proposer].role);
    }

    function _delayOf(AccountState storage state, Effect effect) private view returns (uint256) {
        if (effect == Effect.AfterSingleKeyDelay) return state.settings.singleKeySeconds();
        if (effect == Effect.AfterRemovalDelay) return state.settings.removalSeconds();
        return state.settings.recoverySeconds();
    }
}
