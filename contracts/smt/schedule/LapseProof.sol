// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Stage, Stages} from "../../src/account/Stages.sol";
import {OneOperation} from "./OneOperation.sol";

/// @title LapseProof
/// @notice What lapsed is gone.
contract LapseProof is OneOperation {
    /// @notice It neither runs nor is armed again, whatever is frozen afterwards. In any state, see {OneOperation}.
    function whatLapsedIsGone(
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
        if (stage == Stage.Due || stage == Stage.Asleep) assert(!lapsed);
    }
}
