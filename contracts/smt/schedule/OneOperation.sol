// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title OneOperation
/// @notice One scheduled operation at some time of its life: what is kept about it, as in {Scheduled}, beside what really
/// happened. {InductionProof} shows that what {_holds} says is true at any time, whatever happens and in whatever order;
/// what follows from it is in the other proofs.
/// @dev The time; executableAt, slept and sleptFrom as {Stages.at} takes them; whether the operation was run or
/// cancelled (over); since when it had to wait how long, counted from when it was proposed or last armed again (armedAt,
/// delay); and whether there was a time later than 30 days after the end of that delay before the account was frozen
/// (lapsed).
abstract contract OneOperation {
    function _holds(
        uint256 time,
        uint256 executableAt,
        bool slept,
        uint256 sleptFrom,
        bool over,
        uint256 armedAt,
        uint256 delay,
        bool lapsed
    ) internal pure returns (bool) {
        if (over) return executableAt == 0;
        if (executableAt == 0 || executableAt != armedAt + delay) return false;
        return !lapsed || (slept ? sleptFrom : time) > armedAt + delay + 30 days;
    }
}
