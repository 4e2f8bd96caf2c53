// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title Delegation
/// @notice An account's code is more than one contract can hold. What a part has no function for, it hands on.
library Delegation {
    /// @notice Runs the present call with another contract's code, and ends with its answer. Returns to nobody.
    /// @param code The contract.
    function to(address code) internal {
        assembly {
            calldatacopy(0, 0, calldatasize())
            let done := delegatecall(gas(), code, 0, calldatasize(), 0, 0)
            returndatacopy(0, 0, returndatasize())
            if iszero(done) {
                revert(0, returndatasize())
            }
            return(0, returndatasize())
        }
    }
}
