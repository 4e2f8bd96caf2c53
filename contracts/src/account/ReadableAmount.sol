// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";

/// @title ReadableAmount
/// @notice Amounts as a hardware wallet shows them, "1.5 ETH". The account rebuilds the text from the number
/// itself, or a lying computer could show one amount and move another. Symbol and decimals come from tokens,
/// which may be hostile: they get little gas, little room, and plain ASCII only.
library ReadableAmount {
    /// @dev What a token may spend on an answer; one behind a proxy needs about 15 000.
    uint256 private constant GAS = 50_000;
    uint256 private constant MAX_SYMBOL_LENGTH = 12;
    uint256 private constant MAX_DECIMALS = 36;
    uint8 private constant ETHER_DECIMALS = 18;

    /// @notice An amount of ether as text.
    /// @param amount How much, in wei.
    /// @return Such as "1.5 ETH".
    function ofEther(uint256 amount) internal pure returns (string memory) {
        return _decimal(amount, ETHER_DECIMALS, "ETH");
    }

    /// @notice An amount of a token as text.
    /// @param token The token's address.
    /// @param amount How much, in the token's smallest unit.
    /// @return Such as "25 TUSD"; "25000000 units" when the token names no symbol of 1 to 12 printable ASCII
    /// characters without spaces, or no decimals up to 36.
    function ofToken(address token, uint256 amount) internal view returns (string memory) {
        (bool hasSymbol, string memory symbol) = _symbolOf(token);
        if (!hasSymbol) return _units(amount);
        (bool hasDecimals, uint256 decimals) = _decimalsOf(token);
        if (!hasDecimals) return _units(amount);
        return _decimal(amount, decimals, symbol);
    }

    function _units(uint256 amount) private pure returns (string memory) {
        return string.concat(Strings.toString(amount), " units");
    }

    function _decimal(
        uint256 amount,
        uint256 decimals,
        string memory symbol
    ) private pure returns (string memory) {
        uint256 unit = 10 ** decimals;
        string memory whole = Strings.toString(amount / unit);
        uint256 fraction = amount % unit;
        if (fraction == 0) return string.concat(whole, " ", symbol);
        while (fraction % 10 == 0) {
            fraction /= 10;
            unit /= 10;
        }
        // The unit in front keeps the fraction's leading zeros: 1.05 gives 105, whose 1 becomes the point.
        bytes memory digits = bytes(Strings.toString(unit + fraction));
        digits[0] = ".";
        return string.concat(whole, string(digits), " ", symbol);
    }

    function _symbolOf(address token) private view returns (bool, string memory) {
        (uint256 size, uint256 offset, uint256 length, uint256 text) = _ask(
            token,
            IERC20Metadata.symbol.selector
        );
        bool fits = offset == 0x20 && length != 0 && length <= MAX_SYMBOL_LENGTH && size >= 0x40 + length;
        if (!fits) return (false, "");
        bytes memory symbol = new bytes(length);
        for (uint256 i = 0; i < length; ++i) {
            bytes1 character = bytes32(text)[i];
            if (character < 0x21 || character > 0x7e) return (false, "");
            symbol[i] = character;
        }
        return (true, string(symbol));
    }

    function _decimalsOf(address token) private view returns (bool, uint256) {
        (uint256 size, uint256 decimals, , ) = _ask(token, IERC20Metadata.decimals.selector);
        return (size >= 0x20 && decimals <= MAX_DECIMALS, decimals);
    }

    /// @dev Calls a token's function without arguments and looks at the first 96 bytes of its answer at most.
    /// @return size How long the answer is; 0 when the call failed. Words beyond it are zero.
    function _ask(
        address token,
        bytes4 selector
    ) private view returns (uint256 size, uint256 word0, uint256 word1, uint256 word2) {
        assembly ("memory-safe") {
            let answer := mload(0x40)
            mstore(0x00, selector)
            mstore(answer, 0)
            mstore(add(answer, 0x20), 0)
            mstore(add(answer, 0x40), 0)
            if staticcall(GAS, token, 0x00, 0x04, answer, 0x60) {
                size := returndatasize()
                word0 := mload(answer)
                word1 := mload(add(answer, 0x20))
                word2 := mload(add(answer, 0x40))
            }
        }
    }
}
