// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @notice How much one key may spend of one token in a day, and what it spent lately, in one storage slot. What was
/// spent is kept in units, of which {Limits.unitsOf} make up the limit; each spend is rounded up to whole units.
/// @param limit The most that may be spent in any 24 hours, in the token's smallest unit; 0: nothing may be spent.
/// @param period The latest period of 8 hours in which something was spent, counted from 1970.
/// @param spent0 Units spent in that period.
/// @param spent1 Units spent in the period before it.
/// @param spent2 Units spent two periods before it.
/// @param spent3 Units spent three periods before it.
struct Limit {
    uint104 limit;
    uint24 period;
    uint32 spent0;
    uint32 spent1;
    uint32 spent2;
    uint32 spent3;
}

/// @title Limits
/// @notice Daily limits that hold in any 24 hours, not only from midnight to midnight. Time is cut into periods of
/// 8 hours; what was spent in the current period and in the three before it counts. 24 hours never touch more than
/// four periods, so no 24 hours ever see more than the limit, and what was spent is free again after 24 to 32 hours.
/// @dev Everything is rounded against the spender. A clock that goes back frees nothing: the latest period seen
/// stays the current one. So it does when the count of periods outgrows its 24 bits, in the year 17281.
/// The pure functions take and give plain numbers, because the model checker can follow those (see contracts/smt).
library Limits {
    /// @notice The key may not spend this much of this token now.
    /// @param available The most it may spend now, in the token's smallest unit; 0 also when it has no limit at all.
    /// @param amount What it was to spend, in the token's smallest unit.
    error LimitExceeded(uint256 available, uint256 amount);

    /// @notice How long a period is, in seconds.
    uint256 internal constant PERIOD = 8 hours;

    /// @notice Into how many units a limit is divided at most. A little below what 32 bits hold, because this number
    /// has many divisors: the usual parts of usual limits (a third, a cent out of a million) are whole units, so
    /// rounding does not take from them.
    uint256 internal constant MOST_UNITS = 4_200_000_000;

    /// @notice In the place of spent units: more than the limit was lowered to, no matter how much more. It stays
    /// when the limit is raised, and goes when it is old enough not to count.
    uint256 internal constant EXCEEDED = type(uint32).max;

    /// @notice Spends from the limit. Reverts with {LimitExceeded} when it is too much.
    /// @param self The limit.
    /// @param amount How much, in the token's smallest unit.
    function spend(Limit storage self, uint256 amount) internal {
        if (!trySpend(self, amount)) revert LimitExceeded(available(self), amount);
    }

    /// @notice Spends from the limit, unless it is too much.
    /// @param self The limit.
    /// @param amount How much, in the token's smallest unit.
    /// @return spent Whether it was spent; if not, nothing changed.
    function trySpend(Limit storage self, uint256 amount) internal returns (bool spent) {
        uint256 limit = self.limit;
        (uint256 period, uint256 spent0, uint256 spent1, uint256 spent2, uint256 spent3) = aged(
            uint24(block.timestamp / PERIOD),
            self.period,
            self.spent0,
            self.spent1,
            self.spent2,
            self.spent3
        );
        uint256 units;
        (spent, units) = cost(limit, total(spent0, spent1, spent2, spent3), amount);
        if (!spent) return false;
        self.period = uint24(period);
        unchecked {
            // Now that it fits, it is at most MOST_UNITS.
            self.spent0 = uint32(spent0 + units);
        }
        self.spent1 = uint32(spent1);
        self.spent2 = uint32(spent2);
        self.spent3 = uint32(spent3);
    }

    /// @notice Whether {spend} would succeed now.
    /// @param self The limit.
    /// @param amount How much would be spent, in the token's smallest unit.
    /// @return fits Never true where no limit was set, not even for 0.
    function spendable(Limit storage self, uint256 amount) internal view returns (bool fits) {
        (fits, ) = cost(self.limit, _counted(self), amount);
    }

    /// @notice The most that can be spent now.
    /// @param self The limit.
    /// @return In the token's smallest unit.
    function available(Limit storage self) internal view returns (uint256) {
        return rest(self.limit, _counted(self));
    }

    /// @notice Raises or lowers the limit. What was spent still counts with the same amount.
    /// @param self The limit.
    /// @param newLimit The most that may be spent in any 24 hours from now on, in the token's smallest unit; 0:
    /// nothing.
    function set(Limit storage self, uint104 newLimit) internal {
        uint256 limit = self.limit;
        self.limit = newLimit;
        self.spent0 = uint32(rescaled(self.spent0, limit, newLimit));
        self.spent1 = uint32(rescaled(self.spent1, limit, newLimit));
        self.spent2 = uint32(rescaled(self.spent2, limit, newLimit));
        self.spent3 = uint32(rescaled(self.spent3, limit, newLimit));
    }

    /// @notice How many units make up a limit. Small limits are counted to the last token unit.
    /// @param limit The limit, in the token's smallest unit.
    /// @return At most {MOST_UNITS}; 0 for 0.
    function unitsOf(uint256 limit) internal pure returns (uint256) {
        return limit < MOST_UNITS ? limit : MOST_UNITS;
    }

    /// @notice What a spend takes from a limit, rounded up, and whether that much is left.
    /// @param limit The limit, in the token's smallest unit, of at most 104 bits.
    /// @param counted The units spent that still count.
    /// @param amount What is to be spent, in the token's smallest unit.
    /// @return fits Whether the limit allows it.
    /// @return units What it takes.
    function cost(
        uint256 limit,
        uint256 counted,
        uint256 amount
    ) internal pure returns (bool fits, uint256 units) {
        if (limit == 0 || amount > limit) return (false, 0);
        uint256 whole = unitsOf(limit);
        units = unitsFor(amount, limit, whole);
        unchecked {
            return (counted + units <= whole, units);
        }
    }

    /// @notice An amount in units, rounded up.
    /// @param amount The amount, in the token's smallest unit, no more than the limit.
    /// @param limit The limit, in the token's smallest unit, of at most 104 bits, not 0.
    /// @param whole How many units make up the limit, see {unitsOf}.
    /// @return The least number of units that stand for the amount.
    function unitsFor(uint256 amount, uint256 limit, uint256 whole) internal pure returns (uint256) {
        unchecked {
            // At most 104 + 32 bits.
            return (amount * whole + limit - 1) / limit;
        }
    }

    /// @notice The largest amount whose {cost} still fits.
    /// @param limit The limit, in the token's smallest unit, of at most 104 bits.
    /// @param counted The units spent that still count.
    /// @return In the token's smallest unit.
    function rest(uint256 limit, uint256 counted) internal pure returns (uint256) {
        uint256 whole = unitsOf(limit);
        return counted < whole ? ((whole - counted) * limit) / whole : 0;
    }

    /// @notice All units that count.
    /// @param spent0 Units spent in the current period, of at most 32 bits, like the others; and so on, as in {Limit}.
    /// @param spent1 Units spent in the period before it.
    /// @param spent2 Units spent two periods before it.
    /// @param spent3 Units spent three periods before it.
    /// @return Their sum.
    function total(
        uint256 spent0,
        uint256 spent1,
        uint256 spent2,
        uint256 spent3
    ) internal pure returns (uint256) {
        unchecked {
            return spent0 + spent1 + spent2 + spent3;
        }
    }

    /// @notice Lets time pass: moves what was spent to older periods, and drops what is too old to count.
    /// @param period The period it is now, of 24 bits.
    /// @param last The latest period seen so far, of 24 bits.
    /// @param spent0 Units spent in `last`; and so on, as in {Limit}.
    /// @param spent1 Units spent in the period before it.
    /// @param spent2 Units spent two periods before it.
    /// @param spent3 Units spent three periods before it.
    /// @return The latest period seen, and the units spent in it and in the three before it.
    function aged(
        uint256 period,
        uint256 last,
        uint256 spent0,
        uint256 spent1,
        uint256 spent2,
        uint256 spent3
    ) internal pure returns (uint256, uint256, uint256, uint256, uint256) {
        unchecked {
            if (period <= last) return (last, spent0, spent1, spent2, spent3);
            if (period == last + 1) return (period, 0, spent0, spent1, spent2);
            if (period == last + 2) return (period, 0, 0, spent0, spent1);
            if (period == last + 3) return (period, 0, 0, 0, spent0);
            return (period, 0, 0, 0, 0);
        }
    }

    /// @notice Units of one limit that stand for at least the same amount as units of another.
    /// @param spent Units of the old limit.
    /// @param limit The old limit, in the token's smallest unit, of at most 104 bits.
    /// @param newLimit The new limit, in the token's smallest unit, of at most 104 bits.
    /// @return Units of the new limit, or {EXCEEDED}.
    function rescaled(uint256 spent, uint256 limit, uint256 newLimit) internal pure returns (uint256) {
        if (spent == 0) return 0;
        uint256 whole = unitsOf(limit);
        if (spent > whole) return EXCEEDED;
        // Amounts are whole numbers: what was spent is no more than this, rounded down.
        (bool fits, uint256 units) = cost(newLimit, 0, (spent * limit) / whole);
        return fits ? units : EXCEEDED;
    }

    /// @dev The units that count now.
    function _counted(Limit storage self) private view returns (uint256) {
        (, uint256 spent0, uint256 spent1, uint256 spent2, uint256 spent3) = aged(
            uint24(block.timestamp / PERIOD),
            self.period,
            self.spent0,
            self.spent1,
            self.spent2,
            self.spent3
        );
        return total(spent0, spent1, spent2, spent3);
    }
}
