// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Change} from "../../src/account/Changes.sol";
import {Effect, Kind} from "../../src/account/Policy.sol";
import {IAccountChanges} from "../../src/IAccountChanges.sol";
import {Attempt, Signers} from "../model/Attempts.sol";
import {ModelAccount, ModelKey} from "../model/Model.sol";
import {ChangeAttempts} from "./ChangeAttempts.sol";

/// @title FreezeActions
/// @notice What stops an account and lets it go on.
abstract contract FreezeActions is ChangeAttempts {
    mapping(uint256 index => uint256 key) private _lastToLock;

    /// @dev Somebody asks for a lock. A key that locked does not lock again for thirty days.
    function _lock() internal {
        Attempt memory attempt = _attempt();
        if (_once(2)) attempt.mask = 1 << _lastToLock[attempt.index];
        Signers memory signers = _signers(attempt, NOBODY, false);
        ModelKey storage first = _keyIn(attempt.index, signers.first);
        bool rested = first.lockedAt == 0 || _now >= first.lockedAt + 30 days;
        bool allowed = _effectOf(attempt, Kind.Lock, signers) == Effect.Now && rested;
        if (!_try(attempt, Change.Lock, _words(), allowed)) return;
        ++successes["lock"];
        first.lockedAt = _now;
        _lastToLock[attempt.index] = signers.first;
        _freeze(attempt.index, _now + 7 days);
    }

    /// @dev Somebody asks for an archive.
    function _archive() internal {
        Attempt memory attempt = _attempt();
        bool allowed = _effectOf(attempt, Kind.Archive, _signers(attempt, NOBODY, false)) == Effect.Now;
        if (!_try(attempt, Change.Archive, _words(), allowed)) return;
        ++successes["archive"];
        _freeze(attempt.index, FOR_EVER);
    }

    /// @dev Somebody asks for the end of a lock or an archive.
    function _unfreeze() internal {
        Attempt memory attempt = _attempt();
        if (_once(2)) _signedBy(attempt, RECOVERY);
        Signers memory signers = _signers(attempt, NOBODY, false);
        Effect effect = _effectOf(attempt, Kind.Unfreeze, signers);
        bool allowed = effect == Effect.Now ? _isFrozen(attempt.index) : effect != Effect.Never;
        if (!_try(attempt, Change.Unfreeze, _words(), allowed)) return;
        if (effect == Effect.Now) {
            ++successes["unfreezing"];
            _models[attempt.index].frozenUntil = 0;
        } else {
            _propose(attempt, effect, Change.Unfreeze, _words());
        }
    }

    /// @dev The successor ends an archive, or somebody tries who is none.
    function _unfreezeAsSuccessor() internal {
        ModelAccount storage model = _models[_draw(ACCOUNTS)];
        address who = _once(4) ? BOB : HEIR;
        bool allowed = who == model.successor && model.frozenUntil == FOR_EVER;
        vm.prank(who);
        (bool succeeded, ) = address(model.account).call(
            abi.encodeCall(IAccountChanges.unfreezeAsSuccessor, ())
        );
        _compare(succeeded, allowed);
        if (!succeeded) return;
        ++successes["unfreezing by the successor"];
        model.frozenUntil = 0;
    }
}
