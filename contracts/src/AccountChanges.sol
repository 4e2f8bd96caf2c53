// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {AccountState, AccountStorage} from "./account/AccountStorage.sol";
import {Authorization} from "./account/Authorization.sol";
import {Change, Changes} from "./account/Changes.sol";
import {Delegation} from "./account/Delegation.sol";
import {Domain} from "./account/Domain.sol";
import {Freeze} from "./account/Freeze.sol";
import {Keys} from "./account/Keys.sol";
import {Limits} from "./account/Limits.sol";
import {Operations} from "./account/Operations.sol";
import {Effect, Frozen, Kind} from "./account/Policy.sol";
import {Roles} from "./account/Roles.sol";
import {Schedule, Scheduled} from "./account/Schedule.sol";
import {Scopes} from "./account/Scopes.sol";
import {SettingsLib} from "./account/Settings.sol";
import {Signatures, Signed} from "./account/Signatures.sol";
import {Transfers} from "./account/Transfers.sol";
import {AliasRegistry} from "./AliasRegistry.sol";
import {IAccountChanges} from "./IAccountChanges.sol";
import {Asset} from "./ITrivetAccount.sol";
import {ReadableForms} from "./ReadableForms.sol";

/// @title AccountChanges
/// @notice The part of an account's code for what is not done every day: changing keys, limits and settings, freezing,
/// emergency withdrawals and migration. It runs for the account: {TrivetAccount} delegates to it whatever it has no
/// function for itself, and what this has none for goes on to {AccountViews}.
contract AccountChanges is IAccountChanges, Authorization {
    using SettingsLib for *;

    address private immutable VIEWS;
    ReadableForms private immutable READABLE;
    AliasRegistry private immutable ALIASES;

    /// @param implementation The {TrivetAccount} this is a part of.
    /// @param views The {AccountViews} of the same implementation.
    /// @param readable The readable forms of all operations.
    /// @param aliases The registry in which a migrated account names its successor.
    constructor(
        address implementation,
        address views,
        ReadableForms readable,
        AliasRegistry aliases
    ) Domain(implementation) {
        VIEWS = views;
        READABLE = readable;
        ALIASES = aliases;
    }

    /// @notice Everything there is to see, see {AccountViews}.
    fallback() external {
        Delegation.to(VIEWS);
    }

    // ---- changes

    /// @inheritdoc IAccountChanges
    function change(
        Change change_,
        bytes32[] calldata values,
        uint256 nonce,
        bytes calldata signatures
    ) external {
        AccountState storage state = AccountStorage.load();
        bytes32 operation = Changes.structHash(change_, values, nonce);
        (Kind kind, bytes32 concerned, bool vetoByAny) = _kindOf(state, change_, values);
        bytes32 proposer = 0;
        Effect effect = Effect.Now;

        if (_isScheduledRun(signatures)) {
            uint24 keysAdded = _takeScheduled(state, kind, operation);
            if (change_ == Change.RemoveKey) {
                Keys.requireNotLater(state, values[0], keysAdded);
                Keys.requireVetoable(state, values[0]);
            }
        } else {
            bytes32 readable = 0;
            if (Signatures.coverReadable(signatures)) {
                readable = READABLE.changed(change_, values, nonce);
            }
            Signed memory signed = _signers(state, operation, readable, nonce, signatures, concerned, false);
            effect = _effectOf(state, kind, signed, vetoByAny);
            proposer = signed.first;
            if (effect == Effect.AfterRemovalDelay) Keys.requireVetoable(state, values[0]);
            if (effect != Effect.Now && kind != Kind.AddDeviceKey) {
                bytes memory call = abi.encodeCall(this.change, (change_, values, nonce, ""));
                return _schedule(state, operation, readable, signatures, signed, effect, call);
            }
        }

        emit Changed(change_, operation, values, nonce);
        _apply(state, change_, values, effect, proposer);
    }

    /// @inheritdoc IAccountChanges
    function migrate(
        address payable successor,
        Asset[] calldata assets,
        uint256 nonce,
        bytes calldata signatures
    ) external {
        if (successor == address(0) || successor == address(this)) revert SuccessorMissing();
        AccountState storage state = AccountStorage.load();
        bytes32 assetsHash = Operations.assetsHash(assets);
        bytes32 readable = 0;
        if (Signatures.coverReadable(signatures)) {
            readable = READABLE.migration(successor, assetsHash, assets.length, nonce);
        }
        bytes32 operation = Operations.migration(successor, assetsHash, nonce);
        Signed memory signed = _signers(state, operation, readable, nonce, signatures, 0, false);
        _effectOf(state, Kind.Migrate, signed, false);

        emit Migrated(successor, nonce);
        ALIASES.pointTo(successor);
        for (uint256 i = 0; i < assets.length; ++i) Transfers.sendAll(assets[i], successor);
        Transfers.sendDeposit(successor);
        Transfers.send(Transfers.ETHER, successor, address(this).balance);
    }

    /// @dev What the policy takes a change for.
    /// @return kind The kind.
    /// @return concerned The key that may not decide about it; zero when there is none.
    /// @return vetoByAny For a cancellation: whether any key may cancel.
    function _kindOf(
        AccountState storage state,
        Change change_,
        bytes32[] calldata values
    ) private view returns (Kind kind, bytes32 concerned, bool vetoByAny) {
        if (change_ == Change.AddKey) {
            return (uint256(values[0]) == Roles.DEVICE ? Kind.AddDeviceKey : Kind.AddKey, 0, false);
        }
        if (change_ == Change.ActivateKey) return (Kind.ActivateKey, 0, false);
        if (change_ == Change.RejectKey) return (Kind.RejectKey, 0, false);
        if (change_ == Change.RemoveKey) {
            if (Keys.get(state, values[0]).role != Roles.DEVICE) return (Kind.RemoveKey, 0, false);
            return (Kind.RemoveDeviceKey, values[0], false);
        }
        if (change_ == Change.SetThreshold) return (Kind.SetThreshold, 0, false);
        if (change_ == Change.Lock) return (Kind.Lock, 0, false);
        if (change_ == Change.Archive) return (Kind.Archive, 0, false);
        if (change_ == Change.Unfreeze) return (Kind.Unfreeze, 0, false);
        if (change_ == Change.Rearm) return (Kind.Rearm, 0, false);
        if (change_ == Change.Cancel) {
            Scheduled storage entry = Schedule.get(state, values[0]);
            if (entry.effect == Effect.AfterRecoveryDelay) return (Kind.Cancel, 0, false);
            // What several proposed, each of them may take back: without it there are not enough.
            return (Kind.Cancel, entry.others.length == 0 ? entry.proposer : bytes32(0), true);
        }
        return (_lowers(state, change_, values) ? Kind.Lower : Kind.Raise, 0, false);
    }

    /// @dev Whether a setting gives somebody less than before, and nobody more.
    function _lowers(
        AccountState storage state,
        Change change_,
        bytes32[] calldata values
    ) private view returns (bool) {
        if (change_ == Change.SetAllowlisted) return values[1] == 0;
        if (change_ == Change.SetScope) return values[3] == 0;
        if (change_ == Change.SetLimit) {
            return uint256(values[2]) < Scopes.limitOf(state, values[0], _address(values[1])).limit;
        }
        if (change_ == Change.SetHours) {
            uint256 closed = state.keys[values[0]].closedHours;
            return closed & ~uint256(values[1]) == 0;
        }
        return false;
    }

    /// @param effect What the policy said; Now for what was scheduled before.
    /// @param proposer The first key that signed; zero for what was scheduled before.
    function _apply(
        AccountState storage state,
        Change change_,
        bytes32[] calldata values,
        Effect effect,
        bytes32 proposer
    ) private {
        if (change_ == Change.AddKey) {
            _addKey(state, uint8(uint256(values[0])), values[1], uint48(uint256(values[2])), effect);
        } else if (change_ == Change.ActivateKey) {
            Keys.activate(state, values[0]);
        } else if (change_ == Change.RejectKey) {
            Keys.reject(state, values[0]);
        } else if (change_ == Change.RemoveKey) {
            Keys.remove(state, values[0]);
            Freeze.noteRemoval(state);
        } else if (change_ == Change.SetThreshold) {
            uint8 role = uint8(uint256(values[0]));
            if (role != Roles.MFA && role != Roles.RECOVERY) revert RoleWithoutThreshold(role);
            Keys.setThreshold(state, role, uint8(uint256(values[1])));
        } else if (change_ == Change.SetEmergencyAddress) {
            state.emergencyAddresses[_requireAddress(values[0])] = values[1] != 0;
        } else if (change_ == Change.SetAllowlisted) {
            Scopes.setAllowlisted(state, _requireAddress(values[0]), values[1] != 0);
        } else if (change_ == Change.SetScope) {
            Scopes.set(state, values[0], _address(values[1]), bytes4(values[2]), values[3] != 0);
        } else if (change_ == Change.SetLimit) {
            Keys.get(state, values[0]);
            Limits.set(Scopes.limitOf(state, values[0], _address(values[1])), uint104(uint256(values[2])));
        } else if (change_ == Change.SetHours) {
            Keys.get(state, values[0]);
            state.keys[values[0]].closedHours = uint24(uint256(values[1]));
        } else if (change_ == Change.SetDelays) {
            state.settings.setDelays(
                uint32(uint256(values[0])),
                uint32(uint256(values[1])),
                uint32(uint256(values[2])),
                uint32(uint256(values[3]))
            );
        } else if (change_ == Change.SetRules) {
            state.settings.setRules(
                uint8(uint256(values[0])),
                values[1] != 0,
                uint8(uint256(values[2])),
                uint32(uint256(values[3]))
            );
        } else if (change_ == Change.SetSuccessor) {
            state.successor = _address(values[0]);
        } else if (change_ == Change.Lock) {
            Freeze.lock(state, proposer);
        } else if (change_ == Change.Archive) {
            Freeze.archive(state);
        } else if (change_ == Change.Unfreeze) {
            Freeze.end(state);
        } else if (change_ == Change.Cancel) {
            Schedule.remove(state, values[0]);
        } else {
            Schedule.rearm(state, values[0]);
        }
    }

    function _addKey(
        AccountState storage state,
        uint8 role,
        bytes32 keyId,
        uint48 expires,
        Effect effect
    ) private {
        if (effect == Effect.Now) return Keys.add(state, keyId, role, expires);
        bool vetoProof = effect == Effect.AfterOverrideDelay;
        uint256 delay = vetoProof ? state.settings.overrideDelay : state.settings.recoverySeconds();
        uint256 activeFrom = block.timestamp + delay;
        Keys.addPending(state, keyId, expires, uint48(activeFrom), vetoProof);
        emit KeyPendingUntil(keyId, activeFrom);
    }

    // ---- emergency addresses and the successor

    /// @inheritdoc IAccountChanges
    function emergencyWithdraw(address token, uint256 amount) external {
        _requireEmergencyAddress();
        emit EmergencyWithdrawn(msg.sender, token, 0, amount);
        Transfers.send(token, msg.sender, amount);
    }

    /// @inheritdoc IAccountChanges
    function emergencyWithdrawERC721(address token, uint256 id) external {
        _requireEmergencyAddress();
        emit EmergencyWithdrawn(msg.sender, token, id, 1);
        Transfers.sendERC721(token, msg.sender, id);
    }

    /// @inheritdoc IAccountChanges
    function emergencyWithdrawERC1155(address token, uint256 id, uint256 amount) external {
        _requireEmergencyAddress();
        emit EmergencyWithdrawn(msg.sender, token, id, amount);
        Transfers.sendERC1155(token, msg.sender, id, amount);
    }

    /// @inheritdoc IAccountChanges
    function rehearseEmergency() external {
        _requireEmergencyAddress();
        emit EmergencyRehearsed(msg.sender);
    }

    /// @inheritdoc IAccountChanges
    function unfreezeAsSuccessor() external {
        AccountState storage state = AccountStorage.load();
        if (msg.sender != state.successor) revert NotTheSuccessor(msg.sender);
        if (Freeze.kind(state) != Frozen.Archived) revert NotArchived();
        Freeze.end(state);
    }

    function _requireEmergencyAddress() private view {
        AccountState storage state = AccountStorage.load();
        if (!state.emergencyAddresses[msg.sender]) revert NotAnEmergencyAddress(msg.sender);
        _requireNotFrozen(state);
    }

    function _address(bytes32 word) private pure returns (address) {
        return address(uint160(uint256(word)));
    }

    /// @dev The zero address owns nothing and receives nothing.
    function _requireAddress(bytes32 word) private pure returns (address) {
        if (word == 0) revert AddressMissing();
        return _address(word);
    }
}
