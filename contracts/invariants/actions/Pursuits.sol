// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @notice What is done several times in a row.
enum Pursuit {
    Spend,
    Call,
    Remove
}

/// @title Pursuits
/// @notice Some rules show only when the same is done again and again: what a key spent yesterday counts today, the
/// fourth removal of a day locks. Whatever succeeds may begin such a row.
abstract contract Pursuits {
    uint256 private constant LENGTH = 8;

    Pursuit internal _pursuit;
    uint256 private _left;

    /// @dev The next steps do the same.
    function _begin(Pursuit pursuit) internal {
        if (_left == 0) (_pursuit, _left) = (pursuit, LENGTH);
    }

    /// @dev Whether a row goes on with this step.
    function _goesOn() internal returns (bool) {
        if (_left == 0) return false;
        --_left;
        return true;
    }

    function _isPursued(Pursuit pursuit) internal view returns (bool) {
        return _left != 0 && _pursuit == pursuit;
    }
}
