// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title TestToken
/// @notice A token anyone can mint. For the devnet only: it is worth nothing.
contract TestToken is ERC20 {
    uint8 private immutable DECIMALS;

    /// @param name_ The token's name.
    /// @param symbol_ The token's symbol.
    /// @param decimals_ How many digits come after the point.
    constructor(string memory name_, string memory symbol_, uint8 decimals_) ERC20(name_, symbol_) {
        DECIMALS = decimals_;
    }

    /// @notice Makes tokens out of nothing.
    /// @param to Who gets them.
    /// @param amount How many, in the smallest unit.
    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    /// @notice How many digits come after the point.
    /// @return The number of digits.
    function decimals() public view override returns (uint8) {
        return DECIMALS;
    }
}
