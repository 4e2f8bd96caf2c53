// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Stage, Stages} from "../../src/account/Stages.sol";
import {OneOperation} from "./OneOperation.sol";

/// @title InductionProof
/// @notice Everything that can happen to an operation, in any order: it is proposed, which its nonce allows once; time
/// passes; the account is frozen; and it is run, cancelled and armed again whenever its stage lets it.
/// @dev By induction: what holds at the beginning is kept by every step.
contract InductionProof is OneOperation {
    /// @notice It holds when the operation is proposed.
    /// @param time Any time.
    /// @param delay Any delay.
    /// @param sleptFrom What was kept there before.
    function itHoldsAtTheBeginning(uint48 time, uint32 delay, uint48 sleptFrom) external pure {
        require(delay != 0);
        uint256 executableAt = Stages.armed(time, delay);
        assert(_holds(time, executableAt, false, sleptFrom, false, time, delay, false));
    }

    /// @notice Time that passes keeps it.
    /// @param passed How much; the rest is any state, see {OneOperation}.
    function timeKeepsIt(
        uint256 passed,
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
        time += passed;
        if (!slept && time > armedAt + delay + 30 days) lapsed = true;
        assert(_holds(time, executableAt, slept, sleptFrom, over, armedAt, delay, lapsed));
    }

    /// @notice A freeze keeps it: it ends the epoch that is kept, unless that had ended before.
    function freezingKeepsIt(
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
        if (!slept) sleptFrom = time;
        assert(_holds(time, executableAt, true, sleptFrom, over, armedAt, delay, lapsed));
    }

    /// @notice Taking it out, to run it or to cancel it, keeps it.
    function takingOutKeepsIt(
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
        require(Stages.stageAt(time, executableAt, slept, sleptFrom) != Stage.Gone);
        assert(_holds(time, 0, slept, sleptFrom, true, armedAt, delay, lapsed));
    }

    /// @notice Arming it again keeps it.
    /// @param newDelay How long it has to wait then: the owner may have changed that; the rest is any state.
    function armingAgainKeepsIt(
        uint256 newDelay,
        uint256 time,
        uint256 executableAt,
        bool slept,
        uint256 sleptFrom,
        bool over,
        uint256 armedAt,
        uint256 delay,
        bool lapsed
    ) external pure {
        require(_holds(time, executableAt, slept, sleptFrom, over, armedAt, delay, lapsed) && newDelay != 0);
        require(Stages.stageAt(time, executableAt, slept, sleptFrom) == Stage.Asleep);
        executableAt = Stages.armed(time, newDelay);
        assert(_holds(time, executableAt, false, sleptFrom, over, time, newDelay, lapsed));
    }
}
