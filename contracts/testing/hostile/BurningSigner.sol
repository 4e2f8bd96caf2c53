// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @notice A contract that burns all the gas it gets when asked whether it signed.
contract BurningSigner {
    fallback() external {
        assembly {
            invalid()
        }
    }
}
