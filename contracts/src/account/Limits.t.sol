// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Test} from "../../testing/Test.sol";
import {Limit, Limits} from "./Limits.sol";

contract LimitsTest is Test {
    using Limits for Limit;

    /// @dev What a reference model remembers: every spend there ever was.
    struct Spent {
        uint256 time;
        uint256 amount;
    }

    Limit private limit;
    Spent[] private history;
    uint256 private start;

    function setUp() public {
        // Some period's first second.
        start = 60_000 * Limits.PERIOD;
        vm.warp(start);
    }

    function spend(uint256 amount) external {
        limit.spend(amount);
    }

    // The slot

    function testFuzz_ALimitIsOneSlot(Limit calldata any) public {
        limit = any;
        bytes32 seen = vm.load(address(this), _slotOf(limit));
        uint256 expected = uint256(any.limit) | (uint256(any.period) << 104);
        expected |= (uint256(any.spent0) << 128) | (uint256(any.spent1) << 160);
        expected |= (uint256(any.spent2) << 192) | (uint256(any.spent3) << 224);
        assertEq(seen, bytes32(expected));
    }

    function test_ASpendCostsLittleMoreThanTheAccessToItsSlot() public {
        limit.set(100 ether);
        limit.spend(1 ether);
        uint256 gas = gasleft();
        limit.spend(1 ether);
        // Both the read and the write of a slot that was used before cost 100.
        assertTrue(gas - gasleft() < 200 + 900);
    }

    // What changes it

    function test_WhatWasSpentInAnyPeriodCountsWithTheSameAmountUnderAnotherLimit() public {
        for (uint256 spentAt = 0; spentAt < 4; ++spentAt) {
            delete limit;
            // In units of 2,000, and then in units of 1.
            limit.set(uint104(Limits.MOST_UNITS * 2000));
            for (uint256 period = 0; period < 4; ++period) {
                vm.warp(start + period * Limits.PERIOD);
                limit.spend(period == spentAt ? 200_000 : 0);
            }
            limit.set(1_000_000);
            assertEq(limit.available(), 800_000);
            vm.warp(start);
        }
    }

    // What may be spent

    function testFuzz_WithoutALimitNothingMayBeSpent_NotEvenNothing(uint256 amount) public {
        assertFalse(limit.spendable(amount));
        assertEq(limit.available(), 0);
        vm.expectRevert(abi.encodeWithSelector(Limits.LimitExceeded.selector, 0, amount));
        this.spend(amount);
        limit.set(0);
        assertFalse(limit.spendable(amount));
    }

    function testFuzz_TheWholeLimitMayBeSpentAtOnce_AndNotOneMore(uint104 whole, uint256 amount) public {
        whole = uint104(bound(whole, 1, type(uint104).max));
        limit.set(whole);
        assertEq(limit.available(), whole);
        assertEq(limit.spendable(amount) ? 1 : 0, amount <= whole ? 1 : 0);
        uint256 tooMuch = bound(amount, uint256(whole) + 1, type(uint256).max);
        vm.expectRevert(abi.encodeWithSelector(Limits.LimitExceeded.selector, whole, tooMuch));
        this.spend(tooMuch);
        limit.spend(whole);
        assertEq(limit.available(), 0);
        assertFalse(limit.spendable(1));
    }

    function test_TheLargestNumbersDoNotOverflow() public {
        limit.set(type(uint104).max);
        assertFalse(limit.spendable(type(uint256).max));
        assertFalse(limit.spendable(uint256(type(uint104).max) + 1));
        limit.spend(type(uint104).max);
        assertEq(limit.spent0, Limits.MOST_UNITS);
        limit.set(type(uint104).max - 1);
        assertEq(limit.available(), 0);
        limit.set(type(uint104).max);
        assertEq(limit.available(), 0);
    }

    /// @dev `available` is exact: that much can be spent, and one more cannot.
    function testFuzz_WhatIsAvailableCanBeSpent_AndNoMore(uint104 whole, uint256 first) public {
        whole = uint104(bound(whole, 1, type(uint104).max));
        limit.set(whole);
        limit.spend(bound(first, 0, whole));
        uint256 available = limit.available();
        assertTrue(limit.spendable(available));
        assertFalse(limit.spendable(available + 1));
        limit.spend(available);
        assertEq(limit.available(), 0);
    }

    function testFuzz_WhatIsRefusedChangesNothing(uint104 whole, uint256 first, uint256 second) public {
        whole = uint104(bound(whole, 1, type(uint104).max));
        limit.set(whole);
        limit.spend(bound(first, 0, whole));
        vm.warp(start + 9 hours);
        bytes32 before = vm.load(address(this), _slotOf(limit));
        second = bound(second, limit.available() + 1, type(uint256).max);
        assertFalse(limit.trySpend(second));
        assertEq(vm.load(address(this), _slotOf(limit)), before);
    }

    // Rounding

    /// @dev The lemma that the proof of the accounting (contracts/smt) rests on.
    function testFuzz_UnitsStandForAtLeastTheAmount_AndLessThanOneMore(
        uint104 whole,
        uint256 amount
    ) public pure {
        whole = uint104(bound(whole, 1, type(uint104).max));
        amount = bound(amount, 0, whole);
        (bool fits, uint256 units) = Limits.cost(whole, 0, amount);
        assertTrue(fits);
        assertTrue(units * whole >= amount * Limits.unitsOf(whole));
        assertTrue(units * whole < amount * Limits.unitsOf(whole) + whole);
    }

    function testFuzz_SmallLimitsAreCountedToTheLastUnit(uint32 whole, uint8 parts) public {
        whole = uint32(bound(whole, 1, Limits.MOST_UNITS));
        limit.set(whole);
        uint256 left = whole;
        for (uint256 i = 0; i < parts % 16; ++i) {
            uint256 part = (left + 2) / 3;
            limit.spend(part);
            left -= part;
            assertEq(limit.available(), left);
        }
    }

    function test_UsualPartsOfUsualLimitsAddUpToTheWhole() public {
        limit.set(300 ether);
        for (uint256 i = 0; i < 3; ++i) limit.spend(100 ether);
        assertEq(limit.available(), 0);
        vm.warp(start + 10 days);
        limit.set(1_000_000e6);
        limit.spend(0.01e6);
        assertEq(limit.available(), 999_999.99e6);
        limit.spend(999_999.99e6);
        assertEq(limit.available(), 0);
    }

    function test_DustIsRoundedAgainstTheSpender() public {
        limit.set(type(uint104).max);
        for (uint256 i = 0; i < 10; ++i) limit.spend(1);
        assertEq(limit.spent0, 10);
        limit.spend(0);
        assertEq(limit.spent0, 10);
    }

    // Time

    function testFuzz_WhatWasSpentCountsFor24Hours_AndIsFreeAfter32(uint32 second, uint24 later) public {
        limit.set(1000);
        vm.warp(start + second);
        limit.spend(1000);
        uint256 wait = bound(later, 0, 24 hours);
        vm.warp(start + second + wait);
        assertEq(limit.available(), 0);
        vm.warp(start + second + 32 hours + later);
        assertEq(limit.available(), 1000);
        limit.spend(1000);
    }

    function test_EveryPeriodIsForgottenInItsTurn_HoweverManyAreSkipped() public {
        limit.set(10_000);
        for (uint256 i = 0; i < 4; ++i) {
            vm.warp(start + i * Limits.PERIOD);
            limit.spend(10 ** i);
        }
        uint16[6] memory counted = [1111, 1110, 1100, 1000, 0, 0];
        for (uint256 i = 0; i < 6; ++i) {
            vm.warp(start + (3 + i) * Limits.PERIOD);
            assertEq(limit.available(), 10_000 - counted[i]);
        }
        // The same, where a spend of nothing writes the slot after that many periods.
        bytes32 before = vm.load(address(this), _slotOf(limit));
        for (uint256 i = 0; i < 6; ++i) {
            vm.store(address(this), _slotOf(limit), before);
            vm.warp(start + (3 + i) * Limits.PERIOD);
            limit.spend(0);
            assertEq(limit.available(), 10_000 - counted[i]);
            vm.warp(start + (4 + i) * Limits.PERIOD);
            assertEq(limit.available(), 10_000 - counted[i < 5 ? i + 1 : 5]);
        }
    }

    function testFuzz_AClockThatGoesBackFreesNothing(uint256 back, uint256 amount) public {
        limit.set(1000);
        limit.spend(400);
        vm.warp(start + Limits.PERIOD);
        limit.spend(1);
        vm.warp(bound(back, 0, start + Limits.PERIOD));
        assertEq(limit.available(), 599);
        amount = bound(amount, 0, 599);
        limit.spend(amount);
        assertEq(limit.available(), 599 - amount);
        assertEq(limit.period, 60_001);
        // What was spent then counts from the latest time seen.
        vm.warp(start + Limits.PERIOD + 24 hours);
        assertEq(limit.available(), 1000 - 1 - amount);
    }

    function testFuzz_WhenThePeriodsAreAllCountedNothingIsFreedAnyMore(uint24 later) public {
        uint256 end = 2 ** 24 * Limits.PERIOD;
        limit.set(1000);
        vm.warp(end - 1);
        limit.spend(700);
        assertEq(limit.period, type(uint24).max);
        vm.warp(end + bound(later, 0, 2 ** 24 - 2) * Limits.PERIOD);
        assertEq(limit.available(), 300);
        limit.spend(300);
        assertEq(limit.period, type(uint24).max);
        assertEq(limit.available(), 0);
    }

    // Raising and lowering

    function test_RaisedOrLowered_WhatWasSpentCountsWithTheSameAmount() public {
        limit.set(1000);
        limit.spend(400);
        limit.set(500);
        assertEq(limit.available(), 100);
        limit.set(30_000);
        assertEq(limit.available(), 29_600);
        limit.set(400);
        assertEq(limit.available(), 0);
        limit.set(1000);
        assertEq(limit.available(), 600);
    }

    function test_LoweredBelowWhatWasSpent_NothingIsLeftUntilThatIsForgotten_EvenWhenRaisedAgain() public {
        limit.set(1000);
        limit.spend(400);
        limit.set(399);
        assertEq(limit.available(), 0);
        assertFalse(limit.spendable(0));
        limit.set(0);
        assertEq(limit.available(), 0);
        limit.set(type(uint104).max);
        assertEq(limit.available(), 0);
        assertFalse(limit.spendable(0));
        vm.warp(start + 4 * Limits.PERIOD - 1);
        assertEq(limit.available(), 0);
        vm.warp(start + 4 * Limits.PERIOD);
        assertEq(limit.available(), type(uint104).max);
        limit.spend(type(uint104).max);
    }

    function test_LoweredBelowTheSumOfAllPeriods_EachStillCountsWithItsAmount() public {
        limit.set(1000);
        limit.spend(300);
        vm.warp(start + Limits.PERIOD);
        limit.spend(200);
        limit.set(350);
        assertEq(limit.available(), 0);
        limit.set(600);
        assertEq(limit.available(), 100);
        vm.warp(start + 4 * Limits.PERIOD);
        assertEq(limit.available(), 400);
    }

    function testFuzz_SettingTheSameLimitAgainAndAgainChangesNothing(uint104 whole, uint256 amount) public {
        whole = uint104(bound(whole, 1, type(uint104).max));
        limit.set(whole);
        limit.spend(bound(amount, 0, whole));
        uint256 available = limit.available();
        limit.set(whole);
        bytes32 slot = vm.load(address(this), _slotOf(limit));
        limit.set(whole);
        assertEq(vm.load(address(this), _slotOf(limit)), slot);
        assertEq(limit.available(), available);
    }

    function testFuzz_ChangingTheLimitNeverForgivesWhatWasSpent(
        uint104 whole,
        uint256 amount,
        uint104[4] calldata others
    ) public {
        whole = uint104(bound(whole, 1, type(uint104).max));
        limit.set(whole);
        amount = bound(amount, 0, whole);
        limit.spend(amount);
        for (uint256 i = 0; i < 4; ++i) {
            limit.set(others[i]);
            assertTrue(limit.available() + amount <= others[i] || limit.available() == 0);
        }
        limit.set(whole);
        assertTrue(limit.available() + amount <= whole);
    }

    // Against a model that remembers every spend

    /// @dev Any steps of time, amounts and changes of the limit: no 24 hours see more than the limit of that moment.
    function testFuzz_No24HoursEverSeeMoreThanTheLimit(uint256 seed, uint104 whole) public {
        whole = uint104(bound(whole, 1, type(uint104).max));
        limit.set(whole);
        uint256 time = start;
        for (uint256 i = 0; i < 48; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            time += _step(seed);
            vm.warp(time);
            if (seed % 11 == 0) {
                whole = uint104(uint256(keccak256(abi.encode(seed, "limit"))) >> (152 + ((seed >> 8) % 104)));
                limit.set(whole);
            }
            uint256 amount = _amount(seed, whole);
            uint256 available = limit.available();
            bool spent = limit.trySpend(amount);
            assertEq(spent ? 1 : 0, amount <= available && _isOpen(whole) ? 1 : 0);
            if (!spent) continue;
            history.push(Spent(time, amount));
            assertTrue(_spentSince(time - 24 hours) <= whole);
        }
        vm.warp(time + 32 hours);
        assertEq(limit.available(), whole);
    }

    /// @dev With one limit, and but for rounding, whatever fits together with the last 32 hours may be spent.
    function testFuzz_NothingOlderThan32HoursStandsInTheWay(uint256 seed, uint104 whole) public {
        whole = uint104(bound(whole, 1, type(uint104).max));
        limit.set(whole);
        uint256 time = start;
        for (uint256 i = 0; i < 48; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            time += _step(seed);
            vm.warp(time);
            uint256 amount = _amount(seed, whole);
            // Each spend was rounded up by less than one unit.
            uint256 rounding =
                whole <= Limits.MOST_UNITS ? 0 : (history.length + 1) * (whole / Limits.MOST_UNITS + 1);
            uint256 lately = _spentSince(time - 32 hours + 1) + rounding;
            if (lately <= whole && amount <= whole - lately) assertTrue(limit.spendable(amount));
            if (limit.trySpend(amount)) history.push(Spent(time, amount));
        }
    }

    /// @dev Seconds to days, the edges of 8, 24 and 32 hours among them.
    function _step(uint256 seed) private pure returns (uint256) {
        uint24[8] memory steps = [0, 1, 3600, 28_799, 28_800, 86_399, 86_400, 115_200];
        uint256 step = (seed >> 16) % 16;
        return step < 8 ? steps[step] : (seed >> 32) % 40_000;
    }

    /// @dev From nothing to more than the limit; often about a part of what is left.
    function _amount(uint256 seed, uint256 whole) private view returns (uint256) {
        uint256 kind = (seed >> 24) % 8;
        if (kind == 0) return limit.available() + 1;
        if (kind == 1) return limit.available();
        if (kind == 2) return (seed >> 64) % 3;
        if (kind == 3) return seed;
        return (uint256(keccak256(abi.encode(seed, "amount"))) % (whole + 1)) >> (kind - 4);
    }

    /// @dev Whether the spend of nothing is allowed: there is a limit, and it is not exceeded.
    function _isOpen(uint256 whole) private view returns (bool) {
        return whole != 0 && limit.spendable(0);
    }

    function _spentSince(uint256 time) private view returns (uint256 sum) {
        for (uint256 i = history.length; i > 0 && history[i - 1].time >= time; --i)
            sum += history[i - 1].amount;
    }

    function _slotOf(Limit storage self) private pure returns (bytes32 slot) {
        assembly {
            slot := self.slot
        }
    }
}
