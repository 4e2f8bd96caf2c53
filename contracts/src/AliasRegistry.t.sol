// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Test} from "../testing/Test.sol";
import {AliasRegistry} from "./AliasRegistry.sol";

contract AliasRegistryTest is Test {
    AliasRegistry private registry = AliasRegistry(_deploy("src/AliasRegistry.sol:AliasRegistry", ""));
    address private constant ANN = address(0xA);
    address private constant BEN = address(0xB);
    address private constant CAT = address(0xC);

    /// @dev The accounts a fuzzed walk goes over: few, so that it often tries to close a circle.
    uint256 private constant ACCOUNTS = 6;

    function test_AnAccountThatPointsNowhereIsItsOwnEnd() public view {
        assertEq(registry.resolve(ANN), ANN);
        assertEq(registry.successorOf(ANN), address(0));
    }

    function test_SuccessorsAreFollowedToTheEnd() public {
        _point(ANN, BEN);
        _point(BEN, CAT);
        assertEq(registry.resolve(ANN), CAT);
        assertEq(registry.resolve(BEN), CAT);
        assertEq(registry.resolve(CAT), CAT);
        assertEq(registry.successorOf(ANN), BEN);
    }

    function test_AnAccountPointsElsewhereOrNowhereAgain() public {
        vm.prank(ANN);
        vm.expectEmit();
        emit AliasRegistry.Pointed(ANN, BEN, address(0));
        registry.pointTo(BEN);
        vm.prank(ANN);
        vm.expectEmit();
        emit AliasRegistry.Pointed(ANN, CAT, BEN);
        registry.pointTo(CAT);
        assertEq(registry.resolve(ANN), CAT);
        vm.prank(ANN);
        vm.expectEmit();
        emit AliasRegistry.Pointed(ANN, address(0), CAT);
        registry.pointTo(address(0));
        assertEq(registry.resolve(ANN), ANN);
    }

    function testFuzz_OnlyTheCallersOwnPointerChanges(
        address caller,
        address successor,
        address other
    ) public {
        vm.assume(caller != other && caller != successor && caller != address(0));
        _point(caller, successor);
        assertEq(registry.successorOf(caller), successor);
        assertEq(registry.successorOf(other), address(0));
    }

    function test_NoAccountIsItsOwnSuccessor() public {
        _expectCycle(ANN, ANN);
    }

    function test_SuccessorsNeverLeadBack() public {
        _point(ANN, BEN);
        _expectCycle(BEN, ANN);
        _point(BEN, CAT);
        _expectCycle(CAT, ANN);
        _expectCycle(CAT, BEN);
        // Moving back works once the earlier account points nowhere.
        _point(ANN, address(0));
        _point(CAT, ANN);
        assertEq(registry.resolve(BEN), ANN);
    }

    function test_ThePointerThatChangesMayHaveLedThere() public {
        _point(ANN, BEN);
        _point(BEN, CAT);
        _point(ANN, CAT);
        assertEq(registry.resolve(ANN), CAT);
        _point(ANN, BEN);
        assertEq(registry.resolve(ANN), CAT);
    }

    function test_AChainIsFollowedForThirtyTwoSteps() public {
        // From the end to the beginning, so that each new pointer has the whole chain behind it: 32 to 0.
        for (uint160 i = 32; i > 0; --i) _point(address(0x100 + i - 1), address(0x100 + i));
        assertEq(registry.resolve(address(0x100)), address(0x100 + 32));
        vm.prank(ANN);
        vm.expectRevert(
            abi.encodeWithSelector(AliasRegistry.TooManySuccessors.selector, ANN, address(0x100 + 32))
        );
        registry.pointTo(address(0x100));
        assertEq(registry.successorOf(ANN), address(0));
    }

    function test_AChainThatGrewTooLongSaysWhereToGoOn() public {
        // From the beginning to the end: each new pointer has nothing behind it.
        for (uint160 i = 0; i < 40; ++i) _point(address(0x100 + i), address(0x100 + i + 1));
        vm.expectRevert(
            abi.encodeWithSelector(
                AliasRegistry.TooManySuccessors.selector,
                address(0x100),
                address(0x100 + 32)
            )
        );
        registry.resolve(address(0x100));
        assertEq(registry.resolve(address(0x100 + 32)), address(0x100 + 40));
        assertEq(registry.resolve(address(0x100 + 8)), address(0x100 + 40));
    }

    /// @dev Whatever accounts do: following any of them ends, and ends where a plain walk over a copy ends.
    function testFuzz_WhateverIsPointedWhereEveryChainEnds(uint256 seed) public {
        address[] memory successors = new address[](ACCOUNTS + 1);
        for (uint256 i = 0; i < 24; ++i) {
            uint256 step = uint256(keccak256(abi.encode(seed, i)));
            uint256 from = (step % ACCOUNTS) + 1;
            uint256 to = (step >> 128) % (ACCOUNTS + 1);
            vm.prank(address(uint160(from)));
            if (_leadsTo(successors, to, from)) {
                vm.expectRevert(
                    abi.encodeWithSelector(
                        AliasRegistry.AliasCycle.selector,
                        address(uint160(from)),
                        address(uint160(to))
                    )
                );
                registry.pointTo(address(uint160(to)));
            } else {
                registry.pointTo(address(uint160(to)));
                successors[from] = address(uint160(to));
            }
        }
        for (uint256 i = 1; i <= ACCOUNTS; ++i) {
            uint256 end = i;
            while (successors[end] != address(0)) end = uint160(successors[end]);
            assertEq(registry.resolve(address(uint160(i))), address(uint160(end)));
        }
    }

    function _leadsTo(address[] memory successors, uint256 from, uint256 to) private pure returns (bool) {
        while (from != 0 && from != to) from = uint160(successors[from]);
        return from == to;
    }

    function _point(address account, address successor) private {
        vm.prank(account);
        registry.pointTo(successor);
    }

    function _expectCycle(address account, address successor) private {
        vm.prank(account);
        vm.expectRevert(abi.encodeWithSelector(AliasRegistry.AliasCycle.selector, account, successor));
        registry.pointTo(successor);
    }
}
