// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {Effect, Kind} from "../../src/account/Policy.sol";
import {IAccountChanges} from "../../src/IAccountChanges.sol";
import {Asset, Call} from "../../src/ITrivetAccount.sol";

import {TrivetAccount} from "../../src/TrivetAccount.sol";
import {Attempt, Attempts, Signers} from "../model/Attempts.sol";
import {ModelAccount, Payment, Waiting} from "../model/Model.sol";
import {Pursuit, Pursuits} from "./Pursuits.sol";

/// @notice A key that spends by itself, and what.
struct Spender {
    uint256 key;
    address asset;
}

/// @title SpendingActions
/// @notice What moves money: withdrawals, calls, emergencies, migrations, and payments in.
abstract contract SpendingActions is Attempts, Pursuits {
    bytes4 internal constant TRANSFER = IERC20.transfer.selector;

    mapping(uint256 index => Spender) private _lastSpender;

    /// @dev Somebody asks for a withdrawal.
    function _withdraw() internal {
        Attempt memory attempt = _attempt();
        address asset = _once(2) ? ETHER : address(token);
        Payment[] memory payments = new Payment[](1);
        uint256 amount = _amount();
        payments[0].to = _recipient(attempt.index);
        bool pursued = _isPursued(Pursuit.Spend);
        if (pursued || _once(2)) {
            // One key up to its limit, or a little more.
            // Mostly the one that spent last, so that its spends meet.
            Spender memory spender = _lastSpender[attempt.index];
            if (!pursued && _once(4)) spender = _limitedKey(attempt.index, asset);
            asset = spender.asset;
            attempt.mask = 1 << spender.key;
            amount = _draw(_models[attempt.index].limits[_grant(attempt.index, spender.key, asset)] / 2 + 2);
            _lastSpender[attempt.index] = spender;
        }
        if (_once(24)) amount = _ledger[address(_models[attempt.index].account)][asset] + 1;
        if (asset == ETHER) payments[0].ethers = amount;
        else payments[0].tokens = amount;

        Signers memory signers = _signers(attempt, NOBODY, false);
        (bool byItself, bool counted) = _mayWithdrawAlone(attempt, signers, asset, payments[0]);
        Effect effect = _effectOf(attempt.index, Kind.Withdraw, signers, byItself, false);
        bool allowed = effect == Effect.Now ? _canPay(attempt.index, payments) : effect != Effect.Never;
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256(
                    "Withdrawal(address account,address token,address to,uint256 amount,uint256 nonce)"
                ),
                account,
                asset,
                payments[0].to,
                amount,
                attempt.nonce
            )
        );
        bytes memory call = abi.encodeCall(
            TrivetAccount.withdraw,
            (asset, payments[0].to, amount, attempt.nonce, "")
        );
        if (!_try(attempt, structHash, call, allowed)) return;

        if (effect != Effect.Now) {
            _copy(_propose(attempt, effect, structHash, call), payments);
            return;
        }
        ++successes[
            byItself
                ? counted
                    ? "spend in a limit"
                    : "allowlisted withdrawal"
                : "withdrawal"
        ];
        if (counted) {
            _countSpending(attempt.index, signers.first, asset, amount);
            if (_once(3)) _begin(Pursuit.Spend);
        }
        _pay(attempt.index, payments);
    }

    /// @dev Somebody asks for up to three calls.
    function _execute() internal {
        Attempt memory attempt = _attempt();
        uint256 number = _draw(4);
        bool pursued = _isPursued(Pursuit.Call);
        if (!pursued && _once(3)) {
            _signedBy(attempt, DEVICE);
        } else if (pursued || _once(2)) {
            number = 1;
            attempt.mask = 1 << _waitingKey(attempt.index);
        }
        Call[] memory calls = new Call[](number);
        Payment[] memory payments = new Payment[](number);
        uint256 value = 0;
        for (uint256 i = 0; i < number; ++i) {
            (calls[i], payments[i]) = _someCall(attempt.index);
            value += payments[i].ethers;
        }

        Signers memory signers = _signers(attempt, NOBODY, true);
        bool byItself =
            signers.valid && signers.number == 1 && _mayCallAlone(attempt, signers.first, calls, value);
        Effect effect = _effectOf(attempt.index, Kind.Execute, signers, byItself, false);
        bool allowed = effect == Effect.Now ? _canPay(attempt.index, payments) : effect != Effect.Never;
        bytes32 structHash = _executionId(calls, attempt.nonce);
        bytes memory call = abi.encodeCall(TrivetAccount.execute, (calls, attempt.nonce, ""));
        if (!_try(attempt, structHash, call, allowed)) return;

        if (effect != Effect.Now) {
            _copy(_propose(attempt, effect, structHash, call), payments);
            return;
        }
        bool pending = byItself && !_isActive(attempt.index, signers.first);
        ++successes[
            pending
                ? "call of a pending key"
                : byItself
                    ? "call in a scope"
                    : "execution"
        ];
        if (byItself && value != 0) _countSpending(attempt.index, signers.first, ETHER, value);
        _pay(attempt.index, payments);
    }

    /// @dev Somebody tries to rescue what there is, an emergency address or not.
    function _emergency() internal {
        uint256 index = _draw(ACCOUNTS);
        address who = _once(4) ? CAROL : RESCUER;
        address asset = _once(2) ? ETHER : address(token);
        address payer = address(_models[index].account);
        uint256 amount = _once(8) ? _ledger[payer][asset] + 1 : _amount();
        bool allowed = _models[index].emergency[who] && !_isFrozen(index) && amount <= _ledger[payer][asset];
        vm.prank(who);
        (bool succeeded, ) = payer.call(abi.encodeCall(IAccountChanges.emergencyWithdraw, (asset, amount)));
        _compare(succeeded, allowed);
        if (!succeeded) return;
        ++successes["emergency withdrawal"];
        _move(payer, who, asset, amount);
    }

    /// @dev Somebody asks to move everything to the other account, or elsewhere.
    function _migrate() internal {
        Attempt memory attempt = _attempt();
        ModelAccount storage model = _models[attempt.index];
        address payable successor = payable(_once(2) ? HEIR : address(_models[1 - attempt.index].account));
        Asset[] memory assets = new Asset[](_draw(2));
        if (assets.length != 0) assets[0] = Asset(0, address(token), 0);

        Signers memory signers = _signers(attempt, NOBODY, false);
        bool circle = successor != HEIR && _models[1 - attempt.index].movedTo == address(model.account);
        bool allowed = _effectOf(attempt, Kind.Migrate, signers) == Effect.Now && !circle;
        if (
            !_try(
                attempt,
                _migrationId(successor, assets, attempt.nonce),
                _migration(attempt, successor, assets),
                allowed
            )
        ) {
            return;
        }
        ++successes["migration"];
        model.movedTo = successor;
        address payer = address(model.account);
        _move(payer, successor, ETHER, _ledger[payer][ETHER]);
        if (assets.length != 0) _move(payer, successor, address(token), _ledger[payer][address(token)]);
    }

    /// @dev Anybody pays in.
    function _fund() internal {
        address payee = address(_models[_draw(ACCOUNTS)].account);
        uint256 amount = _draw(100_000);
        _ledger[payee][ETHER] += amount;
        _ledger[payee][address(token)] += amount;
        vm.deal(payee, _ledger[payee][ETHER]);
        token.mint(payee, amount);
        ++successes["payment in"];
    }

    // ---- the model

    /// @dev Whether the one key that signed may withdraw this by itself, and whether that counts against its limit.
    function _mayWithdrawAlone(
        Attempt memory attempt,
        Signers memory signers,
        address asset,
        Payment memory payment
    ) private view returns (bool byItself, bool counted) {
        if (!signers.valid || signers.number != 1) return (false, false);
        bool byDevice = signers.counts[DEVICE] == 1;
        if (byDevice && _models[attempt.index].allowlisted[payment.to]) return (true, false);
        counted = _isWithinLimit(attempt.index, signers.first, asset, payment.ethers + payment.tokens);
        return (counted, counted);
    }

    /// @dev Whether one key may make these calls by itself.
    function _mayCallAlone(
        Attempt memory attempt,
        uint256 key,
        Call[] memory calls,
        uint256 value
    ) private view returns (bool) {
        ModelAccount storage model = _models[attempt.index];
        if (model.keys[key].role != DEVICE || calls.length == 0) return false;
        if (!_isActive(attempt.index, key) && !model.pendingKeysMayCall) return false;
        for (uint256 i = 0; i < calls.length; ++i) {
            bytes4 selector = bytes4(calls[i].data);
            if (!model.scopes[_scope(attempt.index, key, calls[i].target, selector)]) return false;
        }
        return value == 0 || _isWithinLimit(attempt.index, key, ETHER, value);
    }

    // ---- how they are made

    function _amount() private returns (uint256) {
        return _once(8) ? 0 : _draw(1500);
    }

    function _recipient(uint256 index) internal returns (address) {
        uint256 which = _draw(4);
        return
            which == 0
                ? address(_models[1 - index].account)
                : which == 1
                    ? CAROL
                    : BOB;
    }

    function _someCall(uint256 index) private returns (Call memory call, Payment memory payment) {
        if (_once(32)) {
            // Whatever it would do: an account does not call itself.
            address self = address(_models[index].account);
            return (Call(self, 0, abi.encodeCall(TrivetAccount.getNonce, (0))), Payment(self, 0, 0, true));
        }
        address to = _once(4) ? _recipient(index) : BOB;
        if (_once(2)) {
            payment = Payment(to, _amount(), 0, false);
            return (Call(to, payment.ethers, ""), payment);
        }
        payment = Payment(to, 0, _amount(), false);
        call = Call(address(token), 0, abi.encodeCall(IERC20.transfer, (to, payment.tokens)));
    }

    /// @dev Some key with a limit; any key when there is none.
    function _limitedKey(uint256 index, address asset) private returns (Spender memory spender) {
        uint256 start = _draw(KEYS);
        spender.asset = asset;
        for (uint256 i = 0; i < KEYS; ++i) {
            spender.key = (start + i) % KEYS;
            if (_models[index].limits[_grant(index, spender.key, asset)] != 0) break;
        }
    }

    function _copy(Waiting storage entry, Payment[] memory payments) private {
        for (uint256 i = 0; i < payments.length; ++i) entry.payments.push(payments[i]);
    }

    function _executionId(Call[] memory calls, uint256 nonce) private view returns (bytes32) {
        string memory callType = "Call(address target,uint256 value,bytes data)";
        bytes32 type_ = keccak256(
            bytes.concat("Execution(address account,Call[] calls,uint256 nonce)", bytes(callType))
        );
        bytes memory hashes;
        for (uint256 i = 0; i < calls.length; ++i) {
            bytes32 hash = keccak256(
                abi.encode(
                    keccak256(bytes(callType)),
                    calls[i].target,
                    calls[i].value,
                    keccak256(calls[i].data)
                )
            );
            hashes = bytes.concat(hashes, hash);
        }
        return keccak256(abi.encode(type_, account, keccak256(hashes), nonce));
    }

    function _migrationId(
        address successor,
        Asset[] memory assets,
        uint256 nonce
    ) private view returns (bytes32) {
        string memory assetType = "Asset(uint8 standard,address token,uint256 id)";
        bytes32 type_ = keccak256(
            bytes.concat(
                "Migration(address account,address successor,Asset[] assets,uint256 nonce)",
                bytes(assetType)
            )
        );
        bytes memory hashes;
        for (uint256 i = 0; i < assets.length; ++i) {
            hashes = bytes.concat(hashes, keccak256(abi.encode(keccak256(bytes(assetType)), assets[i])));
        }
        return keccak256(abi.encode(type_, account, successor, keccak256(hashes), nonce));
    }

    function _migration(
        Attempt memory attempt,
        address payable successor,
        Asset[] memory assets
    ) private pure returns (bytes memory) {
        return abi.encodeCall(IAccountChanges.migrate, (successor, assets, attempt.nonce, ""));
    }
}
