// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title IAliasRegistry
/// @notice Where a migrated account names its successor.
interface IAliasRegistry {
    /// @notice Points the caller to its successor.
    /// @param successor The account that took the caller's place.
    function pointTo(address successor) external;
}
