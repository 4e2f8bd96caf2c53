// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @notice A token that burns all the gas it gets when asked for its symbol.
contract BurningSymbolToken is ERC20("Burning", "BUR") {
    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function symbol() public pure override returns (string memory) {
        while (true) {}
        return "";
    }
}
