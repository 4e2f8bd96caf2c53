// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @notice A contract that takes no ether.
contract RefusingRecipient {
    error NoThanks();

    receive() external payable {
        revert NoThanks();
    }
}
