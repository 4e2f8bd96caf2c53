// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @notice A token whose answers to symbol() and decimals() are any bytes.
contract LiteralToken is ERC20("Literal", "LIT") {
    bytes private _symbol;
    bytes private _decimals;

    constructor(bytes memory symbol_, bytes memory decimals_) {
        _symbol = symbol_;
        _decimals = decimals_;
    }

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function symbol() public view override returns (string memory) {
        _answer(_symbol);
    }

    function decimals() public view override returns (uint8) {
        _answer(_decimals);
    }

    function _answer(bytes memory answer) private pure {
        assembly {
            return(add(answer, 0x20), mload(answer))
        }
    }
}
