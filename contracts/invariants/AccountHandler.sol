// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Change} from "../src/account/Changes.sol";
import {EntryPointDoor} from "../src/account/EntryPointDoor.sol";
import {Key} from "../src/account/Keys.sol";
import {Frozen} from "../src/account/Policy.sol";
import {Scheduled} from "../src/account/Schedule.sol";
import {IAccountChanges} from "../src/IAccountChanges.sol";
import {IAccountViews} from "../src/IAccountViews.sol";
import {FreezeActions} from "./actions/FreezeActions.sol";
import {Pursuit} from "./actions/Pursuits.sol";
import {ScheduleActions} from "./actions/ScheduleActions.sol";
import {SettingActions} from "./actions/SettingActions.sol";
import {SignActions} from "./actions/SignActions.sol";
import {ModelAccount, ModelKey, Waiting} from "./model/Model.sol";

/// @title AccountHandler
/// @notice Two accounts that share a device key and an mfa key, everything their owners and others may try with any
/// of eight keys, and a model of what each account must then be. The model predicts of every attempt whether it
/// succeeds; `disagreements` counts where the account did otherwise.
abstract contract AccountHandler is FreezeActions, ScheduleActions, SettingActions, SignActions {
    /// @dev How many of the operations that wait are compared each time.
    uint256 private constant COMPARED = 4;

    uint256 private _steps;

    constructor() {
        vm.warp(_now);
        super.setUp();
        uint8[4] memory first = [DEVICE, MFA, RECOVERY, 0];
        uint8[4] memory second = [DEVICE, MFA, 0, RECOVERY];
        for (uint256 i = 0; i < ACCOUNTS; ++i) {
            ModelAccount storage model = _models[i];
            model.account = _create(_keyId(0), _keyId(1), _keyId(2 + i));
            model.thresholds = [0, 1, 1, 1];
            model.delays = [uint256(7 days), 3 days, 7 days, 0];
            for (uint256 key = 0; key < 4; ++key) {
                uint8 role = i == 0 ? first[key] : second[key];
                if (role != 0) _addKey(i, key, role, 0);
            }
            address holder = address(model.account);
            (_ledger[holder][ETHER], _ledger[holder][address(token)]) = (1_000_000, 1_000_000);
            vm.deal(holder, 1_000_000);
            token.mint(holder, 1_000_000);
        }
        _allowMore(1);
    }

    /// @dev The second account begins with owners who allow more.
    function _allowMore(uint256 index) private {
        ModelAccount storage model = _models[index];
        account = model.account;
        (model.pendingKeysMayCall, model.singleKeyRoles) = (true, 2);
        bytes32[] memory rules = _words(_word(model.singleKeyRoles), _word(true), 0, 0);
        bytes memory signatures = _both(_privateKey(0), _privateKey(1), _change(Change.SetRules, rules, 0));
        IAccountChanges(address(account)).change(Change.SetRules, rules, 0, signatures);
        model.delays[3] = 7 days;
        bytes32[] memory delays = _words(_word(7 days), _word(3 days), _word(7 days), _word(7 days));
        signatures = _both(_privateKey(0), _privateKey(1), _change(Change.SetDelays, delays, 1));
        IAccountChanges(address(account)).change(Change.SetDelays, delays, 1, signatures);
        model.sequences[0] += 2;
    }

    /// @dev Everything is set up once, by the constructor.
    function setUp() public override {}

    /// @notice Somebody tries something; or nobody does, and time passes.
    /// @param chance What it is, who signs, and all else.
    function step(uint256 chance) external {
        _drawFrom(uint256(keccak256(abi.encode(chance, ++_steps))));
        // Whatever is done, is done at its own time.
        bool again = _goesOn();
        _now +=
            _once(8)
                ? again
                    ? 1 + _draw(9 hours)
                    : _wait()
                : 1;
        vm.warp(_now);
        if (again) _again();
        else _act(_draw(98));
        // An attempt that was for another chain may have been given up.
        vm.chainId(31337);
    }

    function _wait() private returns (uint256) {
        // So that some things still fall into one day, and some locks last.
        return
            _once(4)
                ? 1 + _draw(20 days)
                : _once(3)
                    ? 1 + _draw(4 days)
                    : 1 + _draw(9 hours);
    }

    function _act(uint256 what) private {
        if (what < 10) _withdraw();
        else if (what < 22) _execute();
        else if (what < 24) _emergency();
        else if (what < 25) _migrate();
        else if (what < 26) _fund();
        else if (what < 34) _add();
        else if (what < 39) _decide();
        else if (what < 46) _removeKey();
        else if (what < 48) _replaceKey();
        else if (what < 51) _setThreshold();
        else if (what < 72) _changeSomething(what - 2);
        else if (what < 82) _freezeOrNot(what - 2);
        else if (what < 88) _runWaiting();
        else if (what < 90) _cancel();
        else if (what < 93) _rearm();
        else if (what < 96) _replay();
        else _isSigned();
    }

    function _again() private {
        if (_pursuit == Pursuit.Spend) _withdraw();
        else if (_pursuit == Pursuit.Call) _execute();
        else _removeKey();
    }

    function _changeSomething(uint256 what) private {
        if (what < 54) _changeLimit();
        else if (what < 55) _changeHours();
        else if (what < 63) _changeScope();
        else if (what < 67) _changeLists();
        else _changeRules();
    }

    function _freezeOrNot(uint256 what) private {
        if (what < 71) _lock();
        else if (what < 72) _archive();
        else if (what < 78) _unfreeze();
        else _unfreezeAsSuccessor();
    }

    /// @dev Somebody sends once more what went through before, to the same account or to the other one.
    function _replay() private {
        if (_done.length == 0) return;
        uint256 which = _draw(_done.length);
        uint256 index = _once(2) ? 1 - _doneBy[which] : _doneBy[which];
        (bool succeeded, ) = address(_models[index].account).call(_done[which]);
        _compare(succeeded, false);
    }

    // ---- what must always hold

    /// @notice Reverts unless both accounts are exactly what the model says.
    function check() external {
        vm.warp(_now);
        assertEq(disagreements, 0);
        for (uint256 index = 0; index < ACCOUNTS; ++index) {
            ModelAccount storage model = _models[index];
            IAccountViews views = IAccountViews(address(model.account));
            _checkKeys(index, views);
            _checkFreeze(index, views);
            for (uint256 i = 0; i < LANES; ++i) {
                uint256 lane = _lane(i);
                assertEq(model.account.getNonce(uint192(lane)), (lane << 64) | model.sequences[lane]);
            }
            assertEq(ALIASES.successorOf(address(model.account)), model.movedTo);
            _checkMoney(address(model.account));
        }
        _checkMoney(BOB);
        _checkMoney(CAROL);
        _checkMoney(HEIR);
        _checkMoney(RESCUER);
        _checkMoney(EntryPointDoor.ENTRY_POINT);
        _checkWaiting();
    }

    function _checkKeys(uint256 index, IAccountViews views) private view {
        uint256[4] memory lasting;
        for (uint256 key = 0; key < KEYS; ++key) {
            ModelKey storage it = _keyIn(index, key);
            (Key memory seen, bool active) = views.getKeyDetails(_keyId(key));
            assertEq(seen.role, it.role);
            assertTrue(active == _isActive(index, key));
            if (it.role == 0) continue;
            assertEq(seen.expires, it.expires);
            if (it.expires == 0) ++lasting[it.role];
            _checkLimit(index, views, key, ETHER);
            _checkLimit(index, views, key, address(token));
        }
        for (uint8 role = MFA; role <= RECOVERY; ++role) {
            assertEq(views.keyCount(role), lasting[role]);
            assertEq(views.threshold(role), _models[index].thresholds[role]);
            // The last key of a role cannot go.
            assertTrue(lasting[role] != 0 && lasting[role] >= _models[index].thresholds[role]);
        }
    }

    function _checkLimit(uint256 index, IAccountViews views, uint256 key, address asset) private view {
        uint256 limit = _models[index].limits[_grant(index, key, asset)];
        uint256 counted = _counted(index, key, asset);
        (uint256 seen, uint256 available) = views.getLimit(_keyId(key), asset);
        assertEq(seen, limit);
        assertEq(available, counted < limit ? limit - counted : 0);
    }

    function _checkFreeze(uint256 index, IAccountViews views) private view {
        (Frozen frozen, uint256 until, uint256 epoch) = views.getFreeze();
        assertTrue((frozen != Frozen.No) == _isFrozen(index));
        assertEq(epoch, _models[index].epoch);
        if (frozen != Frozen.No) assertEq(until, _models[index].frozenUntil);
    }

    function _checkMoney(address holder) private view {
        assertEq(holder.balance, _ledger[holder][ETHER]);
        assertEq(token.balanceOf(holder), _ledger[holder][address(token)]);
    }

    /// @dev What is gone is gone for ever; what waits is there with its time.
    function _checkWaiting() private view {
        for (uint256 i = 0; i < _waiting.length && i < COMPARED; ++i) {
            Waiting storage entry = _waiting[_waiting.length - 1 - i];
            (Scheduled memory seen, bool asleep) = IAccountViews(address(_models[entry.index].account))
                .getScheduled(entry.id);
            assertEq(seen.executableAt, entry.gone ? 0 : entry.executableAt);
            assertTrue(asleep == (!entry.gone && _sleeps(entry)));
        }
    }
}
