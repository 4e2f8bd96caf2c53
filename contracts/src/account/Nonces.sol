// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IEntryPointNonces} from "@openzeppelin/contracts/interfaces/IERC4337.sol";

import {AccountState} from "./AccountStorage.sol";
import {EntryPointDoor} from "./EntryPointDoor.sol";

/// @title Nonces
/// @notice Every operation carries a nonce that works once: nonce = (lane << 64) | sequence. On one lane the
/// sequence counts up by one, so operations run in order; different lanes are independent of each other. The upper
/// half of the lanes is for operations whose signatures the EntryPoint has the account check: the EntryPoint keeps
/// those, the account all others, so that every nonce belongs to one door and nothing is counted twice.
library Nonces {
    /// @notice The first of the lanes that the ERC-4337 EntryPoint keeps.
    uint192 internal constant FIRST_ENTRY_POINT_LANE = 1 << 191;

    /// @notice The nonce is one of the other door. From the EntryPoint an operation has to carry the user operation's
    /// nonce, on the upper half of the lanes; from everybody else, one on the lower half.
    /// @param nonce The nonce the operation carries.
    error NonceOfOtherDoor(uint256 nonce);

    /// @notice The operation was done before, or another one of its lane has to come first.
    /// @param nonce The nonce the operation carries.
    /// @param expected The nonce the lane is at.
    error NonceNotNext(uint256 nonce, uint256 expected);

    /// @notice The nonce the next operation on a lane has to carry.
    /// @param state The account's state.
    /// @param lane Which lane.
    /// @return (lane << 64) | sequence.
    function next(AccountState storage state, uint192 lane) internal view returns (uint256) {
        if (lane >= FIRST_ENTRY_POINT_LANE) {
            return IEntryPointNonces(EntryPointDoor.ENTRY_POINT).getNonce(address(this), lane);
        }
        uint64 sequence = lane == 0 ? state.sequence : state.sequences[lane];
        return (uint256(lane) << 64) | sequence;
    }

    /// @notice Uses up a nonce. Reverts unless it is the next one of a lane that the account keeps.
    /// @param state The account's state.
    /// @param nonce The nonce an operation carries.
    function use(AccountState storage state, uint256 nonce) internal {
        uint192 lane = uint192(nonce >> 64);
        uint64 sequence = uint64(nonce);
        if (lane == 0) {
            if (sequence != state.sequence) revert NonceNotNext(nonce, next(state, lane));
            state.sequence = sequence + 1;
        } else {
            if (lane >= FIRST_ENTRY_POINT_LANE) revert NonceOfOtherDoor(nonce);
            if (sequence != state.sequences[lane]) revert NonceNotNext(nonce, next(state, lane));
            state.sequences[lane] = sequence + 1;
        }
    }

    /// @notice Reverts unless the EntryPoint uses up an operation's nonce.
    /// @param nonce The nonce the operation carries.
    /// @param used The nonce the EntryPoint uses up.
    function requireUsedByEntryPoint(uint256 nonce, uint256 used) internal pure {
        if (nonce != used || nonce >> 64 < FIRST_ENTRY_POINT_LANE) revert NonceOfOtherDoor(nonce);
    }
}
