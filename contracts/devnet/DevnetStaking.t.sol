// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

import {Test} from "../testing/Test.sol";
import {DevnetStaking} from "./DevnetStaking.sol";

contract DevnetStakingTest is Test {
    DevnetStaking private staking = new DevnetStaking();

    function testFuzz_TheListedNodesReplaceThoseBefore(uint8 first, uint8 second) public {
        _list(first % 6);
        vm.warp(1_000_000);
        vm.expectEmit();
        emit DevnetStaking.StateChanged(DevnetStaking.States.Active);
        _list(second % 6);
        (DevnetStaking.Epoch memory epoch, uint256 minimum, DevnetStaking.Validator[] memory nodes) = staking
            .getActiveUnkickedValidatorStructsAndCounts();
        assertEq(minimum, 3);
        assertEq(epoch.number, 3);
        assertEq(epoch.startTime, 1_000_000);
        assertEq(epoch.endTime - epoch.epochLength, 1_000_000);
        assertEq(nodes.length, second % 6);
        for (uint256 i = 0; i < nodes.length; ++i) {
            assertEq(nodes[i].ip, 0x7f000001);
            assertEq(nodes[i].port, 47611 + i);
        }
    }

    function testFuzz_OnlyTheOwnerListsNodes(address stranger) public {
        vm.assume(stranger != address(this));
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, stranger));
        _list(1);
    }

    function _list(uint256 count) private {
        DevnetStaking.Validator[] memory nodes = new DevnetStaking.Validator[](count);
        for (uint256 i = 0; i < count; ++i) {
            nodes[i].ip = 0x7f000001;
            nodes[i].port = uint32(47611 + i);
            nodes[i].nodeAddress = address(uint160(i + 1));
        }
        staking.setActiveValidators(nodes);
    }
}
