// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {AccountState} from "./AccountStorage.sol";
import {Domain} from "./Domain.sol";
import {EntryPointDoor} from "./EntryPointDoor.sol";
import {Freeze} from "./Freeze.sol";
import {Nonces} from "./Nonces.sol";
import {Circumstances, Effect, Kind, Policy} from "./Policy.sol";
import {Schedule} from "./Schedule.sol";
import {Counting, Signatures, Signed} from "./Signatures.sol";

/// @title Authorization
/// @notice The one way from an operation to its effect, whichever door it comes through: who signed, what the policy
/// says to that, and then now, later or never.
///
/// An operation comes with signatures, through anyone who submits it. Or it comes without, and is either one whose
/// signatures the ERC-4337 EntryPoint had the account check in the same transaction, or one that was scheduled
/// before and whose time has come.
abstract contract Authorization is Domain {
    /// @notice An operation was accepted and waits.
    /// @param operation Its id: the hashStruct of its compact form.
    /// @param effect Why it waits.
    /// @param executableAt When it can run (seconds since 1970).
    /// @param proposer The key that proposed it.
    /// @param call The call to the account that then runs it, by whoever sends it.
    event OperationScheduled(
        bytes32 indexed operation,
        Effect effect,
        uint256 executableAt,
        bytes32 indexed proposer,
        bytes call
    );

    /// @dev Whether this call runs an operation that was scheduled before.
    function _isScheduledRun(bytes calldata signatures) internal view returns (bool) {
        return signatures.length == 0 && msg.sender != EntryPointDoor.ENTRY_POINT;
    }

    /// @dev Takes a scheduled operation out in order to run it now. While the account is frozen only what ends that
    /// can run.
    function _takeScheduled(AccountState storage state, Kind kind, bytes32 operation) internal {
        if (kind != Kind.Unfreeze) _requireNotFrozen(state);
        bytes32 proposer = Schedule.take(state, operation).proposer;
        // What the owner switched off since does not run, either.
        if (kind <= Kind.Execute && state.settings.singleKeyRoles & (1 << state.keys[proposer].role) == 0) {
            revert Policy.NotAllowedAlone();
        }
    }

    /// @dev Uses up the operation's nonce, unless the EntryPoint did, and counts who signed it.
    /// @param structHash The hashStruct of its compact form.
    /// @param readableHash The hashStruct of its readable form; not needed when no signature covers that.
    /// @param concerned A key that may not decide about this; zero when there is none.
    /// @param pendingCounts Whether a pending key is listed among those that signed.
    function _signers(
        AccountState storage state,
        bytes32 structHash,
        bytes32 readableHash,
        uint256 nonce,
        bytes calldata signatures,
        bytes32 concerned,
        bool pendingCounts
    ) internal returns (Signed memory) {
        Counting memory counting = Counting(0, 0, concerned, pendingCounts);
        if (signatures.length == 0) return Signatures.recount(state, EntryPointDoor.take(), counting);
        Nonces.use(state, nonce);
        counting.compact = _digestOf(structHash);
        if (readableHash != 0) counting.readable = _digestOf(readableHash);
        return Signatures.count(state, signatures, counting);
    }

    /// @dev Whether the keys that signed may do everything at once; asked first, because it is asked most.
    function _mayDoEverything(AccountState storage state, Signed memory signed) internal view returns (bool) {
        return Policy.mayDoEverything(signed.roles, state.thresholds) && block.timestamp >= state.frozenUntil;
    }

    /// @dev What the policy says. Reverts when it says never.
    /// @param vetoByAny For a cancellation: whether any key may cancel.
    function _effectOf(
        AccountState storage state,
        Kind kind,
        Signed memory signed,
        bool vetoByAny
    ) internal view returns (Effect) {
        Circumstances memory circumstances = _circumstances(state, kind, signed, false);
        circumstances.vetoByAny = vetoByAny;
        return Policy.requireEffect(kind, circumstances);
    }

    /// @dev What the policy looks at.
    /// @param allowed Whether the one key that signed may do this by itself.
    function _circumstances(
        AccountState storage state,
        Kind kind,
        Signed memory signed,
        bool allowed
    ) internal view returns (Circumstances memory circumstances) {
        circumstances.signed = signed.roles;
        circumstances.thresholds = state.thresholds;
        circumstances.frozen = Freeze.kind(state);
        circumstances.allowed = allowed;
        // Not read where it cannot matter: it costs a slot.
        if (kind == Kind.AddDeviceKey) {
            circumstances.overrideOn = state.settings.overrideDelay != 0;
        } else if (kind <= Kind.Execute && !allowed && signed.roles.isOneRole()) {
            circumstances.singleKeyRoles = state.settings.singleKeyRoles;
        }
    }

    /// @dev Schedules an operation and tells everybody how it is run later.
    function _schedule(
        AccountState storage state,
        bytes32 operation,
        Effect effect,
        bytes32 proposer,
        bytes memory call
    ) internal {
        uint256 executableAt = Schedule.put(state, operation, effect, proposer);
        emit OperationScheduled(operation, effect, executableAt, proposer, call);
    }

    function _requireNotFrozen(AccountState storage state) internal view {
        if (block.timestamp < state.frozenUntil) revert Policy.AccountFrozen();
    }
}
