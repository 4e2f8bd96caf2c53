// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @notice A token whose transfers return nothing, as some old ones. Anyone may move anyone's: it is for tests.
contract SilentToken {
    mapping(address holder => uint256) public balanceOf;

    error Insufficient();

    function mint(address to, uint256 amount) external {
        balanceOf[to] += amount;
    }

    function transfer(address to, uint256 amount) external {
        if (balanceOf[msg.sender] < amount) revert Insufficient();
        balanceOf[msg.sender] -= amount;
        balanceOf[to] += amount;
    }

    function transferFrom(address from, address to, uint256 amount) external {
        if (balanceOf[from] < amount) revert Insufficient();
        balanceOf[from] -= amount;
        balanceOf[to] += amount;
    }
}
