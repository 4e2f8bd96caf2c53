// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {TestToken} from "../../devnet/TestToken.sol";
import {BombRecipient} from "../../testing/hostile/BombRecipient.sol";
import {FeeToken} from "../../testing/hostile/FeeToken.sol";
import {RefusingRecipient} from "../../testing/hostile/RefusingRecipient.sol";
import {RefusingToken} from "../../testing/hostile/RefusingToken.sol";
import {SilentToken} from "../../testing/hostile/SilentToken.sol";
import {Test} from "../../testing/Test.sol";
import {Transfers} from "./Transfers.sol";

contract TransfersTest is Test {
    address private constant BOB = address(0xB0B);

    function send(address token, address to, uint256 amount) external {
        Transfers.send(token, to, amount);
    }

    function testFuzz_EtherArrives(uint96 balance, uint96 amount) public {
        vm.deal(address(this), balance);
        if (amount > balance) {
            vm.expectRevert(
                abi.encodeWithSelector(Transfers.BalanceTooLow.selector, address(0), balance, amount)
            );
            this.send(address(0), BOB, amount);
        } else {
            this.send(address(0), BOB, amount);
            assertEq(BOB.balance, amount);
            assertEq(address(this).balance, balance - amount);
        }
    }

    function testFuzz_TokensArrive(uint256 balance, uint256 amount) public {
        TestToken token = new TestToken("Any", "ANY", 18);
        token.mint(address(this), balance);
        if (amount > balance) {
            vm.expectRevert(
                abi.encodeWithSelector(Transfers.BalanceTooLow.selector, address(token), balance, amount)
            );
            this.send(address(token), BOB, amount);
        } else {
            this.send(address(token), BOB, amount);
            assertEq(token.balanceOf(BOB), amount);
        }
    }

    function test_ATokenThatReturnsNothingIsSent() public {
        SilentToken token = new SilentToken();
        token.mint(address(this), 10);
        this.send(address(token), BOB, 4);
        assertEq(token.balanceOf(BOB), 4);
        vm.expectRevert(abi.encodeWithSelector(Transfers.BalanceTooLow.selector, address(token), 6, 7));
        this.send(address(token), BOB, 7);
    }

    function test_ATokenThatTakesAFeeIsSent() public {
        FeeToken token = new FeeToken();
        token.mint(address(this), 100);
        this.send(address(token), BOB, 100);
        assertEq(token.balanceOf(BOB), 90);
        assertEq(token.balanceOf(address(this)), 0);
    }

    function test_ATokenThatReturnsFalseIsAFailure() public {
        RefusingToken token = new RefusingToken(10);
        vm.expectRevert(abi.encodeWithSelector(Transfers.TokenTransferFailed.selector, address(token)));
        this.send(address(token), BOB, 10);
    }

    function test_AnAddressWithoutCodeIsNoToken() public {
        vm.expectRevert(abi.encodeWithSelector(Transfers.TokenTransferFailed.selector, address(0xDEAD)));
        this.send(address(0xDEAD), BOB, 1);
    }

    function test_ARecipientThatRefusesEtherIsNamed() public {
        vm.deal(address(this), 1);
        address to = address(new RefusingRecipient());
        vm.expectRevert(abi.encodeWithSelector(Transfers.EtherRefused.selector, to));
        this.send(address(0), to, 1);
    }

    function test_WhatARecipientReturnsIsNotCopied() public {
        vm.deal(address(this), 1);
        address to = address(new BombRecipient());
        this.send(address(0), to, 1);
        assertEq(to.balance, 1);
    }
}
