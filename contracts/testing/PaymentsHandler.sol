// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {TestToken} from "../devnet/TestToken.sol";
import {Payment, ReclaimablePayments} from "../src/ReclaimablePayments.sol";
import {FeeToken} from "./hostile/FeeToken.sol";
import {Test} from "./Test.sol";

/// @notice A payment as the model knows it.
struct ModelPayment {
    Payment payment;
    bool open;
}

/// @title PaymentsHandler
/// @notice Four people who pay each other, take and take back in any order, and a model of what each of them and the
/// contract must then hold. Attempts that the model forbids are made, too; `disagreements` counts every attempt
/// whose outcome was not the model's.
contract PaymentsHandler is Test {
    ReclaimablePayments public immutable PAYMENTS;

    uint256 public constant PEOPLE = 4;
    address private constant ETHER = address(0);

    /// @notice How often the contract did something else than the model.
    uint256 public disagreements;
    /// @notice How many attempts of each sort went through: payments, taken, taken back.
    uint256[3] public successes;
    /// @notice How many attempts were refused.
    uint256 public refusals;

    /// @notice What each person must have.
    mapping(address asset => mapping(address person => uint256)) public owned;
    /// @notice What was given to the contract without a payment.
    mapping(address asset => uint256) public donated;

    address[3] private _assets;
    ModelPayment[] private _payments;

    constructor(ReclaimablePayments payments) {
        PAYMENTS = payments;
        TestToken honest = new TestToken("Trivet Dollar", "TUSD", 6);
        FeeToken fee = new FeeToken();
        _assets = [ETHER, address(honest), address(fee)];
        for (uint256 i = 0; i < PEOPLE; ++i) {
            address person = _person(i);
            vm.deal(person, 1 ether);
            honest.mint(person, 1 ether);
            fee.mint(person, 1 ether);
            for (uint256 j = 0; j < _assets.length; ++j) {
                owned[_assets[j]][person] = 1 ether;
                if (_assets[j] == ETHER) continue;
                vm.prank(person);
                IERC20(_assets[j]).approve(address(payments), type(uint256).max);
            }
        }
    }

    // ---- what is done at random

    function pay(uint256 payer, uint256 recipient, uint256 asset, uint256 amount, uint256 period) external {
        (address from, address to, address token) = (_person(payer), _person(recipient), _asset(asset));
        // Now and then more than there is, and a deadline that is too soon or too late.
        amount = bound(amount, 0, owned[token][from] / 4 + 2);
        period = bound(period, 58 minutes, 367 days);
        uint48 deadline = uint48(block.timestamp + period);
        bool allowed = amount != 0 && amount <= owned[token][from] && period >= 1 hours && period <= 366 days;

        bytes memory call =
            token == ETHER
                ? abi.encodeCall(ReclaimablePayments.payEther, (to, deadline))
                : abi.encodeCall(ReclaimablePayments.payToken, (token, to, amount, deadline));
        if (token == ETHER && amount > from.balance) return;
        if (!_agree(from, call, token == ETHER ? amount : 0, allowed)) return;
        ++successes[0];
        owned[token][from] -= amount;
        uint256 arrived = _arriving(token, amount);
        _payments.push(ModelPayment(Payment(from, deadline, to, token, arrived), true));
    }

    function take(uint256 caller, uint256 index) external {
        if (_payments.length == 0) return;
        ModelPayment storage model = _payments[index % _payments.length];
        address by = _lean(caller, model.payment.recipient);
        bool allowed = model.open && by == model.payment.recipient;
        bytes memory call = abi.encodeCall(ReclaimablePayments.take, ((index % _payments.length) + 1));
        if (!_agree(by, call, 0, allowed)) return;
        ++successes[1];
        model.open = false;
        _receive(model.payment, by);
    }

    function takeBack(uint256 caller, uint256 index, uint256 recipient) external {
        if (_payments.length == 0) return;
        ModelPayment storage model = _payments[index % _payments.length];
        address by = _lean(caller, model.payment.payer);
        address to = _person(recipient);
        bool allowed = model.open && by == model.payment.payer && block.timestamp >= model.payment.deadline;
        uint256 id = (index % _payments.length) + 1;
        bytes memory call = abi.encodeCall(ReclaimablePayments.takeBack, (id, to));
        if (!_agree(by, call, 0, allowed)) return;
        ++successes[2];
        model.open = false;
        _receive(model.payment, to);
    }

    function wait(uint256 time) external {
        vm.warp(block.timestamp + bound(time, 1, 100 days));
    }

    function donate(uint256 person, uint256 asset, uint256 amount) external {
        (address from, address token) = (_person(person), _asset(asset));
        amount = bound(amount, 0, owned[token][from] / 100);
        owned[token][from] -= amount;
        donated[token] += _arriving(token, amount);
        if (token == ETHER) {
            // As another contract's end (selfdestruct) would do it.
            vm.deal(from, from.balance - amount);
            vm.deal(address(PAYMENTS), address(PAYMENTS).balance + amount);
        } else {
            vm.prank(from);
            assertTrue(IERC20(token).transfer(address(PAYMENTS), amount));
        }
    }

    // ---- what must hold

    /// @dev Every payment is open exactly if the model's is, and then the same; the contract holds what all open
    /// payments are worth and what it was given, no more and no less; and everybody has what they must have.
    function check() external view {
        assertEq(disagreements, 0);
        assertEq(PAYMENTS.paymentCount(), _payments.length);
        for (uint256 i = 0; i < _payments.length; ++i) {
            (bool open, bytes memory answer) = address(PAYMENTS).staticcall(
                abi.encodeCall(ReclaimablePayments.paymentOf, (i + 1))
            );
            assertTrue(open == _payments[i].open);
            if (open) assertEq(keccak256(answer), keccak256(abi.encode(_payments[i].payment)));
        }
        for (uint256 i = 0; i < _assets.length; ++i) {
            assertEq(_balance(_assets[i], address(PAYMENTS)), _owed(_assets[i]) + donated[_assets[i]]);
            for (uint256 j = 0; j < PEOPLE; ++j) {
                assertEq(_balance(_assets[i], _person(j)), owned[_assets[i]][_person(j)]);
            }
        }
    }

    function _owed(address token) private view returns (uint256 sum) {
        for (uint256 i = 0; i < _payments.length; ++i) {
            if (_payments[i].open && _payments[i].payment.token == token) sum += _payments[i].payment.amount;
        }
    }

    /// @dev Calls the contract, counts it, and says whether it went through as the model says.
    function _agree(
        address by,
        bytes memory call,
        uint256 value,
        bool allowed
    ) private returns (bool success) {
        vm.prank(by);
        (success, ) = address(PAYMENTS).call{value: value}(call);
        if (!success) ++refusals;
        if (success != allowed) ++disagreements;
    }

    function _receive(Payment memory payment, address to) private {
        owned[payment.token][to] += _arriving(payment.token, payment.amount);
    }

    /// @dev The third asset keeps a tenth of every transfer.
    function _arriving(address token, uint256 amount) private view returns (uint256) {
        return token == _assets[2] ? amount - amount / 10 : amount;
    }

    /// @dev The person who may do it in three cases of four, else any.
    function _lean(uint256 any, address rightful) private pure returns (address) {
        return any % 4 != 0 ? rightful : _person(any / 4);
    }

    function _balance(address token, address holder) private view returns (uint256) {
        return token == ETHER ? holder.balance : IERC20(token).balanceOf(holder);
    }

    function _person(uint256 any) private pure returns (address) {
        return address(uint160(0xA11CE + (any % PEOPLE)));
    }

    function _asset(uint256 any) private view returns (address) {
        return _assets[any % _assets.length];
    }
}
