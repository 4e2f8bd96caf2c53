// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {ERC4337Factory} from "solady/src/accounts/ERC4337Factory.sol";

/// @title SoladyFactory
/// @notice Solady's own factory, named here so that it is compiled.
contract SoladyFactory is ERC4337Factory {
    /// @param implementation_ The {SoladyAccount} behind all proxies.
    constructor(address implementation_) ERC4337Factory(implementation_) {}
}
