// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Change} from "../../src/account/Changes.sol";
import {Effect, Kind} from "../../src/account/Policy.sol";
import {TrivetAccount} from "../../src/TrivetAccount.sol";
import {Attempt, Signers} from "../model/Attempts.sol";
import {ModelKey, Waiting} from "../model/Model.sol";
import {ChangeAttempts} from "./ChangeAttempts.sol";
import {Pursuit, Pursuits} from "./Pursuits.sol";

/// @title KeyActions
/// @notice What changes who has authority: keys that come, go and are replaced, and thresholds.
abstract contract KeyActions is ChangeAttempts, Pursuits {
    /// @dev Somebody asks for a key to be added, for ever or until it expires.
    function _add() internal {
        Attempt memory attempt = _attempt();
        uint8 role = _once(16) ? uint8(_draw(5)) : uint8(1 + _draw(3));
        if (_once(3)) {
            role = DEVICE;
            _signedBy(attempt, RECOVERY);
            if (_once(3)) attempt.mask |= _roleMask(attempt.index, MFA);
        }
        uint256 key = _once(4) ? _draw(KEYS) : _someKey(attempt.index, false);
        uint256 expires = _once(3) ? _now + _draw(30 days) : 0;

        Signers memory signers = _signers(attempt, NOBODY, false);
        Effect effect = _effectOf(attempt, role == DEVICE ? Kind.AddDeviceKey : Kind.AddKey, signers);
        bool possible =
            role >= DEVICE &&
                role <= RECOVERY &&
                (expires == 0 || expires > _now) &&
                _isFree(attempt.index, key);
        bytes32[] memory values = _words(_word(role), _keyId(key), _word(expires));
        if (!_try(attempt, Change.AddKey, values, effect != Effect.Never && possible)) return;

        _addKey(attempt.index, key, role, expires);
        if (effect == Effect.Now) {
            ++successes["key"];
            return;
        }
        ++successes["pending key"];
        ModelKey storage added = _keyIn(attempt.index, key);
        added.activeFrom = _now + _delayOf(attempt.index, effect);
        added.byTime = true;
        added.vetoProof = effect == Effect.AfterOverrideDelay;
    }

    /// @dev Somebody asks for a pending key to become active at once, or never.
    function _decide() internal {
        Attempt memory attempt = _attempt();
        bool activates = _once(2);
        if (_once(2)) _signedBy(attempt, DEVICE);
        uint256 key = _once(4) ? _draw(KEYS) : _waitingKey(attempt.index);
        ModelKey storage it = _keyIn(attempt.index, key);

        Signers memory signers = _signers(attempt, NOBODY, false);
        Effect effect = _effectOf(attempt, activates ? Kind.ActivateKey : Kind.RejectKey, signers);
        bool waits = it.role != 0 && (it.asleep || _now < it.activeFrom);
        bool allowed = effect == Effect.Now && waits && (activates || !it.vetoProof);
        Change change = activates ? Change.ActivateKey : Change.RejectKey;
        if (!_try(attempt, change, _words(_keyId(key)), allowed)) return;

        ++successes[activates ? "activation" : "rejection"];
        if (!activates) {
            delete _models[attempt.index].keys[key];
            return;
        }
        it.activeFrom = _now;
        (it.byTime, it.vetoProof, it.asleep) = (false, false, false);
    }

    /// @dev Somebody asks for a key to be removed.
    function _removeKey() internal {
        Attempt memory attempt = _attempt();
        bool pursued = _isPursued(Pursuit.Remove);
        if (pursued || _once(3)) _signedBy(attempt, pursued ? 0 : DEVICE);
        uint256 key = _once(8) ? _draw(KEYS) : _someKey(attempt.index, true);
        if (!pursued && _once(3)) key = _someProposer(key);
        uint8 role = _keyIn(attempt.index, key).role;

        // A device key has no say in its own removal.
        Signers memory signers = _signers(attempt, role == DEVICE ? key : NOBODY, false);
        Kind kind = role == DEVICE ? Kind.RemoveDeviceKey : Kind.RemoveKey;
        Effect effect = role == 0 ? Effect.Never : _effectOf(attempt, kind, signers);
        bool possible =
            effect == Effect.Now ? _maySpare(attempt.index, key) : !_isVetoProof(attempt.index, key);
        if (!_try(attempt, Change.RemoveKey, _words(_keyId(key)), effect != Effect.Never && possible)) return;

        if (effect == Effect.Now) {
            ++successes["removal"];
            _remove(attempt.index, key);
            if (_once(4)) _begin(Pursuit.Remove);
            return;
        }
        Waiting storage entry = _propose(attempt, effect, Change.RemoveKey, _words(_keyId(key)));
        entry.key = key;
    }

    /// @dev Somebody asks for a key to be replaced.
    function _replaceKey() internal {
        Attempt memory attempt = _attempt();
        if (_once(2)) _signedBy(attempt, 0);
        uint256 oldKey = _someKey(attempt.index, true);
        uint256 newKey = _once(4) ? _draw(KEYS) : _someKey(attempt.index, false);
        uint8 role = _keyIn(attempt.index, oldKey).role;
        if (_once(8)) role = uint8(_draw(5));

        Signers memory signers = _signers(attempt, NOBODY, false);
        bool allowed =
            _effectOf(attempt, Kind.ReplaceKey, signers) == Effect.Now &&
                (role == MFA || role == RECOVERY) &&
                _keyIn(attempt.index, oldKey).role == role &&
                oldKey != newKey &&
                _isFree(attempt.index, newKey);
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256(
                    "KeyReplacement(address account,uint8 role,bytes32 oldKey,bytes32 newKey,uint256 nonce)"
                ),
                account,
                role,
                _keyId(oldKey),
                _keyId(newKey),
                attempt.nonce
            )
        );
        bytes memory call = abi.encodeCall(
            TrivetAccount.replaceKey,
            (role, _keyId(oldKey), _keyId(newKey), attempt.nonce, "", "")
        );
        if (!_try(attempt, structHash, call, allowed)) return;

        ++successes["replacement"];
        _addKey(attempt.index, newKey, role, 0);
        _remove(attempt.index, oldKey);
    }

    /// @dev Somebody asks for more or fewer signatures of a role.
    function _setThreshold() internal {
        Attempt memory attempt = _attempt();
        uint8 role = _once(16) ? uint8(_draw(5)) : MFA + uint8(_draw(2));
        uint256 threshold = _once(3) ? 1 : _draw(4);
        if (_once(2)) _signedBy(attempt, 0);

        Signers memory signers = _signers(attempt, NOBODY, false);
        bool allowed =
            _effectOf(attempt, Kind.SetThreshold, signers) == Effect.Now &&
                (role == MFA || role == RECOVERY) &&
                threshold != 0 &&
                threshold <= _lasting(attempt.index, role);
        if (!_try(attempt, Change.SetThreshold, _words(_word(role), _word(threshold)), allowed)) return;

        ++successes["threshold"];
        _models[attempt.index].thresholds[role] = threshold;
    }

    /// @dev A key goes. Whoever removes a device key is another one.
    function _remove(uint256 index, uint256 key) internal {
        bool isDevice = _keyIn(index, key).role == DEVICE;
        delete _models[index].keys[key];
        if (isDevice && !_hasActiveDeviceKey(index)) ++disagreements;
        _noteRemoval(index);
    }

    /// @dev Mfa and recovery keep as many keys that never expire as have to sign.
    function _maySpare(uint256 index, uint256 key) private view returns (bool) {
        ModelKey storage it = _keyIn(index, key);
        if (it.role == DEVICE || it.expires != 0) return true;
        return _lasting(index, it.role) > _models[index].thresholds[it.role];
    }

    /// @dev A key that proposed what still waits; another one when nothing does.
    function _someProposer(uint256 other) private returns (uint256 key) {
        if (_waiting.length == 0) return other;
        uint256 recent = _waiting.length < 4 ? _waiting.length : 4;
        uint256 proposers = _waiting[_waiting.length - 1 - _draw(recent)].proposers;
        while (proposers >> key > 1) ++key;
    }

    function _isVetoProof(uint256 index, uint256 key) internal view returns (bool) {
        ModelKey storage it = _keyIn(index, key);
        return it.vetoProof && _now < it.activeFrom;
    }

    function _hasActiveDeviceKey(uint256 index) private view returns (bool) {
        for (uint256 key = 0; key < KEYS; ++key) {
            if (_keyIn(index, key).role == DEVICE && _isActive(index, key)) return true;
        }
        return false;
    }
}
