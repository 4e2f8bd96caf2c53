// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Test} from "../testing/Test.sol";
import {DevnetExchange} from "./DevnetExchange.sol";
import {TestToken} from "./TestToken.sol";

contract DevnetExchangeTest is Test {
    TestToken private token = new TestToken("Trivet Dollar", "TUSD", 6);
    DevnetExchange private exchange = new DevnetExchange(token, 2_000e6);

    function test_SellsAtItsPrice() public {
        vm.expectEmit();
        emit DevnetExchange.Bought(address(this), 0.5 ether, 1_000e6);
        uint256 bought = exchange.buy{value: 0.5 ether}(1_000e6);
        assertEq(bought, 1_000e6);
        assertEq(token.balanceOf(address(this)), 1_000e6);
        assertEq(address(exchange).balance, 0.5 ether);
    }

    function test_GivesNoLessThanWasAskedFor() public {
        vm.expectRevert(abi.encodeWithSelector(DevnetExchange.TooFew.selector, 1_000e6, 1_000e6 + 1));
        exchange.buy{value: 0.5 ether}(1_000e6 + 1);
    }
}
