// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @notice A contract that answers its payment with more data than anyone can pay to copy.
contract BombRecipient {
    receive() external payable {
        assembly {
            return(0, 1000000)
        }
    }
}
