// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Change} from "../../src/account/Changes.sol";
import {Effect, Kind} from "../../src/account/Policy.sol";
import {Attempt, Signers} from "../model/Attempts.sol";
import {Errand, ModelKey, Waiting} from "../model/Model.sol";
import {KeyActions} from "./KeyActions.sol";

/// @title ScheduleActions
/// @notice What becomes of operations that wait: they run, are cancelled, sleep and are armed again. Those that are
/// gone are tried like the others.
abstract contract ScheduleActions is KeyActions {
    /// @dev Somebody runs what waits.
    function _runWaiting() internal {
        if (_waiting.length == 0) return;
        Waiting storage entry = _someWaiting();
        if (_isUndecided(entry)) return;
        bool allowed = _mayRun(entry);
        // solhint-disable-next-line no-unchecked-calls
        (bool succeeded, ) = address(_models[entry.index].account).call(entry.call);
        _compare(succeeded, allowed);
        if (!succeeded) return;

        _remember(entry.index, entry.call);
        ++successes[string.concat("run of ", sortOf(entry.errand))];
        entry.gone = true;
        if (entry.errand == Errand.Pay) _pay(entry.index, entry.payments);
        else if (entry.errand == Errand.RemoveKey) _remove(entry.index, entry.key);
        else _models[entry.index].frozenUntil = 0;
    }

    /// @dev Somebody asks for what waits to be cancelled: a device key, or for what one key or one role proposed, any
    /// key but the one that did.
    function _cancel() internal {
        if (_waiting.length == 0) return;
        Attempt memory attempt = _attempt();
        Waiting storage entry = _someWaiting();
        bool byAnyOther = entry.errand != Errand.Unfreeze;
        bool several = entry.proposers & (entry.proposers - 1) != 0;
        if (_isLapsed(entry) || (several && byAnyOther && attempt.mask & entry.proposers != 0)) return;

        Signers memory signers = _signers(attempt, byAnyOther ? entry.proposer : NOBODY, false);
        Effect effect = _effectOf(attempt, Kind.Cancel, signers, false, byAnyOther);
        bool allowed = effect == Effect.Now && !entry.gone && entry.index == attempt.index;
        if (!_try(attempt, Change.Cancel, _words(entry.id), allowed)) return;
        ++successes["cancellation"];
        entry.gone = true;
    }

    /// @dev Somebody asks for what sleeps to be armed again.
    function _rearm() internal {
        if (_waiting.length == 0) return;
        Attempt memory attempt = _attempt();
        if (_once(2)) _signedBy(attempt, 0);
        Waiting storage entry = _someWaiting();
        if (_isLapsed(entry)) return;
        Effect effect = _effectOf(attempt, Kind.Rearm, _signers(attempt, NOBODY, false));
        bool allowed = effect == Effect.Now && !entry.gone && entry.index == attempt.index && _sleeps(entry);
        if (!_try(attempt, Change.Rearm, _words(entry.id), allowed)) return;
        ++successes["arming again"];
        entry.epoch = _models[entry.index].epoch;
        entry.executableAt = _now + _delayOf(entry.index, entry.effect);
    }

    function _sleeps(Waiting storage entry) internal view returns (bool) {
        return entry.epoch != _models[entry.index].epoch;
    }

    function _isLapsed(Waiting storage entry) internal view returns (bool) {
        return _now > entry.executableAt + EXECUTION_WINDOW;
    }

    /// @dev Whether what waits runs now.
    function _mayRun(Waiting storage entry) private view returns (bool) {
        if (entry.gone || _sleeps(entry) || _now < entry.executableAt || _isLapsed(entry)) return false;
        // It is its proposer's, and the proposer must still be there.
        ModelKey storage proposer = _keyIn(entry.index, entry.proposer);
        if (proposer.addition != entry.addition || !_isActive(entry.index, entry.proposer)) return false;
        if (entry.errand == Errand.Unfreeze) return _isFrozen(entry.index);
        if (_isFrozen(entry.index)) return false;
        if (entry.errand == Errand.RemoveKey) {
            return _keyIn(entry.index, entry.key).role == DEVICE && !_isVetoProof(entry.index, entry.key);
        }
        bool on = (_models[entry.index].singleKeyRoles >> proposer.role) & 1 == 1;
        return on && _canPay(entry.index, entry.payments);
    }

    /// @dev Where the rules leave it open: a proposal of several keys of which one is no key any more, or the removal
    /// of a key that is another one by now.
    function _isUndecided(Waiting storage entry) private view returns (bool) {
        if (
            entry.errand == Errand.RemoveKey && entry.keyAddition != _keyIn(entry.index, entry.key).addition
        ) {
            return true;
        }
        return entry.proposers & (entry.proposers - 1) != 0 && !_allActive(entry);
    }

    function _allActive(Waiting storage entry) private view returns (bool) {
        for (uint256 key = 0; key < KEYS; ++key) {
            if ((entry.proposers >> key) & 1 == 1 && !_isActive(entry.index, key)) return false;
        }
        return true;
    }

    /// @dev Mostly one of the last eight, and one that still waits.
    function _someWaiting() private returns (Waiting storage entry) {
        uint256 recent = _waiting.length < 8 || _once(8) ? _waiting.length : 8;
        entry = _waiting[_waiting.length - 1 - _draw(recent)];
        for (uint256 tries = 0; tries < 3 && entry.gone; ++tries) {
            entry = _waiting[_waiting.length - 1 - _draw(recent)];
        }
    }
}
