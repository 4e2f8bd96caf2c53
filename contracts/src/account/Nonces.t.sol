// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Test} from "../../testing/Test.sol";
import {AccountState} from "./AccountStorage.sol";
import {Nonces} from "./Nonces.sol";
import {RoleCounts, Roles} from "./Roles.sol";

contract NoncesTest is Test {
    AccountState private state;

    function use(uint256 nonce) external {
        Nonces.use(state, nonce);
    }

    function requireUsedByEntryPoint(uint256 nonce, uint256 used) external pure {
        Nonces.requireUsedByEntryPoint(nonce, used);
    }

    function testFuzz_EveryNonceWorksOnceAndInOrder(uint192 lane, uint8 operations) public {
        lane = _own(lane);
        for (uint256 i = 0; i < operations; ++i) {
            uint256 nonce = (uint256(lane) << 64) | i;
            assertEq(Nonces.next(state, lane), nonce);
            Nonces.use(state, nonce);
            vm.expectRevert(abi.encodeWithSelector(Nonces.NonceNotNext.selector, nonce, nonce + 1));
            this.use(nonce);
        }
    }

    function testFuzz_NoOtherNonceOfALaneWorks(uint192 lane, uint64 sequence) public {
        vm.assume(sequence != 0);
        lane = _own(lane);
        uint256 expected = uint256(lane) << 64;
        vm.expectRevert(abi.encodeWithSelector(Nonces.NonceNotNext.selector, expected | sequence, expected));
        this.use(expected | sequence);
    }

    function testFuzz_LanesDoNotTouchEachOther(uint192 lane, uint192 other) public {
        (lane, other) = (_own(lane), _own(other));
        vm.assume(lane != other);
        Nonces.use(state, uint256(lane) << 64);
        assertEq(Nonces.next(state, other), uint256(other) << 64);
    }

    function test_TheFirstLaneOfTheEntryPointIsNotTheAccounts_AndTheOneBeforeItIs() public {
        uint256 first = uint256(Nonces.FIRST_ENTRY_POINT_LANE) << 64;
        vm.expectRevert(abi.encodeWithSelector(Nonces.NonceOfOtherDoor.selector, first));
        this.use(first);
        this.use(uint256(Nonces.FIRST_ENTRY_POINT_LANE - 1) << 64);
    }

    function test_LaneZeroLeavesWhatSharesItsSlot() public {
        state.keyCounts = Roles.ONE_EACH;
        state.thresholds = RoleCounts.wrap(0xffffffff);
        Nonces.use(state, 0);
        assertEq(RoleCounts.unwrap(state.keyCounts), RoleCounts.unwrap(Roles.ONE_EACH));
        assertEq(RoleCounts.unwrap(state.thresholds), 0xffffffff);
        assertEq(Nonces.next(state, 0), 1);
    }

    function testFuzz_AnExhaustedLaneNeverBeginsAgain(uint192 lane) public {
        lane = _own(lane);
        uint256 last = (uint256(lane) << 64) | type(uint64).max;
        if (lane == 0) state.sequence = type(uint64).max;
        else state.sequences[lane] = type(uint64).max;
        vm.expectRevert(abi.encodeWithSignature("Panic(uint256)", 0x11));
        this.use(last);
    }

    function testFuzz_EveryNonceBelongsToOneDoor(uint256 nonce) public {
        bool entryPoints = nonce >= uint256(Nonces.FIRST_ENTRY_POINT_LANE) << 64;
        bytes memory refusal = abi.encodeWithSelector(Nonces.NonceOfOtherDoor.selector, nonce);
        // So far every lane begins with 0.
        uint256 first = nonce & ~uint256(type(uint64).max);
        if (entryPoints) {
            Nonces.requireUsedByEntryPoint(nonce, nonce);
            vm.expectRevert(refusal);
            this.use(nonce);
        } else {
            Nonces.use(state, first);
            vm.expectRevert(refusal);
            this.requireUsedByEntryPoint(nonce, nonce);
        }
    }

    function testFuzz_TheEntryPointHasToUseUpTheVeryNonce(uint256 nonce, uint256 used) public {
        vm.assume(nonce != used);
        vm.expectRevert(abi.encodeWithSelector(Nonces.NonceOfOtherDoor.selector, nonce));
        this.requireUsedByEntryPoint(nonce, used);
    }

    /// @dev One of the lanes the account keeps.
    function _own(uint192 lane) private pure returns (uint192) {
        return lane % Nonces.FIRST_ENTRY_POINT_LANE;
    }
}
