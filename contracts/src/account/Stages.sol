// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @notice What can become of an operation that was scheduled.
enum Stage {
    /// It never was, it ran, or it was cancelled: nothing.
    Gone,
    /// It waits for its delay, and can be cancelled.
    Waiting,
    /// It can run, or be cancelled.
    Due,
    /// Nobody ran it in time: it never runs.
    Lapsed,
    /// The account was frozen since: it runs after it was armed again, and a delay.
    Asleep
}

/// @title Stages
/// @notice What decides about scheduled operations, in plain numbers, because the model checker can follow those (see
/// contracts/smt).
library Stages {
    /// @notice How long an operation can run once its delay is over (seconds). An old one that everybody forgot must
    /// not be found by somebody else years later.
    uint256 internal constant EXECUTION_WINDOW = 30 days;

    /// @notice What can become of an operation at a time.
    /// @param time The time (seconds since 1970).
    /// @param executableAt When the operation can run (seconds since 1970); 0 when none is scheduled.
    /// @param slept Whether the account was frozen since the operation was scheduled or armed again.
    /// @param sleptFrom When that freeze began (seconds since 1970); not looked at when there was none.
    /// @return Its stage.
    function stageAt(
        uint256 time,
        uint256 executableAt,
        bool slept,
        uint256 sleptFrom
    ) internal pure returns (Stage) {
        if (executableAt == 0) return Stage.Gone;
        // While it sleeps its time does not run out; but what had lapsed before that does not come back.
        if ((slept ? sleptFrom : time) > executableAt + EXECUTION_WINDOW) return Stage.Lapsed;
        if (slept) return Stage.Asleep;
        return time < executableAt ? Stage.Waiting : Stage.Due;
    }

    /// @notice When an operation can run that is scheduled, or armed again, at a time.
    /// @param time The time (seconds since 1970).
    /// @param delay How long it waits (seconds).
    /// @return Seconds since 1970.
    function armed(uint256 time, uint256 delay) internal pure returns (uint256) {
        return time + delay;
    }
}
