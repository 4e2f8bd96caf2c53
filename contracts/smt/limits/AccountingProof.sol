// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Limits} from "../../src/account/Limits.sol";

/// @title AccountingProof
/// @notice A limit of any size, spent from in any periods; and any four periods in a row, which is as many as 24 hours
/// can touch (see {PeriodProof}).
/// @dev By induction: the invariant holds at the beginning, and every spend keeps it.
contract AccountingProof {
    /// @notice The invariant holds while nothing was spent.
    /// @param whole How many units the limit has; any number.
    /// @param first The first of the four periods; any one.
    function itHoldsAtTheBeginning(uint32 whole, uint24 first) external pure {
        assert(_holds(whole, first, 0, 0, 0, 0, 0, 0));
    }

    /// @notice Every spend keeps the invariant.
    /// @param whole How many units the limit has; any number.
    /// @param first The first of the four periods; any one.
    /// @param last The latest period so far; and so on, in any state that the invariant allows.
    /// @param spent0 Units spent in it.
    /// @param spent1 Units spent in the period before it.
    /// @param spent2 Units spent two periods before it.
    /// @param spent3 Units spent three periods before it.
    /// @param taken Units taken in the four periods so far.
    /// @param period When something is spent now; any period.
    /// @param units How much of it; any number that fits.
    function aSpendKeepsIt(
        uint256 whole,
        uint256 first,
        uint256 last,
        uint256 spent0,
        uint256 spent1,
        uint256 spent2,
        uint256 spent3,
        uint256 taken,
        uint256 period,
        uint256 units
    ) external pure {
        require(period < 2 ** 24 && last < 2 ** 24 && first < 2 ** 24 && whole <= Limits.MOST_UNITS);
        require(_holds(whole, first, last, spent0, spent1, spent2, spent3, taken));
        (last, spent0, spent1, spent2, spent3) = Limits.aged(period, last, spent0, spent1, spent2, spent3);
        require(units <= whole && spent0 + spent1 + spent2 + spent3 + units <= whole);
        spent0 += units;
        if (last >= first && last - first <= 3) taken += units;
        assert(_holds(whole, first, last, spent0, spent1, spent2, spent3, taken));
    }

    /// @dev No more than the whole was taken, and what was taken in those of the four periods that count is counted.
    function _holds(
        uint256 whole,
        uint256 first,
        uint256 last,
        uint256 spent0,
        uint256 spent1,
        uint256 spent2,
        uint256 spent3,
        uint256 taken
    ) private pure returns (bool) {
        if (spent0 > whole || spent1 > whole || spent2 > whole || spent3 > whole) return false;
        if (spent0 + spent1 + spent2 + spent3 > whole || taken > whole) return false;
        if (last < first) return taken == 0;
        if (last == first) return taken <= spent0;
        if (last == first + 1) return taken <= spent0 + spent1;
        if (last == first + 2) return taken <= spent0 + spent1 + spent2;
        if (last == first + 3) return taken <= spent0 + spent1 + spent2 + spent3;
        return true;
    }
}
