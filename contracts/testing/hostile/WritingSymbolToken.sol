// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @notice A token that tries to remember being asked for its symbol, which a static call does not allow.
contract WritingSymbolToken {
    mapping(address holder => uint256) public balanceOf;
    uint256 public asked;

    function mint(address to, uint256 amount) external {
        balanceOf[to] += amount;
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        balanceOf[msg.sender] -= amount;
        balanceOf[to] += amount;
        return true;
    }

    function symbol() external returns (string memory) {
        ++asked;
        return "WRI";
    }

    function decimals() external pure returns (uint8) {
        return 0;
    }
}
