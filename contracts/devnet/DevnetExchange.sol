// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";

import {TestToken} from "./TestToken.sol";

/// @title DevnetExchange
/// @notice Sells a test token for ether, and buys it back with the ether that was paid, at a price that never moves. For
/// trying out a script's key on the devnet: the token is worth nothing.
contract DevnetExchange {
    /// @notice What it sells.
    TestToken public immutable TOKEN;
    /// @notice How much of it one ether buys, in its smallest unit.
    uint256 public immutable PRICE;

    /// @notice Something was sold.
    /// @param buyer Who bought.
    /// @param paid Wei.
    /// @param bought In the token's smallest unit.
    event Bought(address indexed buyer, uint256 paid, uint256 bought);

    /// @notice Something was bought back.
    /// @param seller Who sold.
    /// @param sold In the token's smallest unit.
    /// @param paid Wei.
    event Sold(address indexed seller, uint256 sold, uint256 paid);

    /// @notice Whoever trades would get less than they asked for.
    /// @param get What they would get, in the token's smallest unit or in wei.
    /// @param least What they asked for.
    error TooFew(uint256 get, uint256 least);

    /// @param token What it sells.
    /// @param price How much of it one ether buys, in its smallest unit.
    constructor(TestToken token, uint256 price) {
        TOKEN = token;
        PRICE = price;
    }

    /// @notice Buys for the ether that comes along.
    /// @param least Reverts rather than give less than this, in the token's smallest unit.
    /// @return bought What the buyer gets.
    function buy(uint256 least) external payable returns (uint256 bought) {
        bought = (msg.value * PRICE) / 1 ether;
        if (bought < least) revert TooFew(bought, least);
        emit Bought(msg.sender, msg.value, bought);
        TOKEN.mint(msg.sender, bought);
    }

    /// @notice Takes tokens, as many as whoever sells them allowed, and pays for them.
    /// @param amount How many, in the token's smallest unit.
    /// @param least Reverts rather than pay less than this, in wei.
    /// @return paid What the seller gets.
    function sell(uint256 amount, uint256 least) external returns (uint256 paid) {
        paid = (amount * 1 ether) / PRICE;
        if (paid < least) revert TooFew(paid, least);
        emit Sold(msg.sender, amount, paid);
        // It reverts where it fails.
        // solhint-disable-next-line reentrancy
        TOKEN.transferFrom(msg.sender, address(this), amount);
        Address.sendValue(payable(msg.sender), paid);
    }
}
