// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

import {Test} from "../testing/Test.sol";
import {DevnetPriceFeed} from "./DevnetPriceFeed.sol";

contract DevnetPriceFeedTest is Test {
    DevnetPriceFeed private feed = new DevnetPriceFeed("ETH / USD");

    function test_SaysWhatItIs() public view {
        assertEq(feed.decimals(), 8);
        assertEq(feed.version(), 4);
        assertEq(feed.description(), "ETH / USD");
    }

    function test_HasNoAnswerBeforeTheFirst() public {
        vm.expectRevert(DevnetPriceFeed.NoAnswerYet.selector);
        feed.latestRoundData();
    }

    function testFuzz_TheLatestAnswerCounts(int256 first, int256 second, uint40 time) public {
        feed.setAnswer(first);
        vm.warp(time);
        vm.expectEmit();
        emit DevnetPriceFeed.AnswerUpdated(second, 2, time);
        feed.setAnswer(second);
        (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound) = feed
            .latestRoundData();
        assertEq(roundId, 2);
        assertTrue(answer == second);
        assertEq(startedAt, time);
        assertEq(updatedAt, time);
        assertEq(answeredInRound, 2);
    }

    function testFuzz_OnlyTheOwnerAnswers(address stranger, int256 answer) public {
        vm.assume(stranger != address(this));
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, stranger));
        feed.setAnswer(answer);
    }
}
