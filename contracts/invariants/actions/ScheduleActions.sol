// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Change} from "../../src/account/Changes.sol";
import {Effect, Kind} from "../../src/account/Policy.sol";
import {Attempt, Signers} from "../model/Attempts.sol";
import {Errand, ModelAccount, ModelKey, Waiting} from "../model/Model.sol";
import {KeyActions} from "./KeyActions.sol";

/// @title ScheduleActions
/// @notice What becomes of operations that wait: they run, are cancelled, sleep and are armed again. Those that are
/// gone are tried like the others.
abstract contract ScheduleActions is KeyActions {
    /// @dev Somebody runs what waits.
    function _runWaiting() internal {
        if (_waiting.length == 0) return;
        Waiting storage entry = _someWaiting();
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
        // What several proposed, each of them may take back.
        bool several = entry.proposers & (entry.proposers - 1) != 0;
        uint256 concerned = byAnyOther && !several ? _onlyOne(entry.proposers) : NOBODY;
        Signers memory signers = _signers(attempt, concerned, false);
        Effect effect = _effectOf(attempt.index, Kind.Cancel, signers, false, byAnyOther);
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
        Effect effect = _effectOf(attempt, Kind.Rearm, _signers(attempt, NOBODY, false));
        bool allowed = effect == Effect.Now && !entry.gone && entry.index == attempt.index && _sleeps(entry);
        if (!_try(attempt, Change.Rearm, _words(entry.id), allowed)) return;
        ++successes["arming again"];
        entry.epoch = _models[entry.index].epoch;
        entry.executableAt = _now + _delayOf(entry.index, entry.effect);
    }

    /// @dev Whether it waits for somebody to arm it again. What had lapsed before the account froze does not come back.
    function _sleeps(Waiting storage entry) internal view returns (bool) {
        ModelAccount storage model = _models[entry.index];
        bool slept = entry.epoch != model.epoch;
        return slept && model.frozenAt[entry.epoch + 1] <= entry.executableAt + EXECUTION_WINDOW;
    }

    /// @dev Whether what waits runs now.
    function _mayRun(Waiting storage entry) private view returns (bool) {
        uint256 index = entry.index;
        bool due =
            entry.epoch == _models[index].epoch &&
                _now >= entry.executableAt &&
                _now <= entry.executableAt + EXECUTION_WINDOW;
        if (entry.gone || !due) return false;

        if (entry.errand == Errand.Unfreeze) {
            return _isFrozen(index) && _effectOf(index, Kind.Unfreeze, _proposersOf(entry)) != Effect.Never;
        }
        if (entry.errand == Errand.RemoveKey) {
            ModelKey storage it = _keyIn(index, entry.key);
            Kind kind = it.role == DEVICE ? Kind.RemoveDeviceKey : Kind.RemoveKey;
            return
                it.role != 0 &&
                it.addition <= entry.additions &&
                !_isVetoProof(index, entry.key) &&
                _effectOf(index, kind, _proposersOf(entry)) != Effect.Never;
        }
        return
            _effectOf(index, Kind.Withdraw, _proposersOf(entry)) != Effect.Never &&
            _canPay(index, entry.payments);
    }

    /// @dev It is theirs who proposed it, and it counts for what all of them are now.
    function _proposersOf(Waiting storage entry) private view returns (Signers memory signers) {
        signers.valid = true;
        for (uint256 key = 0; key < KEYS; ++key) {
            if ((entry.proposers >> key) & 1 == 0) continue;
            ModelKey storage it = _keyIn(entry.index, key);
            if (!_isActive(entry.index, key) || it.addition > entry.additions) signers.valid = false;
            ++signers.counts[it.role];
        }
    }

    function _effectOf(uint256 index, Kind kind, Signers memory signers) private view returns (Effect) {
        return _effectOf(index, kind, signers, false, false);
    }

    /// @dev The only key of a set.
    function _onlyOne(uint256 mask) private pure returns (uint256 key) {
        while (mask >> key > 1) ++key;
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
