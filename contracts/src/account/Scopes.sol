// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Call} from "../ITrivetAccount.sol";
import {AccountState} from "./AccountStorage.sol";
import {EntryPointDoor} from "./EntryPointDoor.sol";
import {Keys} from "./Keys.sol";
import {Limit, Limits} from "./Limits.sol";
import {Roles} from "./Roles.sol";
import {Transfers} from "./Transfers.sol";

/// @title Scopes
/// @notice What one key may do by itself: spend within its daily limit and hours, and make the calls in its scope.
library Scopes {
    /// @notice Calls to the account itself or to the EntryPoint are in nobody's scope: the account's deposit there is
    /// money, too.
    /// @param target What was to be put into a scope.
    error NotForAScope(address target);

    /// @notice Only device keys have a scope.
    /// @param keyId The key that was named.
    error NotADeviceKey(bytes32 keyId);

    /// @notice The key may spend this, but not at this hour.
    /// @param hour The hour of the day, 0 to 23 (UTC).
    error ClosedAtThisHour(uint256 hour);

    /// @notice The call is not in the key's scope.
    /// @param position Which of the calls, from 0.
    /// @param target The contract that was to be called.
    /// @param selector The function's selector.
    error CallNotInScope(uint256 position, address target, bytes4 selector);

    /// @notice Puts calls into a device key's scope, or takes them out.
    /// @param state The account's state.
    /// @param keyId The key.
    /// @param target The contract that is called.
    /// @param selector The function's selector; zero for calls without data.
    /// @param allowed Whether the key may.
    function set(
        AccountState storage state,
        bytes32 keyId,
        address target,
        bytes4 selector,
        bool allowed
    ) internal {
        if (Keys.get(state, keyId).role != Roles.DEVICE) revert NotADeviceKey(keyId);
        if (target == address(this) || target == EntryPointDoor.ENTRY_POINT) revert NotForAScope(target);
        state.scopes[Keys.ownership(state, keyId)][_scopeOf(target, selector)] = allowed;
    }

    /// @notice Whether a call is in a key's scope.
    /// @param state The account's state.
    /// @param keyId The key.
    /// @param target The contract that is called.
    /// @param selector The function's selector; zero for calls without data.
    /// @return True when the owner put it there.
    function contains(
        AccountState storage state,
        bytes32 keyId,
        address target,
        bytes4 selector
    ) internal view returns (bool) {
        return state.scopes[Keys.ownership(state, keyId)][_scopeOf(target, selector)];
    }

    /// @notice What a key may spend of a token by itself.
    /// @param state The account's state.
    /// @param keyId The key.
    /// @param token The token, or zero for ether.
    /// @return Where its limit is kept.
    function limitOf(
        AccountState storage state,
        bytes32 keyId,
        address token
    ) internal view returns (Limit storage) {
        return state.limits[Keys.ownership(state, keyId)][token];
    }

    /// @notice Puts an address onto the list of those to which device keys send by themselves, or takes it off.
    /// @param state The account's state.
    /// @param recipient The address.
    /// @param allowed Whether it is on the list.
    function setAllowlisted(AccountState storage state, address recipient, bool allowed) internal {
        state.allowlisted[recipient] = allowed;
        if (allowed) state.mayHaveAllowlist = true;
    }

    /// @notice Whether device keys send to an address by themselves.
    /// @param state The account's state.
    /// @param recipient The address.
    /// @return Whether the owner put it onto the list.
    function isAllowlisted(AccountState storage state, address recipient) internal view returns (bool) {
        // The first is in a slot that every operation reads; the list costs another.
        return state.mayHaveAllowlist && state.allowlisted[recipient];
    }

    /// @notice Whether a key may make calls by itself: all of them in its scope, and the ether they carry within its
    /// daily limit and hours.
    /// @param state The account's state.
    /// @param keyId An active device key, or a pending one.
    /// @param calls The calls.
    /// @return allowed Whether it may.
    /// @return value The ether all of them carry together, in wei; 0 when it may not.
    function mayCall(
        AccountState storage state,
        bytes32 keyId,
        Call[] calldata calls
    ) internal view returns (bool allowed, uint256 value) {
        if (Keys.get(state, keyId).role != Roles.DEVICE) return (false, 0);
        if (!Keys.isActive(state, keyId) && !state.settings.pendingKeysMayCall) return (false, 0);
        for (uint256 i = 0; i < calls.length; ++i) {
            Call calldata call = calls[i];
            if (!contains(state, keyId, call.target, _selectorOf(call.data))) return (false, 0);
            value += call.value;
        }
        if (value != 0 && !maySpend(state, keyId, Transfers.ETHER, value)) return (false, 0);
        return (calls.length != 0, value);
    }

    /// @notice Whether a key may spend by itself: within its daily limit and hours.
    /// @param state The account's state.
    /// @param keyId The key.
    /// @param token The token, or zero for ether.
    /// @param amount How much, in the token's smallest unit.
    /// @return Whether it may.
    function maySpend(
        AccountState storage state,
        bytes32 keyId,
        address token,
        uint256 amount
    ) internal view returns (bool) {
        return
            state.keys[keyId].closedHours & (1 << _hour()) == 0 &&
            Limits.spendable(limitOf(state, keyId, token), amount);
    }

    /// @notice Spends by one key itself, if it is within its daily limit and hours.
    /// @param state The account's state.
    /// @param keyId The key.
    /// @param token The token, or zero for ether.
    /// @param amount How much, in the token's smallest unit.
    /// @return Whether it was; if not, nothing is counted.
    function trySpend(
        AccountState storage state,
        bytes32 keyId,
        address token,
        uint256 amount
    ) internal returns (bool) {
        return
            state.keys[keyId].closedHours & (1 << _hour()) == 0 &&
            Limits.trySpend(limitOf(state, keyId, token), amount);
    }

    /// @notice Reverts with the reason why a key may not spend this by itself; not when it has no limit at all.
    /// @param state The account's state.
    /// @param keyId The key.
    /// @param token The token, or zero for ether.
    /// @param amount How much, in the token's smallest unit.
    function explainSpend(
        AccountState storage state,
        bytes32 keyId,
        address token,
        uint256 amount
    ) internal view {
        Limit storage limit = limitOf(state, keyId, token);
        if (limit.limit == 0) return;
        if (state.keys[keyId].closedHours & (1 << _hour()) != 0) revert ClosedAtThisHour(_hour());
        uint256 available = Limits.available(limit);
        if (amount > available) revert Limits.LimitExceeded(available, amount);
    }

    /// @notice Reverts with the reason why a key may not make these calls by itself; not when the first of them is
    /// not in its scope, because then it was not meant to.
    /// @param state The account's state.
    /// @param keyId The key.
    /// @param calls The calls.
    function explainCalls(AccountState storage state, bytes32 keyId, Call[] calldata calls) internal view {
        uint256 value = 0;
        for (uint256 i = 0; i < calls.length; ++i) {
            bytes4 selector = _selectorOf(calls[i].data);
            if (!contains(state, keyId, calls[i].target, selector)) {
                if (i == 0) return;
                revert CallNotInScope(i, calls[i].target, selector);
            }
            value += calls[i].value;
        }
        explainSpend(state, keyId, Transfers.ETHER, value);
    }

    function _hour() private view returns (uint256) {
        return (block.timestamp / 1 hours) % 24;
    }

    /// @dev Data shorter than a selector is filled up with zeros, as a contract's dispatch would.
    function _selectorOf(bytes calldata data) private pure returns (bytes4) {
        return bytes4(data);
    }

    function _scopeOf(address target, bytes4 selector) private pure returns (bytes24) {
        return bytes24(abi.encodePacked(target, selector));
    }
}
