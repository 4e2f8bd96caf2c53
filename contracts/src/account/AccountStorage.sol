// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Key} from "./Keys.sol";
import {Limit} from "./Limits.sol";
import {RoleCounts} from "./Roles.sol";
import {Scheduled} from "./Schedule.sol";
import {Settings} from "./Settings.sol";

/// @notice Everything an account remembers. The first fields, up to mayHaveAllowlist, share one slot, so that the
/// operations on lane 0, nearly all of them, find whether the account is frozen and which thresholds count, and
/// write the sequence, for the price of one slot.
/// @param sequence How many operations were done on lane 0.
/// @param keyCounts How many mfa and recovery keys there are that never expire; device keys are not counted, because
/// another active device key always has to remove them.
/// @param thresholds How many keys of each role have to sign for the role to count.
/// @param frozenUntil The account is frozen before this time (seconds since 1970); the highest number is an archive.
/// @param epoch How often the account was frozen.
/// @param lastRemoval When a key was last removed or replaced (seconds since 1970); 0 when none was.
/// @param keysAdded How many keys were added to the ones the account began with, which tells a key that comes back from
/// the one it was before, see {Key}.
/// @param mayHaveAllowlist Whether any recipient was ever allowlisted: only then is the list worth a look.
/// @param settings What the owner has set.
/// @param keys The account's keys by key id.
/// @param sequences How many operations were done on each other lane.
/// @param removals When keys were removed before lastRemoval, see {Freeze}.
/// @param frozenAt When each epoch began (seconds since 1970).
/// @param scheduled What was accepted and waits, by the operation's id.
/// @param limits What a key may spend of a token by itself, by {Keys.ownership}; zero for ether.
/// @param scopes What a key may call by itself, by {Keys.ownership}: the target's address and the selector, packed.
/// @param allowlisted Where a device key may send by itself.
/// @param emergencyAddresses Who may withdraw to itself.
/// @param successor Who may end an archive.
struct AccountState {
    uint64 sequence;
    RoleCounts keyCounts;
    RoleCounts thresholds;
    uint40 frozenUntil;
    uint16 epoch;
    uint40 lastRemoval;
    uint24 keysAdded;
    bool mayHaveAllowlist;
    Settings settings;
    uint256 removals;
    mapping(bytes32 keyId => Key) keys;
    mapping(uint192 lane => uint64 sequence) sequences;
    mapping(uint16 epoch => uint48) frozenAt;
    mapping(bytes32 operation => Scheduled) scheduled;
    mapping(bytes32 ownership => mapping(address token => Limit)) limits;
    mapping(bytes32 ownership => mapping(bytes24 call => bool)) scopes;
    mapping(address recipient => bool) allowlisted;
    mapping(address account => bool) emergencyAddresses;
    address successor;
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
