// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {Transfers} from "./account/Transfers.sol";

/// @notice A payment that was made and neither taken nor taken back.
/// @param payer Who may take it back, once the deadline has passed.
/// @param deadline From when on it can be taken back (seconds since 1970).
/// @param recipient Who may take it, as long as it is open.
/// @param token The token, or zero for ether.
/// @param amount How much the contract holds for it, in the token's smallest unit.
struct Payment {
    address payer;
    uint48 deadline;
    address recipient;
    address token;
    uint256 amount;
}

/// @title ReclaimablePayments
/// @notice Pays an address of which nobody knows whether it is alive: mistyped, lost, or not used yet. The
/// recipient takes the payment with a transaction of its own, which proves that it can act. If it does not, the
/// payer takes the payment back once the deadline has passed. After the deadline whoever comes first gets it.
///
/// Nobody else can do anything with a payment. In particular nobody can deliver it to its recipient: delivered to an
/// address that cannot act it would be lost, which is what this contract is there to prevent. There is no owner, no
/// fee and no setting.
///
/// Only what arrived is credited, and no payment is paid out of another one's tokens. A token that changes the
/// balances of its holders by itself (a rebasing one) should be wrapped before: the amounts here do not change with
/// it, so that of several payments in it the last to be taken may find too little.
contract ReclaimablePayments is ReentrancyGuardTransient {
    /// @notice The least time a recipient has.
    uint256 public constant MIN_PERIOD = 1 hours;

    /// @notice The most time a recipient has, so that a slip in the deadline does not lock a payment away for ever.
    uint256 public constant MAX_PERIOD = 366 days;

    /// @notice How many payments were made so far. Their ids are 1 to this number.
    uint256 public paymentCount;

    mapping(uint256 id => Payment) private _open;

    /// @notice A payment waits for its recipient.
    /// @param id The payment's id.
    /// @param payer Who paid.
    /// @param recipient Who may take it.
    /// @param token The token, or zero for ether.
    /// @param amount How much arrived, in the token's smallest unit.
    /// @param deadline From when on it can be taken back (seconds since 1970).
    event Paid(
        uint256 indexed id,
        address indexed payer,
        address indexed recipient,
        address token,
        uint256 amount,
        uint48 deadline
    );

    /// @notice The recipient took a payment.
    /// @param id The payment's id.
    event Taken(uint256 indexed id);

    /// @notice The payer took a payment back.
    /// @param id The payment's id.
    /// @param to Where the payer wanted it.
    event TakenBack(uint256 indexed id, address indexed to);

    /// @notice Neither zero nor this contract can be paid.
    /// @param recipient The address that was named.
    error RecipientImpossible(address recipient);

    /// @notice A payment must be more than nothing.
    error AmountMissing();

    /// @notice The deadline is too soon or too late.
    /// @param deadline The deadline that was named (seconds since 1970).
    /// @param earliest The earliest one possible now (seconds since 1970).
    /// @param latest The latest one possible now (seconds since 1970).
    error DeadlineOutOfRange(uint256 deadline, uint256 earliest, uint256 latest);

    /// @notice The token did not let itself be collected from the payer: too little balance, or no approval.
    /// @param token The token.
    error TokenNotCollected(address token);

    /// @notice The token claims to have moved, but nothing arrived.
    /// @param token The token.
    error NothingArrived(address token);

    /// @notice The token took more than the payment's amount, which is other payments' money.
    /// @param token The token.
    error TokenTookTooMuch(address token);

    /// @notice There is no such payment, or it was taken or taken back already.
    /// @param id The id that was named.
    error PaymentNotOpen(uint256 id);

    /// @notice Only the recipient itself takes a payment.
    /// @param id The payment's id.
    /// @param recipient Who may take it.
    error NotTheRecipient(uint256 id, address recipient);

    /// @notice Only the payer takes a payment back.
    /// @param id The payment's id.
    /// @param payer Who may take it back.
    error NotThePayer(uint256 id, address payer);

    /// @notice The recipient still has time.
    /// @param id The payment's id.
    /// @param deadline From when on it can be taken back (seconds since 1970).
    error DeadlineAhead(uint256 id, uint256 deadline);

    /// @notice Pays the ether sent along.
    /// @param recipient Who may take it.
    /// @param deadline From when on it can be taken back (seconds since 1970).
    /// @return id The payment's id.
    function payEther(address recipient, uint48 deadline) external payable nonReentrant returns (uint256 id) {
        _check(recipient, deadline, msg.value);
        return _record(recipient, deadline, Transfers.ETHER, msg.value);
    }

    /// @notice Pays tokens, which the payer must have approved for this contract.
    /// @param token The token.
    /// @param recipient Who may take them.
    /// @param amount How much to collect from the payer; the payment is what of it arrives.
    /// @param deadline From when on it can be taken back (seconds since 1970).
    /// @return id The payment's id.
    function payToken(
        address token,
        address recipient,
        uint256 amount,
        uint48 deadline
    ) external nonReentrant returns (uint256 id) {
        _check(recipient, deadline, amount);
        uint256 before = _holdings(token);
        if (!SafeERC20.trySafeTransferFrom(IERC20(token), msg.sender, address(this), amount)) {
            revert TokenNotCollected(token);
        }
        uint256 afterwards = _holdings(token);
        if (afterwards <= before) revert NothingArrived(token);
        return _record(recipient, deadline, token, afterwards - before);
    }

    /// @notice Takes a payment. Only its recipient can, before the deadline and after it.
    /// @param id The payment's id.
    function take(uint256 id) external nonReentrant {
        Payment memory payment = _close(id);
        if (msg.sender != payment.recipient) revert NotTheRecipient(id, payment.recipient);
        emit Taken(id);
        _send(payment, payment.recipient);
    }

    /// @notice Takes a payment back. Only its payer can, from the deadline on.
    /// @param id The payment's id.
    /// @param to Where it goes: a payer that cannot be paid itself names another address.
    function takeBack(uint256 id, address to) external nonReentrant {
        Payment memory payment = _close(id);
        if (msg.sender != payment.payer) revert NotThePayer(id, payment.payer);
        if (block.timestamp < payment.deadline) revert DeadlineAhead(id, payment.deadline);
        _checkRecipient(to);
        emit TakenBack(id, to);
        _send(payment, to);
    }

    /// @notice An open payment.
    /// @param id The payment's id. Reverts when it is not open.
    /// @return The payment.
    function paymentOf(uint256 id) external view returns (Payment memory) {
        if (_open[id].amount == 0) revert PaymentNotOpen(id);
        return _open[id];
    }

    function _record(
        address recipient,
        uint48 deadline,
        address token,
        uint256 amount
    ) private returns (uint256 id) {
        id = ++paymentCount;
        _open[id] = Payment(msg.sender, deadline, recipient, token, amount);
        emit Paid(id, msg.sender, recipient, token, amount, deadline);
    }

    /// @dev Reverts when the payment is not open; from here on it is not.
    function _close(uint256 id) private returns (Payment memory payment) {
        payment = _open[id];
        if (payment.amount == 0) revert PaymentNotOpen(id);
        delete _open[id];
    }

    function _send(Payment memory payment, address to) private {
        if (payment.token == Transfers.ETHER) {
            Transfers.send(Transfers.ETHER, to, payment.amount);
            return;
        }
        uint256 before = _holdings(payment.token);
        Transfers.send(payment.token, to, payment.amount);
        uint256 afterwards = _holdings(payment.token);
        if (afterwards < before && before - afterwards > payment.amount) {
            revert TokenTookTooMuch(payment.token);
        }
    }

    function _holdings(address token) private view returns (uint256) {
        return IERC20(token).balanceOf(address(this));
    }

    function _check(address recipient, uint48 deadline, uint256 amount) private view {
        _checkRecipient(recipient);
        if (amount == 0) revert AmountMissing();
        uint256 earliest = block.timestamp + MIN_PERIOD;
        uint256 latest = block.timestamp + MAX_PERIOD;
        if (deadline < earliest || deadline > latest) {
            revert DeadlineOutOfRange(deadline, earliest, latest);
        }
    }

    function _checkRecipient(address recipient) private view {
        if (recipient == address(0) || recipient == address(this)) revert RecipientImpossible(recipient);
    }
}
