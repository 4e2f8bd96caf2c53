// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Effect} from "../../src/account/Policy.sol";
import {IAccountViews} from "../../src/IAccountViews.sol";
import {TrivetAccount} from "../../src/TrivetAccount.sol";
import {AccountTest} from "../../testing/AccountTest.sol";
import {Draws} from "./Draws.sol";

/// @notice A key as the model sees it.
/// @param role 0 when it is no key of the account.
/// @param addition Which of the account's additions brought it: what it had before is not its own.
/// @param activeFrom When it becomes active.
/// @param expires When it expires; 0 for never.
/// @param byTime Whether it becomes active by time.
/// @param vetoProof Whether device keys cannot reject it while it is pending.
/// @param asleep Whether the account was frozen while it was pending.
/// @param closedHours The hours in which it spends nothing by itself.
/// @param lockedAt When it last locked the account; 0 for never.
struct ModelKey {
    uint8 role;
    uint256 addition;
    uint256 activeFrom;
    uint256 expires;
    bool byTime;
    bool vetoProof;
    bool asleep;
    uint256 closedHours;
    uint256 lockedAt;
}

/// @notice An account as the model sees it.
/// @param account The account itself.
/// @param keys Its keys, by the handler's numbers.
/// @param additions How many keys were ever added.
/// @param sequences How many operations were done on each lane.
/// @param thresholds How many keys of each role have to sign.
/// @param frozenUntil Until when it is frozen; the highest number for an archive.
/// @param epoch How often it was frozen.
/// @param removals When keys were removed.
/// @param delays Of recovery, removal, single keys, and overruling device keys.
/// @param singleKeyRoles Bit (1 << role) for each role that may spend by itself after a delay.
/// @param pendingKeysMayCall Whether pending device keys may call in their scope.
/// @param allowlisted Where device keys may send by themselves.
/// @param emergency Who may withdraw to itself.
/// @param successor Who may end an archive.
/// @param movedTo Where the alias points.
/// @param limits What a key may spend in a day, by {Model._grant}.
/// @param spent What it spent by itself in each period of eight hours.
/// @param scopes What a key may call by itself.
struct ModelAccount {
    TrivetAccount account;
    mapping(uint256 key => ModelKey) keys;
    uint256 additions;
    mapping(uint256 lane => uint64) sequences;
    uint256[4] thresholds;
    uint256 frozenUntil;
    uint256 epoch;
    uint256[] removals;
    uint256[4] delays;
    uint256 singleKeyRoles;
    bool pendingKeysMayCall;
    mapping(address recipient => bool) allowlisted;
    mapping(address who => bool) emergency;
    address successor;
    address movedTo;
    mapping(bytes32 grant => uint256) limits;
    mapping(bytes32 grant => mapping(uint256 period => uint256)) spent;
    mapping(bytes32 scope => bool) scopes;
}

/// @notice Money that leaves an account.
/// @param to Who gets it.
/// @param ethers How much ether, in wei.
/// @param tokens How much of the token.
/// @param impossible Whether it never arrives: the account calls itself.
struct Payment {
    address to;
    uint256 ethers;
    uint256 tokens;
    bool impossible;
}

/// @notice What waits for its delay.
enum Errand {
    Pay,
    RemoveKey,
    Unfreeze
}

/// @notice An operation that waits.
/// @param index Whose it is.
/// @param id Its id.
/// @param call The call that runs it.
/// @param errand What it does.
/// @param effect Why it waits.
/// @param executableAt When it can run.
/// @param epoch When it was proposed or armed again: it sleeps in later ones.
/// @param proposer The key that proposed it.
/// @param addition That key's addition.
/// @param proposers Bit k for each key that signed it.
/// @param payments What it pays.
/// @param key The key it removes.
/// @param keyAddition That key's addition.
/// @param gone Whether it ran or was cancelled.
struct Waiting {
    uint256 index;
    bytes32 id;
    bytes call;
    Errand errand;
    Effect effect;
    uint256 executableAt;
    uint256 epoch;
    uint256 proposer;
    uint256 addition;
    uint256 proposers;
    Payment[] payments;
    uint256 key;
    uint256 keyAddition;
    bool gone;
}

