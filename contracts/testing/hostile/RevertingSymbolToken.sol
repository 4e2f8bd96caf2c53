// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @notice A token that reverts when asked for its symbol.
contract RevertingSymbolToken is ERC20("Reverting", "REV") {
    error NoSymbol();

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function symbol() public pure override returns (string memory) {
        revert NoSymbol();
    }
}
