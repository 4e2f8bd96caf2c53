// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title DepositKeeper
/// @notice The part of the ERC-4337 EntryPoint that keeps deposits, for Solidity tests; those in TypeScript run the real
/// one.
contract DepositKeeper {
    mapping(address account => uint256) public balanceOf;

    error DepositTooLow();
    error WithdrawalRefused();

    function depositTo(address account) external payable {
        balanceOf[account] += msg.value;
    }

    function withdrawTo(address payable to, uint256 amount) external {
        if (balanceOf[msg.sender] < amount) revert DepositTooLow();
        balanceOf[msg.sender] -= amount;
        // solhint-disable-next-line avoid-low-level-calls
        (bool done, ) = to.call{value: amount}("");
        if (!done) revert WithdrawalRefused();
    }

    /// @notice What an account pays for its operations.
    receive() external payable {
        balanceOf[msg.sender] += msg.value;
    }
}
