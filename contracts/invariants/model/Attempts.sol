// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {PackedUserOperation} from "@openzeppelin/contracts/interfaces/IERC4337.sol";

import {EntryPointDoor} from "../../src/account/EntryPointDoor.sol";
import {Effect, Kind} from "../../src/account/Policy.sol";
import {TrivetAccount} from "../../src/TrivetAccount.sol";
import {Errand, Model, ModelAccount, ModelKey, Waiting} from "./Model.sol";
import {Facts, Rules} from "./Rules.sol";

/// @notice What can be wrong with an operation although the right keys signed it.
enum Flaw {
    None,
    OtherAccount,
    OtherChain,
    OtherForm,
    Twice,
    Unordered,
    UsedNonce,
    LaterNonce
}

/// @notice How an operation reaches the account: sent by anyone with its signatures, or through the ERC-4337
/// EntryPoint, where a paymaster pays or the account itself.
enum Door {
    Relay,
    Sponsored,
    SelfPaid
}

/// @notice How an operation is made.
/// @param index The account it is for.
/// @param nonce The nonce it carries.
/// @param mask Bit k is set when key k signs.
/// @param flaw What is wrong with it.
/// @param door How it comes.
struct Attempt {
    uint256 index;
    uint256 nonce;
    uint256 mask;
    Flaw flaw;
    Door door;
}

/// @notice Who signed, as the model sees it.
/// @param valid Whether all of it is in order: no flaw, and every signer has a say.
/// @param counts How many active keys of each role.
/// @param number How many keys.
/// @param first The first of them by key id; an active one, if any is.
struct Signers {
    bool valid;
    uint256[4] counts;
    uint256 number;
    uint256 first;
}

