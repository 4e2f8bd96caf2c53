// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Vm} from "./Vm.sol";

/// @title Test
/// @notice What every Solidity test builds on: the cheat codes, and assertions that say what was seen.
abstract contract Test {
    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    error NotEqualNumbers(uint256 seen, uint256 expected);
    error NotEqualAddresses(address seen, address expected);
    error NotEqualWords(bytes32 seen, bytes32 expected);
    error NotEqualTexts(string seen, string expected);
    error NotTrue();

    function assertEq(uint256 seen, uint256 expected) internal pure {
        if (seen != expected) revert NotEqualNumbers(seen, expected);
    }

    function assertEq(address seen, address expected) internal pure {
        if (seen != expected) revert NotEqualAddresses(seen, expected);
    }

    function assertEq(bytes32 seen, bytes32 expected) internal pure {
        if (seen != expected) revert NotEqualWords(seen, expected);
    }

    function assertEq(string memory seen, string memory expected) internal pure {
        if (keccak256(bytes(seen)) != keccak256(bytes(expected))) revert NotEqualTexts(seen, expected);
    }

    function assertTrue(bool seen) internal pure {
        if (!seen) revert NotTrue();
    }

    function assertFalse(bool seen) internal pure {
        assertTrue(!seen);
    }

    /// @dev Deploys a compiled contract: the very code that goes on the chain, compiled once and not into each test.
    /// @param artifact Its source below contracts/, and its name: "src/TrivetAccount.sol:TrivetAccount".
    /// @param arguments The constructor's arguments, encoded.
    function _deploy(string memory artifact, bytes memory arguments) internal returns (address deployed) {
        bytes memory code = bytes.concat(vm.getCode(string.concat("contracts/", artifact)), arguments);
        assembly {
            deployed := create(0, add(code, 0x20), mload(code))
        }
        assertTrue(deployed != address(0));
    }

    /// @dev Deploys one of the hostile contracts.
    function _hostile(string memory name, bytes memory arguments) internal returns (address) {
        return _deploy(string.concat("testing/hostile/", name, ".sol:", name), arguments);
    }

    /// @dev A number between the two given, both included, that depends on any number.
    function bound(uint256 any, uint256 lowest, uint256 highest) internal pure returns (uint256) {
        if (highest - lowest == type(uint256).max) return any;
        return lowest + (any % (highest - lowest + 1));
    }
}
