// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Key} from "./Keys.sol";
import {RoleCounts} from "./Roles.sol";

/// @notice Everything an account remembers. The first three fields share one slot, so that the operations on
/// lane 0, nearly all of them, read the thresholds and write the sequence for the price of one slot.
/// @param sequence How many operations were done on lane 0.
/// @param keyCounts How many keys each role has, pending and expired ones included.
/// @param thresholds How many keys of each role have to sign for the role to count.
/// @param keys The account's keys by key id.
/// @param sequences How many operations were done on each other lane.
struct AccountState {
    uint64 sequence;
    RoleCounts keyCounts;
    RoleCounts thresholds;
    mapping(bytes32 keyId => Key) keys;
    mapping(uint192 lane => uint64 sequence) sequences;
}

/// @title AccountStorage
/// @notice Where an account's state lives: an ERC-7201 namespace, apart from everything else.
library AccountStorage {
    /// @dev keccak256(abi.encode(uint256(keccak256("trivet.storage.Account")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 internal constant LOCATION = 0xdfc884691da7490cca7a0785253a6f45048884e7eb7def6ad580a4f124370b00;

    /// @notice The state of the account this code runs for.
    /// @return state A reference to its storage.
    function load() internal pure returns (AccountState storage state) {
        assembly ("memory-safe") {
            state.slot := LOCATION
        }
    }
}
