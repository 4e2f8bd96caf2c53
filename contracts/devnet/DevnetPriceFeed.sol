// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

/// @title DevnetPriceFeed
/// @notice What one unit of an asset costs in US dollars on the devnet, through the same views and event as
/// Chainlink's price feeds (AggregatorV3Interface). Nothing on the chain reads it: a wallet shows what it says. The
/// prices are made up.
contract DevnetPriceFeed is Ownable {
    /// @notice How many digits of an answer come after the point, as in Chainlink's feeds in US dollars.
    uint8 public constant decimals = 8; // solhint-disable-line const-name-snakecase

    /// @notice Which version of the interface this is, as Chainlink counts.
    uint256 public constant version = 4; // solhint-disable-line const-name-snakecase

    /// @notice What costs what: "ETH / USD".
    string public description;

    uint80 private _round;
    int256 private _answer;
    uint256 private _updatedAt;

    /// @notice There is a new answer.
    /// @param current The answer.
    /// @param roundId Its round.
    /// @param updatedAt When it came (seconds since 1970).
    event AnswerUpdated(int256 indexed current, uint256 indexed roundId, uint256 updatedAt);

    /// @notice Nobody has answered yet.
    error NoAnswerYet();

    /// @notice Whoever deploys it answers.
    /// @param description_ What costs what.
    constructor(string memory description_) Ownable(msg.sender) {
        description = description_;
    }

    /// @notice Answers anew. Owner only.
    /// @param answer What one unit costs in US dollars, with {decimals} digits after the point; anything is taken,
    /// so that a wallet can be shown feeds that have gone wrong.
    function setAnswer(int256 answer) external onlyOwner {
        ++_round;
        _answer = answer;
        _updatedAt = block.timestamp;
        emit AnswerUpdated(answer, _round, block.timestamp);
    }

    /// @notice The latest answer. Reverts while there is none.
    /// @return roundId Counts the answers, from 1.
    /// @return answer What one unit costs, with {decimals} digits after the point.
    /// @return startedAt When it came (seconds since 1970).
    /// @return updatedAt The same: here a round has one answer.
    /// @return answeredInRound The round itself.
    function latestRoundData()
        external
        view
        returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound)
    {
        if (_round == 0) revert NoAnswerYet();
        return (_round, _answer, _updatedAt, _updatedAt, _round);
    }
}
