// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Test} from "../../testing/Test.sol";
import {ReadableAmount} from "./ReadableAmount.sol";

contract ReadableAmountTest is Test {
    function test_EtherIsShownWithoutNeedlessZeros() public pure {
        assertEq(ReadableAmount.ofEther(0), "0 ETH");
        assertEq(ReadableAmount.ofEther(1), "0.000000000000000001 ETH");
        assertEq(ReadableAmount.ofEther(1.5 ether), "1.5 ETH");
        assertEq(ReadableAmount.ofEther(1.05 ether), "1.05 ETH");
        assertEq(ReadableAmount.ofEther(10 ether), "10 ETH");
        assertEq(
            ReadableAmount.ofEther(type(uint256).max),
            "115792089237316195423570985008687907853269984665640564039457.584007913129639935 ETH"
        );
    }

    function test_TokensAreShownWithTheirSymbolAndDecimals() public {
        address dollar = _token("TUSD", 6);
        assertEq(ReadableAmount.ofToken(dollar, 25_000_000), "25 TUSD");
        assertEq(ReadableAmount.ofToken(dollar, 25_500_001), "25.500001 TUSD");
        assertEq(ReadableAmount.ofToken(_token("W", 0), 1200), "1200 W");
    }

    /// @dev Read back, the text gives the amount: nothing is rounded, whatever amount and decimals.
    function testFuzz_TheTextReadBackIsTheAmount(uint256 amount, uint8 decimals) public {
        decimals = uint8(bound(decimals, 0, 36));
        address any = _token("ANY", decimals);
        bytes memory text = bytes(ReadableAmount.ofToken(any, amount));
        (uint256 seen, uint256 places, uint256 end) = (0, 0, text.length - 4);
        assertEq(text[end] == " " ? 1 : 0, 1);
        bool fraction = false;
        for (uint256 i = 0; i < end; ++i) {
            if (text[i] == ".") {
                fraction = true;
                continue;
            }
            seen = seen * 10 + (uint8(text[i]) - 48);
            if (fraction) ++places;
        }
        if (fraction) assertTrue(text[end - 1] != "0");
        assertTrue(places <= decimals);
        assertEq(seen * 10 ** (decimals - places), amount);
    }

    function test_SymbolsOfOneToTwelvePrintableCharactersAreShown() public {
        assertEq(_ofSymbol("X"), "7 X");
        assertEq(_ofSymbol("ABCDEFGHIJKL"), "7 ABCDEFGHIJKL");
        assertEq(_ofSymbol("!$~"), "7 !$~");
    }

    function test_OtherSymbolsAreNot() public {
        assertEq(_ofSymbol(""), "7 units");
        assertEq(_ofSymbol("ABCDEFGHIJKLM"), "7 units");
        assertEq(_ofSymbol("A B"), "7 units");
        assertEq(_ofSymbol("A\n"), "7 units");
        assertEq(_ofSymbol(unicode"€"), "7 units");
        assertEq(_ofSymbol(hex"007f"), "7 units");
    }

    function test_AnswersThatAreNoStringAreNotShown() public {
        assertEq(_ofAnswer(""), "7 units");
        assertEq(_ofAnswer(abi.encode(bytes32("MKR"))), "7 units");
        assertEq(_ofAnswer(abi.encode(uint256(0x40), uint256(0), uint256(3), bytes32("ABC"))), "7 units");
        assertEq(_ofAnswer(abi.encode(uint256(0x20), type(uint256).max, bytes32("ABC"))), "7 units");
        // The text is cut off before its end.
        assertEq(_ofAnswer(bytes.concat(bytes32(uint256(0x20)), bytes32(uint256(3)), "AB")), "7 units");
        // It is not padded, but all there.
        assertEq(_ofAnswer(bytes.concat(bytes32(uint256(0x20)), bytes32(uint256(3)), "ABC")), "7 ABC");
    }

    function test_AHugeSymbolCostsLittle() public {
        address huge = _literal(abi.encode(string(new bytes(3000))), abi.encode(uint256(0)));
        uint256 before = gasleft();
        assertEq(ReadableAmount.ofToken(huge, 7), "7 units");
        assertTrue(before - gasleft() < 300_000);
    }

    function test_DecimalsAboveThirtySixOrMissingGiveUnits() public {
        assertEq(_ofDecimals(abi.encode(uint256(36)), 10 ** 36), "1 ABC");
        assertEq(
            _ofDecimals(abi.encode(uint256(37)), 10 ** 37),
            "10000000000000000000000000000000000000 units"
        );
        assertEq(_ofDecimals(abi.encode(type(uint256).max), 7), "7 units");
        assertEq(_ofDecimals("", 7), "7 units");
        assertEq(_ofDecimals(hex"06", 7), "7 units");
    }

    function test_TokensThatRevertBurnGasOrWriteGiveUnits() public {
        assertEq(ReadableAmount.ofToken(_hostile("RevertingSymbolToken", ""), 7), "7 units");
        assertEq(ReadableAmount.ofToken(_hostile("WritingSymbolToken", ""), 7), "7 units");
        address burning = _hostile("BurningSymbolToken", "");
        uint256 before = gasleft();
        assertEq(ReadableAmount.ofToken(burning, 7), "7 units");
        assertTrue(before - gasleft() < 60_000);
    }

    function testFuzz_AddressesWithoutCodeGiveUnits(uint256 amount) public view {
        bytes memory text = bytes(ReadableAmount.ofToken(address(0xDEAD), amount));
        assertEq(text[text.length - 1] == "s" ? 1 : 0, 1);
    }

    function testFuzz_WhateverATokenAnswersTheTextIsAscii(
        bytes calldata symbol,
        bytes calldata decimals
    ) public {
        address token = _literal(symbol, decimals);
        bytes memory text = bytes(ReadableAmount.ofToken(token, 7));
        for (uint256 i = 0; i < text.length; ++i) assertTrue(text[i] >= 0x20 && text[i] <= 0x7e);
    }

    function _ofSymbol(string memory symbol) private returns (string memory) {
        return ReadableAmount.ofToken(_token(symbol, 0), 7);
    }

    function _ofAnswer(bytes memory symbol) private returns (string memory) {
        return ReadableAmount.ofToken(_literal(symbol, abi.encode(uint256(0))), 7);
    }

    function _ofDecimals(bytes memory decimals, uint256 amount) private returns (string memory) {
        return ReadableAmount.ofToken(_literal(abi.encode("ABC"), decimals), amount);
    }

    function _token(string memory symbol, uint8 decimals) private returns (address) {
        return _deploy("devnet/TestToken.sol:TestToken", abi.encode("Any", symbol, decimals));
    }

    function _literal(bytes memory symbol, bytes memory decimals) private returns (address) {
        return _hostile("LiteralToken", abi.encode(symbol, decimals));
    }
}
