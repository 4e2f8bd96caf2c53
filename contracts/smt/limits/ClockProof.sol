// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Limits} from "../../src/account/Limits.sol";

/// @title ClockProof
/// @notice A clock that goes back.
contract ClockProof {
    /// @notice Nothing changes in a period before the latest one seen.
    /// @param period Any period up to the latest one.
    /// @param last The latest one.
    /// @param spent0 Any units spent in it; and so on.
    /// @param spent1 Any units.
    /// @param spent2 Any units.
    /// @param spent3 Any units.
    function aClockThatGoesBackFreesNothing(
        uint24 period,
        uint24 last,
        uint32 spent0,
        uint32 spent1,
        uint32 spent2,
        uint32 spent3
    ) external pure {
        require(period <= last);
        (uint256 p, uint256 s0, uint256 s1, uint256 s2, uint256 s3) = Limits.aged(
            period,
            last,
            spent0,
            spent1,
            spent2,
            spent3
        );
        assert(p == last && s0 == spent0 && s1 == spent1 && s2 == spent2 && s3 == spent3);
    }
}