/// @title Model
/// @notice What two accounts must be, written down from the design: their keys, limits, settings, money, and what
/// waits. Nothing here asks the accounts.
abstract contract Model is AccountTest, Draws {
    uint256 public constant ACCOUNTS = 2;
    uint256 public constant KEYS = 8;
    uint256 internal constant LANES = 3;
    uint256 internal constant FOR_EVER = type(uint48).max;
    /// @dev More was spent than a limit was lowered to, no matter how much more.
    uint256 internal constant EXCEEDED = type(uint128).max;
    uint256 internal constant EXECUTION_WINDOW = 30 days;
    address internal constant CAROL = address(0xCA201);
    address internal constant HEIR = address(0x4E12);
    address internal constant RESCUER = address(0x2E5C);

    ModelAccount[ACCOUNTS] internal _models;
    Waiting[] internal _waiting;
    /// @dev What everybody has.
    mapping(address who => mapping(address asset => uint256)) internal _ledger;
    /// @dev What the clock says. Kept here, because the compiler takes block.timestamp for something that never
    /// changes within a call.
    uint256 internal _now = 1_800_000_000;

    /// @notice How often an account did something else than the model.
    uint256 public disagreements;
    /// @notice How often the tripwire locked an account.
    uint256 public trips;

    // ---- keys

    function _keyIn(uint256 index, uint256 key) internal view returns (ModelKey storage) {
        return _models[index].keys[key];
    }

    function _isExpired(ModelKey storage key) internal view returns (bool) {
        return key.expires != 0 && _now >= key.expires;
    }

    function _isActive(uint256 index, uint256 key) internal view returns (bool) {
        ModelKey storage it = _keyIn(index, key);
        return it.role != 0 && _now >= it.activeFrom && !it.asleep && !_isExpired(it);
    }

    function _isPending(uint256 index, uint256 key) internal view returns (bool) {
        ModelKey storage it = _keyIn(index, key);
        return it.role != 0 && _now < it.activeFrom && !it.asleep && !_isExpired(it);
    }

    /// @dev Whether a key can be added under this id.
    function _isFree(uint256 index, uint256 key) internal view returns (bool) {
        ModelKey storage it = _keyIn(index, key);
        return it.role == 0 || it.asleep || _isExpired(it);
    }

    /// @dev How many keys of a role never expire.
    function _lasting(uint256 index, uint256 role) internal view returns (uint256 count) {
        for (uint256 key = 0; key < KEYS; ++key) {
            ModelKey storage it = _keyIn(index, key);
            if (it.role == role && it.expires == 0) ++count;
        }
    }

    function _addKey(uint256 index, uint256 key, uint8 role, uint256 expires) internal {
        ModelAccount storage model = _models[index];
        delete model.keys[key];
        ModelKey storage it = model.keys[key];
        (it.role, it.expires, it.activeFrom) = (role, expires, _now);
        it.addition = ++model.additions;
    }

    // ---- frozen or not

    function _isFrozen(uint256 index) internal view returns (bool) {
        return _now < _models[index].frozenUntil;
    }

    /// @dev Locks or archives: what is pending falls asleep, unless device keys may not veto it.
    function _freeze(uint256 index, uint256 until) internal {
        ModelAccount storage model = _models[index];
        model.frozenUntil = until;
        ++model.epoch;
        for (uint256 key = 0; key < KEYS; ++key) {
            ModelKey storage it = model.keys[key];
            if (it.byTime && !it.vetoProof && _now < it.activeFrom) it.asleep = true;
        }
    }

    /// @dev A key was removed. The tripwire locks the account when too many were within a day. It may count from the
    /// first of them or over any day: at least it must not lock for three, and must for twice as many and one more.
    function _noteRemoval(uint256 index) internal {
        ModelAccount storage model = _models[index];
        model.removals.push(_now);
        uint256 recent = 0;
        for (uint256 i = model.removals.length; i > 0 && model.removals[i - 1] + 1 days >= _now; --i)
            ++recent;
        (, uint256 until, ) = IAccountViews(address(model.account)).getFreeze();
        bool locked = until > _now;
        if (locked ? recent <= 3 : recent > 6) ++disagreements;
        if (!locked) return;
        ++trips;
        _freeze(index, _now + 7 days);
    }

    // ---- money

    /// @dev What belongs to a key from one addition to its removal.
    function _grant(uint256 index, uint256 key, address asset) internal view returns (bytes32) {
        return keccak256(abi.encode(key, _keyIn(index, key).addition, asset));
    }

    function _scope(
        uint256 index,
        uint256 key,
        address target,
        bytes4 selector
    ) internal view returns (bytes32) {
        return keccak256(abi.encode(key, _keyIn(index, key).addition, target, selector));
    }

    /// @dev What counts against a key's limit: what it spent in this period of eight hours and the three before.
    function _counted(uint256 index, uint256 key, address asset) internal view returns (uint256 sum) {
        mapping(uint256 => uint256) storage spent = _models[index].spent[_grant(index, key, asset)];
        for (uint256 i = 0; i < 4; ++i) sum += spent[_now / 8 hours - i];
    }

    function _isWithinLimit(
        uint256 index,
        uint256 key,
        address asset,
        uint256 amount
    ) internal view returns (bool) {
        uint256 limit = _models[index].limits[_grant(index, key, asset)];
        bool open = (_keyIn(index, key).closedHours >> ((_now / 1 hours) % 24)) & 1 == 0;
        return open && limit != 0 && _counted(index, key, asset) + amount <= limit;
    }

    function _countSpending(uint256 index, uint256 key, address asset, uint256 amount) internal {
        _models[index].spent[_grant(index, key, asset)][_now / 8 hours] += amount;
    }

    function _setLimit(uint256 index, uint256 key, address asset, uint256 limit) internal {
        bytes32 grant = _grant(index, key, asset);
        _models[index].limits[grant] = limit;
        for (uint256 i = 0; i < 4; ++i) {
            uint256 period = _now / 8 hours - i;
            if (_models[index].spent[grant][period] > limit) _models[index].spent[grant][period] = EXCEEDED;
        }
    }

    function _canPay(uint256 index, Payment[] memory payments) internal view returns (bool) {
        uint256 ethers = 0;
        uint256 tokens = 0;
        for (uint256 i = 0; i < payments.length; ++i) {
            if (payments[i].impossible) return false;
            ethers += payments[i].ethers;
            tokens += payments[i].tokens;
        }
        address payer = address(_models[index].account);
        return ethers <= _ledger[payer][ETHER] && tokens <= _ledger[payer][address(token)];
    }

    function _pay(uint256 index, Payment[] memory payments) internal {
        address payer = address(_models[index].account);
        for (uint256 i = 0; i < payments.length; ++i) {
            _move(payer, payments[i].to, ETHER, payments[i].ethers);
            _move(payer, payments[i].to, address(token), payments[i].tokens);
        }
    }

    function _move(address from, address to, address asset, uint256 amount) internal {
        _ledger[from][asset] -= amount;
        _ledger[to][asset] += amount;
    }

    // ---- names

    function _privateKey(uint256 key) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode("key", key)));
    }

    function _keyId(uint256 key) internal pure returns (bytes32) {
        return _id(_privateKey(key));
    }

    /// @dev The lane that shares a slot, the next one and the last one.
    function _lane(uint256 lane) internal pure returns (uint256) {
        return lane < 2 ? lane : type(uint192).max;
    }
}
