// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Limits} from "../../src/account/Limits.sol";

/// @title PeriodProof
/// @notice How long what was spent counts; and so, that 24 hours touch no more than four periods.
contract PeriodProof {
    /// @notice Whatever was spent counts for 24 hours, and no more after 32.
    /// @param then When something was spent.
    /// @param time Any later time.
    /// @param units What was spent.
    function whatWasSpentCountsFor24HoursAndNotAfter32(uint64 then, uint64 time, uint32 units) external pure {
        require(time >= then);
        (, uint256 spent0, uint256 spent1, uint256 spent2, uint256 spent3) = Limits.aged(
            time / Limits.PERIOD,
            then / Limits.PERIOD,
            units,
            0,
            0,
            0
        );
        uint256 counted = Limits.total(spent0, spent1, spent2, spent3);
        if (time - then <= 24 hours) assert(counted == units);
        if (time - then >= 32 hours) assert(counted == 0);
    }
}
