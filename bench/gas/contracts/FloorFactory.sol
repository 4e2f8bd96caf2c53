// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";

import {FloorAccount} from "./FloorAccount.sol";

/// @title FloorFactory
/// @notice Creates accounts with two owners; with it comes the implementation they share.
contract FloorFactory {
    FloorAccount private immutable IMPLEMENTATION;

    /// @param threshold How many of the two have to sign.
    constructor(uint256 threshold) {
        IMPLEMENTATION = new FloorAccount(threshold);
    }

    /// @notice Creates an account.
    /// @param first An owner.
    /// @param second Another owner.
    /// @return account The account's address.
    function create(address first, address second) external returns (address account) {
        bytes32 salt = keccak256(abi.encode(first, second));
        account = Clones.cloneDeterministic(address(IMPLEMENTATION), salt);
        FloorAccount(payable(account)).initialize(first, second);
    }
}
