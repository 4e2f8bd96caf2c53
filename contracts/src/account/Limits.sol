// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @notice How much one key may spend of one token in a day, and what it spent lately; one storage slot.
/// What was spent is counted in units, of which {Limits.unitsOf} make the limit, each spend rounded up.
/// @param limit The most that may be spent in any 24 hours, in the token's smallest unit; 0: nothing may be spent.
/// @param period The latest period of 8 hours in which something was spent, counted from 1970.
/// @param spent0 Units spent in that period.
/// @param spent1 Units spent in the period before it.
/// @param spent2 Units spent two periods before it.
/// @param spent3 Units spent three periods before it.
struct Limit {
    uint104 limit;
    uint24 period;
    uint128 spent;
}

/// @title Limits
/// @notice Daily limits that hold in any 24 hours, not only from midnight to midnight. Time is cut into periods of
/// 8 hours, and what was spent in this period and the three before it counts. 24 hours never touch more than four
/// periods, so no 24 hours ever see more than the limit; and what was spent is free again after 24 to 32 hours.
/// @dev Everything is rounded against the spender. A clock that goes back frees nothing: then the latest period
/// seen stays the current one. So it is, too, when the count of periods overflows its 24 bits, in the year 17280.
library Limits {
    /// @notice The key may not spend this much of the token now.
    /// @param available How much it may spend now, in the token's smallest unit.
    /// @param amount How much it was to spend, in the token's smallest unit.
    error LimitExceeded(uint256 available, uint256 amount);

    /// @notice How long a period is.
    uint256 internal constant PERIOD = 8 hours;

    /// @notice Into how many units a limit is divided at most. Just under what 32 bits hold, and divisible by so
    /// many numbers that usual parts of usual limits (a third, a cent of a million) are whole units.
    uint256 internal constant MOST_UNITS = 4_200_000_000;

    /// @dev Stands for more units than the limit has, however many; stays so until it is old enough not to count.
    uint32 private constant EXCEEDED = type(uint32).max;

    /// @notice Counts a spend against the limit, or reverts with {LimitExceeded}.
    /// @param self The limit.
    /// @param amount How much is spent, in the token's smallest unit.
    function spend(Limit storage self, uint256 amount) internal {
        unchecked {
            (uint256 limit, uint256 last, uint256 spent) = (self.limit, self.period, self.spent);
            uint256 period = uint24(block.timestamp / PERIOD);
            if (period > last) spent = uint128(spent << ((period - last) * 32));
            else period = last;
            uint256 whole = unitsOf(limit);
            uint256 counted = uint32(spent) + uint256(uint32(spent >> 32)) + uint32(spent >> 64) + (spent >> 96);
            if (limit == 0 || amount > limit) revert LimitExceeded(_availableOf(limit, counted), amount);
            uint256 units = (amount * whole + limit - 1) / limit;
            if (counted + units > whole) revert LimitExceeded(_availableOf(limit, counted), amount);
            self.period = uint24(period);
            self.spent = uint128(spent + units);
        }
    }

    function unitsOf(uint256 limit) internal pure returns (uint256) {
        return limit < MOST_UNITS ? limit : MOST_UNITS;
    }

    function _availableOf(uint256 limit, uint256 counted) private pure returns (uint256) {
        uint256 units = unitsOf(limit);
        return counted >= units ? 0 : ((units - counted) * limit) / units;
    }

    function spendable(Limit storage self, uint256 amount) internal view returns (bool) { return amount <= available(self); }
    function available(Limit storage self) internal view returns (uint256) { return _availableOf(self.limit, self.spent >> 96); }
    function set(Limit storage self, uint104 newLimit) internal { self.limit = newLimit; }
}
