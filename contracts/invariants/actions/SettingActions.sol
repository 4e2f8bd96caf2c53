// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Change} from "../../src/account/Changes.sol";
import {Effect, Kind} from "../../src/account/Policy.sol";
import {Attempt} from "../model/Attempts.sol";
import {ModelAccount} from "../model/Model.sol";
import {ChangeAttempts} from "./ChangeAttempts.sol";
import {Pursuit} from "./Pursuits.sol";
import {SpendingActions} from "./SpendingActions.sol";

/// @title SettingActions
/// @notice What gives and takes power without changing who has it: limits, hours, scopes, lists and rules.
abstract contract SettingActions is ChangeAttempts, SpendingActions {
    mapping(uint256 index => uint256 key) private _lastClosed;

    /// @dev Somebody asks for another limit of a key.
    function _changeLimit() internal {
        Attempt memory attempt = _attempt();
        if (_once(2)) _signedBy(attempt, 0);
        uint256 key = _keyWithPower(attempt.index);
        address asset = _once(2) ? ETHER : address(token);
        uint256 limit = _once(6) ? 0 : _draw(4000);
        bool isPresent = _keyIn(attempt.index, key).role != 0;
        uint256 before = isPresent ? _models[attempt.index].limits[_grant(attempt.index, key, asset)] : 0;

        bool allowed = _maySet(attempt, limit < before) && isPresent;
        bytes32[] memory values = _words(_keyId(key), _word(asset), _word(limit));
        if (!_try(attempt, Change.SetLimit, values, allowed)) return;
        ++successes["limit"];
        _setLimit(attempt.index, key, asset, limit);
    }

    /// @dev Somebody asks for other hours in which a key spends nothing.
    function _changeHours() internal {
        Attempt memory attempt = _attempt();
        if (_once(2)) _signedBy(attempt, DEVICE);
        uint256 key = _once(2) ? _lastClosed[attempt.index] : _keyWithPower(attempt.index);
        uint256 before = _keyIn(attempt.index, key).closedHours;
        uint256 closed = _once(3) ? 0 : before | (1 << _draw(24)) | (1 << _draw(24));

        bool allowed = _maySet(attempt, closed & before == before) && _keyIn(attempt.index, key).role != 0;
        if (!_try(attempt, Change.SetHours, _words(_keyId(key), _word(closed)), allowed)) return;
        ++successes["hours"];
        _keyIn(attempt.index, key).closedHours = closed;
        _lastClosed[attempt.index] = key;
    }

    /// @dev Somebody asks for a call to come into a key's scope or to leave it.
    function _changeScope() internal {
        Attempt memory attempt = _attempt();
        if (_once(2)) _signedBy(attempt, 0);
        uint256 key = _keyWithPower(attempt.index);
        address target = _once(2) ? address(token) : BOB;
        bytes4 selector = target == BOB ? bytes4(0) : TRANSFER;
        bool add = !_once(4);
        // The account itself is in nobody's scope.
        if (_once(16)) target = address(_models[attempt.index].account);

        bool allowed =
            _maySet(attempt, !add) &&
                _keyIn(attempt.index, key).role == DEVICE &&
                target != address(_models[attempt.index].account);
        bytes32[] memory values = _words(_keyId(key), _word(target), bytes32(selector), _word(add));
        if (!_try(attempt, Change.SetScope, values, allowed)) return;
        ++successes["scope"];
        _models[attempt.index].scopes[_scope(attempt.index, key, target, selector)] = add;
        if (add && _isPending(attempt.index, key)) _begin(Pursuit.Call);
    }

    /// @dev Somebody asks for a recipient, an emergency address or a successor to come or go.
    function _changeLists() internal {
        Attempt memory attempt = _attempt();
        if (_once(2)) _signedBy(attempt, 0);
        ModelAccount storage model = _models[attempt.index];
        uint256 which = _draw(3);
        bool add = !_once(3);
        if (which == 0) {
            address recipient = _recipient(attempt.index);
            bytes32[] memory values = _words(_word(recipient), _word(add));
            if (!_try(attempt, Change.SetAllowlisted, values, _maySet(attempt, !add))) return;
            model.allowlisted[recipient] = add;
        } else if (which == 1) {
            bytes32[] memory values = _words(_word(RESCUER), _word(add));
            if (!_try(attempt, Change.SetEmergencyAddress, values, _maySet(attempt, false))) return;
            model.emergency[RESCUER] = add;
        } else {
            address successor = add ? HEIR : address(0);
            if (!_try(attempt, Change.SetSuccessor, _words(_word(successor)), _maySet(attempt, false)))
                return;
            model.successor = successor;
        }
        ++successes["list"];
    }

    /// @dev Somebody asks for other rules or delays.
    function _changeRules() internal {
        Attempt memory attempt = _attempt();
        if (_once(2)) _signedBy(attempt, 0);
        ModelAccount storage model = _models[attempt.index];
        if (_once(2)) {
            uint256 roles = _draw(8) << 1;
            bool pendingKeysMayCall = !_once(3);
            bytes32[] memory rules = _words(_word(roles), _word(pendingKeysMayCall), 0, 0);
            if (!_try(attempt, Change.SetRules, rules, _maySet(attempt, false))) return;
            (model.singleKeyRoles, model.pendingKeysMayCall) = (roles, pendingKeysMayCall);
        } else {
            uint256 recovery = (1 + _draw(10)) * 1 days;
            uint256 removal = (1 + _draw(10)) * 1 days;
            uint256 singleKey = (3 + _draw(10)) * 1 days;
            uint256 overruling = _once(2) ? 0 : (7 + _draw(10)) * 1 days;
            bytes32[] memory delays = _words(
                _word(recovery),
                _word(removal),
                _word(singleKey),
                _word(overruling)
            );
            if (!_try(attempt, Change.SetDelays, delays, _maySet(attempt, false))) return;
            model.delays = [recovery, removal, singleKey, overruling];
        }
        ++successes["rules"];
    }

    /// @dev To give power takes device and mfa, to take it a device key.
    function _maySet(Attempt memory attempt, bool lowers) private view returns (bool) {
        return
            _effectOf(attempt, lowers ? Kind.Lower : Kind.Raise, _signers(attempt, NOBODY, false)) ==
            Effect.Now;
    }

    /// @dev Mostly a key that is there, now and then one that is pending.
    function _keyWithPower(uint256 index) private returns (uint256) {
        if (_once(12)) return _draw(KEYS);
        return _once(2) ? _waitingKey(index) : _someKey(index, true);
    }
}
