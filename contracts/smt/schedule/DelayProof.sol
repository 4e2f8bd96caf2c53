// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Stage, Stages} from "../../src/account/Stages.sol";
import {OneOperation} from "./OneOperation.sol";

/// @title DelayProof
/// @notice The whole delay counts.
contract DelayProof is OneOperation {
    /// @notice Nothing runs before its delay is over, counted from when it was last armed. In any state, see {OneOperation}.
    function nothingRunsBefore(
        uint256 time,
        uint256 executableAt,
        bool slept,
        uint256 sleptFrom,
        bool over,
        uint256 armedAt,
        uint256 delay,
        bool lapsed
    ) external pure {
        require(_holds(time, executableAt, slept, sleptFrom, over, armedAt, delay, lapsed));
        Stage stage = Stages.stageAt(time, executableAt, slept, sleptFrom);
        if (stage == Stage.Due) assert(time >= armedAt + delay);
    }
}
