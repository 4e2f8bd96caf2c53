// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";

/// @title CloneFactory
/// @notice The plainest factory of minimal clones (ERC-1167) there can be, for accounts that come without one.
contract CloneFactory {
    address private immutable IMPLEMENTATION;

    /// @param implementation The code all clones share.
    constructor(address implementation) {
        IMPLEMENTATION = implementation;
    }

    /// @notice Creates a clone at an address that follows from how it begins, and begins it.
    /// @param initialization The call that gives the clone its owners. What it reverts with is passed on.
    /// @return clone The clone's address.
    function create(bytes calldata initialization) external returns (address clone) {
        clone = Clones.cloneDeterministic(IMPLEMENTATION, keccak256(initialization));
        (bool done, bytes memory answer) = clone.call(initialization);
        if (!done) {
            assembly ("memory-safe") {
                revert(add(answer, 0x20), mload(answer))
            }
        }
    }
}
