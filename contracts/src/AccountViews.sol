// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {ERC7739} from "@openzeppelin/contracts/utils/cryptography/signers/draft-ERC7739.sol";

import {AccountState, AccountStorage} from "./account/AccountStorage.sol";
import {Freeze} from "./account/Freeze.sol";
import {Key, Keys} from "./account/Keys.sol";
import {Limit, Limits} from "./account/Limits.sol";
import {Circumstances, Effect, Frozen, Kind, Policy} from "./account/Policy.sol";
import {RoleCounts} from "./account/Roles.sol";
import {Schedule, Scheduled} from "./account/Schedule.sol";
import {Scopes} from "./account/Scopes.sol";
import {Settings, SettingsLib} from "./account/Settings.sol";
import {Stage} from "./account/Stages.sol";
import {IAccountViews} from "./IAccountViews.sol";
import {ITrivetAccount} from "./ITrivetAccount.sol";

/// @title AccountViews
/// @notice The part of an account's code that changes nothing: what the account knows, and its signatures for other
/// contracts (ERC-1271 through ERC-7739). It runs for the account: {AccountChanges} delegates to it.
contract AccountViews is IAccountViews, ERC7739 {
    using SettingsLib for *;

    /// @dev The domain of signatures for other contracts: its verifyingContract is the account itself.
    constructor() EIP712("Trivet", "1") {}

    /// @inheritdoc IAccountViews
    function getKey(bytes32 keyId) external view returns (uint8 role, uint48 activeFrom, uint48 expires) {
        AccountState storage state = AccountStorage.load();
        Key memory key = state.keys[keyId];
        return (key.role, Keys.isAsleep(state, keyId) ? type(uint48).max : key.activeFrom, key.expires);
    }

    /// @inheritdoc IAccountViews
    function getKeyDetails(bytes32 keyId) external view returns (Key memory key, bool active) {
        AccountState storage state = AccountStorage.load();
        return (state.keys[keyId], Keys.isActive(state, keyId));
    }

    /// @inheritdoc IAccountViews
    function keyCount(uint8 role) external view returns (uint256) {
        return AccountStorage.load().keyCounts.forRole(role);
    }

    /// @inheritdoc IAccountViews
    function threshold(uint8 role) external view returns (uint256) {
        return AccountStorage.load().thresholds.forRole(role);
    }

    /// @inheritdoc IAccountViews
    function getSettings() external view returns (Settings memory settings, address successor) {
        AccountState storage state = AccountStorage.load();
        settings = state.settings;
        settings.recoveryDelay = state.settings.recoverySeconds();
        settings.removalDelay = state.settings.removalSeconds();
        settings.singleKeyDelay = state.settings.singleKeySeconds();
        (uint256 count, uint256 window) = state.settings.tripwire();
        settings.tripwireCount = uint8(count);
        settings.tripwireWindow = uint32(window);
        return (settings, state.successor);
    }

    /// @inheritdoc IAccountViews
    function getFreeze() external view returns (Frozen frozen, uint256 until, uint256 epoch) {
        AccountState storage state = AccountStorage.load();
        return (Freeze.kind(state), state.frozenUntil, state.epoch);
    }

    /// @inheritdoc IAccountViews
    function getScheduled(bytes32 operation) external view returns (Scheduled memory entry, bool asleep) {
        AccountState storage state = AccountStorage.load();
        entry = state.scheduled[operation];
        return (entry, Schedule.stageOf(state, operation) == Stage.Asleep);
    }

    /// @inheritdoc IAccountViews
    function getLimit(bytes32 keyId, address token) external view returns (uint256 limit, uint256 available) {
        Limit storage entry = Scopes.limitOf(AccountStorage.load(), keyId, token);
        return (entry.limit, Limits.available(entry));
    }

    /// @inheritdoc IAccountViews
    function isInScope(bytes32 keyId, address target, bytes4 selector) external view returns (bool) {
        return Scopes.contains(AccountStorage.load(), keyId, target, selector);
    }

    /// @inheritdoc IAccountViews
    function isAllowlisted(address recipient) external view returns (bool) {
        return AccountStorage.load().allowlisted[recipient];
    }

    /// @inheritdoc IAccountViews
    function isEmergencyAddress(address account) external view returns (bool) {
        return AccountStorage.load().emergencyAddresses[account];
    }

    /// @dev ERC-1271 through ERC-7739, which binds a signature to this account. Device and mfa, and not while frozen:
    /// with such a signature tokens can be moved.
    function _rawSignatureValidation(
        bytes32 hash,
        bytes calldata signature
    ) internal view override returns (bool) {
        try ITrivetAccount(address(this)).signersOf(hash, signature) returns (RoleCounts roles) {
            AccountState storage state = AccountStorage.load();
            Circumstances memory circumstances;
            circumstances.signed = roles;
            circumstances.thresholds = state.thresholds;
            circumstances.frozen = Freeze.kind(state);
            return Policy.effectOf(Kind.Sign, circumstances) == Effect.Now;
        } catch {
            return false;
        }
    }
}
