// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Stage, Stages} from "../../src/account/Stages.sol";
import {OneOperation} from "./OneOperation.sol";

/// @title WindowProof
/// @notice What nobody ran in time.
contract WindowProof is OneOperation {
    /// @notice Nothing runs more than 30 days after its delay. In any state, see {OneOperation}.
    function nothingRunsLongAfter(
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
        if (stage == Stage.Due) assert(time <= armedAt + delay + 30 days);
    }
}
