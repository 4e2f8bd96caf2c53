// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @notice A token that says every transfer was made and makes none.
contract EmptyToken {
    /// @notice What everybody has, whatever happens.
    uint256 public balance;

    /// @notice How much what everybody has shrinks with each transfer.
    uint256 public shrinking;

    constructor(uint256 balance_, uint256 shrinking_) {
        balance = balance_;
        shrinking = shrinking_;
    }

    function balanceOf(address) external view returns (uint256) {
        return balance;
    }

    function transferFrom(address, address, uint256) external returns (bool) {
        balance -= shrinking;
        return true;
    }
}
