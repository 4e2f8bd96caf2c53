// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {AccountState} from "./AccountStorage.sol";
import {Domain} from "./Domain.sol";
import {EntryPointDoor} from "./EntryPointDoor.sol";
import {Freeze} from "./Freeze.sol";
import {Keys} from "./Keys.sol";
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
    /// @param proposer The key that proposed it; the first of them by key id where several did.
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

    /// @dev Takes a scheduled operation out in order to run it now. The policy is asked again, with those who proposed
    /// it: what the owner switched off since, or asks more signatures for, does not run. While the account is frozen only
    /// what ends that can run.
    /// @return keysAdded How many keys had been added to the account when it was proposed.
    function _takeScheduled(
        AccountState storage state,
        Kind kind,
        bytes32 operation
    ) internal returns (uint24 keysAdded) {
        if (kind != Kind.Unfreeze) _requireNotFrozen(state);
        Signed memory proposers;
        (proposers.roles, keysAdded) = Schedule.take(state, operation);
        _effectOf(state, kind, proposers, false);
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
        } else if (kind <= Kind.Execute && !allowed) {
            circumstances.singleKeyRoles = state.settings.singleKeyRoles;
        }
    }

    /// @dev Schedules an operation and tells everybody how it is run later.
    /// @param readable The hashStruct of its readable form, as for {_signers}.
    /// @param signatures What it came with.
    /// @param signed Who signed it, and so proposes it.
    /// @param call The call that runs it later.
    function _schedule(
        AccountState storage state,
        bytes32 operation,
        bytes32 readable,
        bytes calldata signatures,
        Signed memory signed,
        Effect effect,
        bytes memory call
    ) internal {
        bytes32[] memory others = new bytes32[](0);
        if (signed.number > 1) {
            bytes32[] memory keyIds =
                signatures.length == 0
                    ? EntryPointDoor.taken(signed.number)
                    : Signatures.keyIdsOf(
                        signatures,
                        _digestOf(operation),
                        readable == 0 ? bytes32(0) : _digestOf(readable),
                        signed.number
                    );
            others = Keys.activeAmong(state, keyIds, signed.first);
        }
        uint256 executableAt = Schedule.put(state, operation, effect, signed.first, others);
        emit OperationScheduled(operation, effect, executableAt, signed.first, call);
    }

    function _requireNotFrozen(AccountState storage state) internal view {
        if (block.timestamp < state.frozenUntil) revert Policy.AccountFrozen();
    }
}
