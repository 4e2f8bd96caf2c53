// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title Draws
/// @notice All chance of one step, drawn from one number, so that a step is what its number makes of the state.
abstract contract Draws {
    uint256 private _seed;

    /// @dev Everything drawn from now on follows from this number.
    function _drawFrom(uint256 seed) internal {
        _seed = seed;
    }

    /// @dev A number below the one given.
    function _draw(uint256 below) internal returns (uint256) {
        _seed = uint256(keccak256(abi.encode(_seed)));
        return _seed % below;
    }

    /// @dev True one time in so many.
    function _once(uint256 inSoMany) internal returns (bool) {
        return _draw(inSoMany) == 0;
    }
}
