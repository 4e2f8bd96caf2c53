// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Limits} from "../../src/account/Limits.sol";

/// @title RoundingProof
/// @notice Rounding is never for the spender.
contract RoundingProof {
    /// @notice The units taken stand for no less than the amount.
    /// @param limit Any limit.
    /// @param amount Any amount.
    function unitsStandForNoLessThanTheAmount(uint104 limit, uint256 amount) external pure {
        require(limit != 0 && amount <= limit);
        uint256 whole = Limits.unitsOf(limit);
        uint256 units = Limits.unitsFor(amount, limit, whole);
        unchecked {
            assert(units * limit >= amount * whole);
        }
    }
}
