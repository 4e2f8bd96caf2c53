// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title DepositKeeper
/// @notice The part of the ERC-4337 EntryPoint that keeps deposits and nonces, for Solidity tests; those in TypeScript
/// run the real one.
contract DepositKeeper {
    mapping(address account => uint256) public balanceOf;
    mapping(address account => mapping(uint192 lane => uint64)) private _sequences;

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

    /// @notice Uses up the caller's next nonce of a lane.
    function incrementNonce(uint192 lane) external {
        ++_sequences[msg.sender][lane];
    }

    /// @notice An account's next nonce of a lane.
    function getNonce(address account, uint192 lane) external view returns (uint256) {
        return (uint256(lane) << 64) | _sequences[account][lane];
    }

    /// @notice What an account pays for its operations.
    receive() external payable {
        balanceOf[msg.sender] += msg.value;
    }
}