/// @title Attempts
/// @notice How operations are made, right and wrong, and brought to the accounts through any door; and that an account
/// does what the model says.
abstract contract Attempts is Model {
    /// @dev No key: nobody is concerned.
    uint256 internal constant NOBODY = KEYS;
    uint256 private constant HOME = 31337;
    uint256 private constant REMEMBERED = 16;
    /// @dev What a user operation costs that the account pays itself (wei).
    uint256 private constant FEE = 7;

    /// @notice How often operations of each sort went through.
    mapping(string sort => uint256) public successes;
    /// @notice How many attempts were refused.
    uint256 public refusals;
    /// @notice How many operations went through the EntryPoint.
    uint256 public throughEntryPoint;

    /// @dev Calls that went through once, and to which account.
    bytes[] internal _done;
    uint256[] internal _doneBy;
    uint256 private _userOperations;
    mapping(bytes32 call => bool) private _validated;

    // ---- how an operation is made

    /// @dev Mostly nothing is wrong; the nonce is the account's next one unless that is what is wrong. From now on
    /// hashes are made for the account and the chain it is signed for.
    function _attempt() internal returns (Attempt memory attempt) {
        attempt.index = _draw(ACCOUNTS);
        attempt.mask = _mask(attempt.index);
        uint256 lane = _lane(_draw(LANES));
        uint64 sequence = _models[attempt.index].sequences[lane];
        if (_once(6)) attempt.flaw = Flaw(_draw(uint256(type(Flaw).max) + 1));
        // The first operation of a lane has no nonce before it.
        if (attempt.flaw == Flaw.UsedNonce && sequence == 0) attempt.flaw = Flaw.LaterNonce;
        if (attempt.flaw == Flaw.UsedNonce) --sequence;
        if (attempt.flaw == Flaw.LaterNonce) ++sequence;
        attempt.nonce = (lane << 64) | sequence;
        // What is signed at the EntryPoint is its hash, which has the chain and its own nonce in it.
        bool relayOnly = attempt.flaw == Flaw.OtherChain || attempt.flaw >= Flaw.UsedNonce;
        if (!relayOnly && _once(4)) attempt.door = _once(2) ? Door.Sponsored : Door.SelfPaid;
        account = _models[attempt.flaw == Flaw.OtherAccount ? 1 - attempt.index : attempt.index].account;
        if (attempt.flaw == Flaw.OtherChain) vm.chainId(HOME + 1);
    }

    /// @dev Who signs: mostly those who suffice for something.
    function _mask(uint256 index) private returns (uint256 mask) {
        uint256 sort = _draw(10);
        if (sort == 0) mask = _draw(1 << KEYS);
        if (sort == 1) mask = 1 << (_once(2) ? _waitingKey(index) : _draw(KEYS));
        if (sort == 2 || sort == 4) mask |= _roleMask(index, RECOVERY);
        if (sort == 3 || sort == 4) mask |= _roleMask(index, MFA);
        if (sort >= 5) mask |= _roleMask(index, DEVICE);
        if (sort == 6) mask |= _roleMask(index, RECOVERY);
        if (sort >= 7) mask |= _roleMask(index, MFA);
        // An operation without signatures is something else.
        if (mask == 0) mask = 1 << _draw(KEYS);
    }

    /// @dev Has one role sign alone, or device and mfa where that is not given.
    function _signedBy(Attempt memory attempt, uint8 role) internal {
        uint256 mask = _roleMask(attempt.index, role == 0 ? DEVICE : role);
        if (role == 0) mask |= _roleMask(attempt.index, MFA);
        if (mask != 0) attempt.mask = mask;
    }

    /// @dev As many active keys of a role as have to sign; fewer where there are fewer.
    function _roleMask(uint256 index, uint8 role) internal returns (uint256 mask) {
        uint256 missing = _models[index].thresholds[role];
        uint256 start = _draw(KEYS);
        for (uint256 i = 0; i < KEYS && missing > 0; ++i) {
            uint256 key = (start + i) % KEYS;
            if (_keyIn(index, key).role != role || !_isActive(index, key)) continue;
            mask |= 1 << key;
            --missing;
        }
    }

    /// @dev Some key that is there, or one that can be added; any key when there is none like that.
    function _someKey(uint256 index, bool present) internal returns (uint256 key) {
        uint256 start = _draw(KEYS);
        for (uint256 i = 0; i < KEYS; ++i) {
            key = (start + i) % KEYS;
            if (present ? _keyIn(index, key).role != 0 : _isFree(index, key)) return key;
        }
    }

    /// @dev Some key that is pending or asleep; any key when there is none.
    function _waitingKey(uint256 index) internal returns (uint256 key) {
        uint256 start = _draw(KEYS);
        for (uint256 i = 0; i < KEYS; ++i) {
            key = (start + i) % KEYS;
            ModelKey storage it = _keyIn(index, key);
            if (it.role != 0 && (it.asleep || _now < it.activeFrom)) return key;
        }
    }

    // ---- what the model says to it

    /// @dev Who signed.
    /// @param concerned A key that may not decide about this.
    /// @param pendingCounts Whether a pending key may be among those that signed.
    function _signers(
        Attempt memory attempt,
        uint256 concerned,
        bool pendingCounts
    ) internal view returns (Signers memory signers) {
        signers = _signersOf(attempt, pendingCounts && attempt.door == Door.Relay);
        if ((attempt.mask >> concerned) & 1 == 1) signers.valid = false;
        if (attempt.door == Door.SelfPaid && !_mayPayFees(attempt.index, signers)) signers.valid = false;
    }

    function _signersOf(
        Attempt memory attempt,
        bool pendingCounts
    ) private view returns (Signers memory signers) {
        uint256[] memory order = _ascending(attempt.mask);
        signers.number = order.length;
        signers.first = order[0];
        // With one signature, its place cannot be wrong.
        signers.valid = attempt.flaw == Flaw.None || (attempt.flaw == Flaw.Unordered && order.length == 1);
        bool found = false;
        for (uint256 i = 0; i < order.length; ++i) {
            if (_isActive(attempt.index, order[i])) {
                ++signers.counts[_keyIn(attempt.index, order[i]).role];
                if (!found) signers.first = order[i];
                found = true;
            } else if (!pendingCounts || !_isPending(attempt.index, order[i])) {
                signers.valid = false;
            }
        }
    }

    function _enough(uint256 index, Signers memory signers, uint8 role) internal view returns (bool) {
        return signers.counts[role] >= _models[index].thresholds[role];
    }

    /// @dev Fees are a withdrawal.
    function _mayPayFees(uint256 index, Signers memory signers) private view returns (bool) {
        return !_isFrozen(index) && _enough(index, signers, DEVICE) && _enough(index, signers, MFA);
    }

    /// @dev When the operation takes effect.
    function _effectOf(
        Attempt memory attempt,
        Kind kind,
        Signers memory signers,
        bool byItself,
        bool vetoByAny
    ) internal view returns (Effect) {
        if (!signers.valid) return Effect.Never;
        ModelAccount storage model = _models[attempt.index];
        Facts memory facts;
        facts.device = _enough(attempt.index, signers, DEVICE);
        facts.mfa = _enough(attempt.index, signers, MFA);
        facts.recovery = _enough(attempt.index, signers, RECOVERY);
        uint256 total = signers.counts[DEVICE] + signers.counts[MFA] + signers.counts[RECOVERY];
        facts.anybody = total != 0;
        facts.byItself = byItself;
        for (uint8 role = DEVICE; role <= RECOVERY; ++role) {
            bool alone = signers.counts[role] == total && _enough(attempt.index, signers, role);
            if (alone && (model.singleKeyRoles >> role) & 1 == 1) facts.roleAlone = true;
        }
        facts.overrideOn = model.delays[3] != 0;
        facts.vetoByAny = vetoByAny;
        facts.frozen = _isFrozen(attempt.index);
        return Rules.effectOf(kind, facts);
    }

    function _effectOf(
        Attempt memory attempt,
        Kind kind,
        Signers memory signers
    ) internal view returns (Effect) {
        return _effectOf(attempt, kind, signers, false, false);
    }

    function _delayOf(uint256 index, Effect effect) internal view returns (uint256) {
        if (effect == Effect.AfterRecoveryDelay) return _models[index].delays[0];
        if (effect == Effect.AfterRemovalDelay) return _models[index].delays[1];
        return effect == Effect.AfterSingleKeyDelay ? _models[index].delays[2] : _models[index].delays[3];
    }

    /// @dev Begins what waits.
    function _propose(
        Attempt memory attempt,
        Signers memory signers,
        Effect effect,
        bytes32 id,
        bytes memory call
    ) internal returns (Waiting storage entry) {
        entry = _waiting.push();
        (entry.index, entry.id, entry.call, entry.effect) = (attempt.index, id, call, effect);
        entry.executableAt = _now + _delayOf(attempt.index, effect);
        entry.epoch = _models[attempt.index].epoch;
        (entry.proposer, entry.proposers) = (signers.first, attempt.mask);
        entry.addition = _keyIn(attempt.index, signers.first).addition;
        ++successes[string.concat("proposal of ", sortOf(entry.errand))];
    }

    function sortOf(Errand errand) internal pure returns (string memory) {
        return
            errand == Errand.Pay
                ? "payment"
                : errand == Errand.RemoveKey
                    ? "removal"
                    : "unfreezing";
    }

    // ---- what the account does

    /// @dev Brings an operation to its account and compares.
    /// @param structHash Its hashStruct, made for what it is signed for.
    /// @param call The call with empty signatures.
    /// @param allowed Whether the model lets it through.
    function _try(
        Attempt memory attempt,
        bytes32 structHash,
        bytes memory call,
        bool allowed
    ) internal returns (bool succeeded) {
        bytes32 digest = _digest(structHash);
        vm.chainId(HOME);
        address target = address(_models[attempt.index].account);
        if (attempt.door == Door.Relay) {
            bytes memory signed = _withSignatures(call, _sign(attempt, digest));
            (succeeded, ) = target.call(signed);
            if (succeeded) _remember(attempt.index, signed);
        } else {
            bytes32 hash = keccak256(abi.encode("user operation", ++_userOperations));
            if (_validate(attempt, hash, call)) succeeded = _callFromEntryPoint(target, call);
            else if (!_validated[keccak256(bytes.concat(bytes20(target), call))]) {
                if (_callFromEntryPoint(target, call)) ++disagreements;
            }
            // What was signed once counts once.
            if (succeeded) {
                ++throughEntryPoint;
                if (_callFromEntryPoint(target, call)) ++disagreements;
            }
        }
        _compare(succeeded, allowed);
        uint256 lane = attempt.nonce >> 64;
        if (succeeded) _models[attempt.index].sequences[lane] = _sequenceAfter(attempt, lane);
    }

    /// @dev One more. Through the EntryPoint, whose own nonce keeps a user operation from running twice, it may also
    /// stay.
    function _sequenceAfter(Attempt memory attempt, uint256 lane) private view returns (uint64 sequence) {
        ModelAccount storage model = _models[attempt.index];
        sequence = model.sequences[lane] + 1;
        bool stays = uint64(model.account.getNonce(uint192(lane))) == model.sequences[lane];
        if (attempt.door != Door.Relay && stays) --sequence;
    }

    /// @dev As the EntryPoint would: first the signatures, and whoever may pay the fees.
    function _validate(
        Attempt memory attempt,
        bytes32 hash,
        bytes memory call
    ) private returns (bool validated) {
        address target = address(_models[attempt.index].account);
        // Signed for the other account, it is that one which validates it.
        bool elsewhere = attempt.flaw == Flaw.OtherAccount;
        if (elsewhere) attempt.door = Door.Sponsored;
        bool selfPaid = attempt.door == Door.SelfPaid;
        PackedUserOperation memory userOp;
        userOp.sender = target;
        userOp.callData = call;
        userOp.signature = _sign(attempt, hash);
        if (!selfPaid) userOp.paymasterAndData = hex"01";

        vm.prank(EntryPointDoor.ENTRY_POINT);
        (bool answered, bytes memory answer) = address(account).call(
            abi.encodeCall(TrivetAccount.validateUserOp, (userOp, hash, selfPaid ? FEE : 0))
        );
        validated = answered && abi.decode(answer, (uint256)) == 0;
        if (elsewhere) return false;

        Signers memory signers = _signersOf(attempt, false);
        bool expected = signers.valid && (!selfPaid || _mayPayFees(attempt.index, signers));
        if (validated != expected) ++disagreements;
        if (!validated) return false;
        _validated[keccak256(bytes.concat(bytes20(target), call))] = true;
        if (selfPaid && _ledger[target][ETHER] >= FEE) _move(target, EntryPointDoor.ENTRY_POINT, ETHER, FEE);
    }

    function _callFromEntryPoint(address target, bytes memory call) private returns (bool succeeded) {
        vm.prank(EntryPointDoor.ENTRY_POINT);
        (succeeded, ) = target.call(call);
    }

    function _compare(bool succeeded, bool allowed) internal {
        if (succeeded != allowed) ++disagreements;
        if (!succeeded) ++refusals;
    }

    function _remember(uint256 index, bytes memory call) internal {
        if (_done.length < REMEMBERED) {
            _done.push(call);
            _doneBy.push(index);
        } else {
            uint256 slot = _draw(REMEMBERED);
            (_done[slot], _doneBy[slot]) = (call, index);
        }
    }

    /// @dev The signatures of those who sign, spoilt where something is to be wrong.
    function _sign(Attempt memory attempt, bytes32 digest) internal pure returns (bytes memory signatures) {
        uint256[] memory order = _ascending(attempt.mask);
        for (uint256 i = 0; i < order.length; ++i) {
            uint256 key = order[attempt.flaw == Flaw.Unordered ? order.length - 1 - i : i];
            bytes memory signature =
                attempt.flaw == Flaw.OtherForm
                    ? _readable(_privateKey(key), digest)
                    : _compact(_privateKey(key), digest);
            signatures = bytes.concat(signatures, signature);
            if (attempt.flaw == Flaw.Twice) signatures = bytes.concat(signatures, signature);
        }
    }

    /// @dev The last argument of every operation is its signatures: the empty ones at the end of the call become others.
    function _withSignatures(
        bytes memory call,
        bytes memory signatures
    ) private pure returns (bytes memory signed) {
        bytes memory padding = new bytes((32 - (signatures.length % 32)) % 32);
        signed = bytes.concat(call, signatures, padding);
        uint256 length = signatures.length;
        uint256 place = call.length;
        assembly ("memory-safe") {
            mstore(add(signed, place), length)
        }
    }

    /// @dev The keys of a set in the order of their ids.
    function _ascending(uint256 mask) internal pure returns (uint256[] memory order) {
        uint256 length = 0;
        order = new uint256[](KEYS);
        for (uint256 key = 0; key < KEYS; ++key) {
            if ((mask >> key) & 1 == 0) continue;
            uint256 slot = length;
            ++length;
            for (; slot > 0 && _keyId(order[slot - 1]) > _keyId(key); --slot) order[slot] = order[slot - 1];
            order[slot] = key;
        }
        assembly ("memory-safe") {
            mstore(order, length)
        }
    }
}
