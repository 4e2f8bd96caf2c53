// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @notice A token that never moves and says so by returning false.
contract RefusingToken {
    uint256 public balanceOfEverybody;

    constructor(uint256 balance) {
        balanceOfEverybody = balance;
    }

    function balanceOf(address) external view returns (uint256) {
        return balanceOfEverybody;
    }

    function transfer(address, uint256) external pure returns (bool) {
        return false;
    }

    function transferFrom(address, address, uint256) external pure returns (bool) {
        return false;
    }
}
