// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {AccountState} from "./AccountStorage.sol";

/// @title Nonces
/// @notice Every operation carries a nonce that works once: nonce = (lane << 64) | sequence. On one lane the
/// sequence counts up by one, so operations run in order; different lanes are independent of each other.
library Nonces {
    /// @notice The operation was done before, or another one of its lane has to come first.
    /// @param nonce The nonce the operation carries.
    /// @param expected The nonce the lane is at.
    error NonceNotNext(uint256 nonce, uint256 expected);

    /// @notice The nonce the next operation on a lane has to carry.
    /// @param state The account's state.
    /// @param lane Which lane.
    /// @return (lane << 64) | sequence.
    function next(AccountState storage state, uint192 lane) internal view returns (uint256) {
        uint64 sequence = lane == 0 ? state.sequence : state.sequences[lane];
        return (uint256(lane) << 64) | sequence;
    }

    /// @notice Uses up a nonce. Reverts unless it is the next one of its lane.
    /// @param state The account's state.
    /// @param nonce The nonce an operation carries.
    function use(AccountState storage state, uint256 nonce) internal {
        uint192 lane = uint192(nonce >> 64);
        uint64 sequence = uint64(nonce);
        if (lane == 0) {
            if (sequence != state.sequence) revert NonceNotNext(nonce, next(state, lane));
            state.sequence = sequence + 1;
        } else {
            if (sequence != state.sequences[lane]) revert NonceNotNext(nonce, next(state, lane));
            state.sequences[lane] = sequence + 1;
        }
    }
}
