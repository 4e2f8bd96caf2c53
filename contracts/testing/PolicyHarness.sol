// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Delay, Kind, Policy} from "../src/account/Policy.sol";
import {RoleCounts} from "../src/account/Roles.sol";

/// @title PolicyHarness
/// @notice Lets tests ask the policy library itself, many questions at a time.
contract PolicyHarness {
    /// @notice How many kinds there are.
    /// @return The number of kinds.
    function kinds() external pure returns (uint256) {
        return uint256(type(Kind).max) + 1;
    }

    /// @notice When operations of a kind take effect.
    /// @param kind What is asked for.
    /// @param signed For each question, how many active keys of each role signed.
    /// @param thresholds For each question, how many of each role have to.
    /// @return delays The answer to each question.
    function delaysOf(
        Kind kind,
        RoleCounts[] calldata signed,
        RoleCounts[] calldata thresholds
    ) external pure returns (Delay[] memory delays) {
        delays = new Delay[](signed.length);
        for (uint256 i = 0; i < signed.length; ++i) {
            delays[i] = Policy.delayOf(kind, signed[i], thresholds[i]);
        }
    }
}
