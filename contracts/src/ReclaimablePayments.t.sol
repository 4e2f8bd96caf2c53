// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {TestToken} from "../devnet/TestToken.sol";
import {EmptyToken} from "../testing/hostile/EmptyToken.sol";
import {FeeToken} from "../testing/hostile/FeeToken.sol";
import {ObedientToken} from "../testing/hostile/ObedientToken.sol";
import {RefusingRecipient} from "../testing/hostile/RefusingRecipient.sol";
import {ReentrantRecipient} from "../testing/hostile/ReentrantRecipient.sol";
import {RefusingToken} from "../testing/hostile/RefusingToken.sol";
import {SilentToken} from "../testing/hostile/SilentToken.sol";
import {BombRecipient} from "../testing/hostile/BombRecipient.sol";
import {Test} from "../testing/Test.sol";
import {Transfers} from "./account/Transfers.sol";
import {Payment, ReclaimablePayments} from "./ReclaimablePayments.sol";

contract ReclaimablePaymentsTest is Test {
    ReclaimablePayments private payments = ReclaimablePayments(
        _deploy("src/ReclaimablePayments.sol:ReclaimablePayments", "")
    );
    TestToken private token = new TestToken("Trivet Dollar", "TUSD", 6);

    address private constant ETHER = address(0);
    address private constant PAYER = address(0xA1);
    address private constant RECIPIENT = address(0xB0B);
    address private constant STRANGER = address(0x5);

    uint48 private deadline;

    function setUp() public {
        vm.warp(1_800_000_000);
        deadline = uint48(block.timestamp + 7 days);
        vm.deal(PAYER, 100 ether);
        token.mint(PAYER, 1_000_000);
        vm.prank(PAYER);
        token.approve(address(payments), type(uint256).max);
    }

    // ---- the three things one can do

    function testFuzz_TheRecipientTakesEtherAtAnyTime(uint96 amount, uint32 wait) public {
        amount = uint96(bound(amount, 1, 100 ether));
        uint256 id = _payEther(amount);
        vm.warp(block.timestamp + wait);
        vm.prank(RECIPIENT);
        vm.expectEmit();
        emit ReclaimablePayments.Taken(id);
        payments.take(id);
        assertEq(RECIPIENT.balance, amount);
        assertEq(address(payments).balance, 0);
        _expectClosed(id);
    }

    function testFuzz_TheRecipientTakesTokensAtAnyTime(uint256 amount, uint32 wait) public {
        amount = bound(amount, 1, 1_000_000);
        uint256 id = _payToken(address(token), amount);
        vm.warp(block.timestamp + wait);
        vm.prank(RECIPIENT);
        payments.take(id);
        assertEq(token.balanceOf(RECIPIENT), amount);
        assertEq(token.balanceOf(address(payments)), 0);
        _expectClosed(id);
    }

    function test_ThePayerTakesItBackFromTheDeadlineOn() public {
        uint256 id = _payEther(1 ether);
        vm.warp(deadline);
        vm.prank(PAYER);
        vm.expectEmit();
        emit ReclaimablePayments.TakenBack(id, PAYER);
        payments.takeBack(id, PAYER);
        assertEq(PAYER.balance, 100 ether);
        _expectClosed(id);
    }

    function test_ThePayerTakesTokensBackToWhereItLikes() public {
        uint256 id = _payToken(address(token), 70);
        vm.warp(deadline);
        vm.prank(PAYER);
        payments.takeBack(id, address(0xCAFE));
        assertEq(token.balanceOf(address(0xCAFE)), 70);
        _expectClosed(id);
    }

    function testFuzz_BeforeTheDeadlineItIsNotTakenBack(uint48 time) public {
        uint256 id = _payEther(1 ether);
        vm.warp(bound(time, block.timestamp, deadline - 1));
        vm.prank(PAYER);
        vm.expectRevert(abi.encodeWithSelector(ReclaimablePayments.DeadlineAhead.selector, id, deadline));
        payments.takeBack(id, PAYER);
        _expectOpen(id, ETHER, 1 ether);
    }

    function test_PayingSaysWhoWhatAndUntilWhen() public {
        vm.prank(PAYER);
        vm.expectEmit();
        emit ReclaimablePayments.Paid(1, PAYER, RECIPIENT, address(token), 5, deadline);
        uint256 id = payments.payToken(address(token), RECIPIENT, 5, deadline);
        assertEq(id, 1);
        assertEq(payments.paymentCount(), 1);
        _expectOpen(1, address(token), 5);
    }

    // ---- who cannot

    function testFuzz_NobodyElseTakesOrTakesBack(address stranger, bool late) public {
        vm.assume(stranger != PAYER && stranger != RECIPIENT);
        uint256 id = _payEther(1 ether);
        if (late) vm.warp(deadline);
        _expectNotTaken(id, stranger);
        _expectNotTakenBack(id, stranger);
        _expectNotTaken(id, PAYER);
        _expectNotTakenBack(id, RECIPIENT);
        _expectOpen(id, ETHER, 1 ether);
    }

    function test_WhatWasTakenIsGone() public {
        uint256 id = _payEther(1 ether);
        _payEther(1 ether);
        vm.prank(RECIPIENT);
        payments.take(id);
        vm.warp(deadline);
        _expectNotOpen(RECIPIENT, abi.encodeCall(payments.take, (id)), id);
        _expectNotOpen(PAYER, abi.encodeCall(payments.takeBack, (id, PAYER)), id);
        assertEq(address(payments).balance, 1 ether);
    }

    function test_WhatWasTakenBackIsGone() public {
        uint256 id = _payEther(1 ether);
        _payEther(1 ether);
        vm.warp(deadline);
        vm.prank(PAYER);
        payments.takeBack(id, PAYER);
        _expectNotOpen(RECIPIENT, abi.encodeCall(payments.take, (id)), id);
        _expectNotOpen(PAYER, abi.encodeCall(payments.takeBack, (id, PAYER)), id);
        assertEq(address(payments).balance, 1 ether);
    }

    function testFuzz_APaymentThatWasNeverMadeIsNotOpen(uint256 id) public {
        uint256 made = _payEther(1 ether);
        vm.assume(id != made);
        vm.warp(deadline);
        _expectClosed(id);
        _expectNotOpen(address(0), abi.encodeCall(payments.take, (id)), id);
        _expectNotOpen(address(0), abi.encodeCall(payments.takeBack, (id, PAYER)), id);
    }

    // ---- several at once

    function test_EqualPaymentsAreTakenOneByOne() public {
        uint256 first = _payToken(address(token), 10);
        uint256 second = _payToken(address(token), 10);
        uint256 third = _payToken(address(token), 10);
        assertTrue(first != second && second != third);
        vm.prank(RECIPIENT);
        payments.take(second);
        assertEq(token.balanceOf(RECIPIENT), 10);
        _expectOpen(first, address(token), 10);
        _expectOpen(third, address(token), 10);
        vm.warp(deadline);
        vm.prank(PAYER);
        payments.takeBack(first, PAYER);
        vm.prank(RECIPIENT);
        payments.take(third);
        assertEq(token.balanceOf(RECIPIENT), 20);
        assertEq(token.balanceOf(address(payments)), 0);
    }

    function test_OneMayPayItself() public {
        vm.prank(PAYER);
        uint256 id = payments.payEther{value: 1 ether}(PAYER, deadline);
        vm.prank(PAYER);
        payments.take(id);
        assertEq(PAYER.balance, 100 ether);
    }

    // ---- what is refused when paying

    function test_NothingIsNoPayment() public {
        vm.prank(PAYER);
        vm.expectRevert(ReclaimablePayments.AmountMissing.selector);
        payments.payEther(RECIPIENT, deadline);
        vm.prank(PAYER);
        vm.expectRevert(ReclaimablePayments.AmountMissing.selector);
        payments.payToken(address(token), RECIPIENT, 0, deadline);
    }

    function test_ZeroAndTheContractItselfCannotBePaid() public {
        address[2] memory impossible = [address(0), address(payments)];
        for (uint256 i = 0; i < 2; ++i) {
            bytes memory refusal = abi.encodeWithSelector(
                ReclaimablePayments.RecipientImpossible.selector,
                impossible[i]
            );
            vm.prank(PAYER);
            vm.expectRevert(refusal);
            payments.payEther{value: 1}(impossible[i], deadline);
            vm.prank(PAYER);
            vm.expectRevert(refusal);
            payments.payToken(address(token), impossible[i], 1, deadline);
            uint256 id = _payToken(address(token), 1);
            vm.warp(deadline);
            vm.prank(PAYER);
            vm.expectRevert(refusal);
            payments.takeBack(id, impossible[i]);
            _expectOpen(id, address(token), 1);
            vm.warp(deadline - 7 days);
        }
    }

    function test_TheDeadlineIsAnHourToAYearAhead() public {
        uint256 earliest = block.timestamp + 1 hours;
        uint256 latest = block.timestamp + 366 days;
        uint256[4] memory wrong = [0, earliest - 1, latest + 1, type(uint48).max];
        for (uint256 i = 0; i < 4; ++i) {
            vm.prank(PAYER);
            vm.expectRevert(
                abi.encodeWithSelector(
                    ReclaimablePayments.DeadlineOutOfRange.selector,
                    wrong[i],
                    earliest,
                    latest
                )
            );
            payments.payEther{value: 1}(RECIPIENT, uint48(wrong[i]));
        }
        vm.prank(PAYER);
        payments.payEther{value: 1}(RECIPIENT, uint48(earliest));
        vm.prank(PAYER);
        payments.payEther{value: 1}(RECIPIENT, uint48(latest));
    }

    function test_EtherIsTakenInByPaymentsOnly() public {
        vm.prank(PAYER);
        (bool plain, ) = address(payments).call{value: 1}("");
        assertFalse(plain);
        vm.prank(PAYER);
        (bool withToken, ) = address(payments).call{value: 1}(
            abi.encodeCall(payments.payToken, (address(token), RECIPIENT, 1, deadline))
        );
        assertFalse(withToken);
    }

    function test_TokensThatAreNotApprovedOrNotThereAreNotCollected() public {
        bytes memory refusal = abi.encodeWithSelector(
            ReclaimablePayments.TokenNotCollected.selector,
            address(token)
        );
        vm.prank(PAYER);
        vm.expectRevert(refusal);
        payments.payToken(address(token), RECIPIENT, 1_000_001, deadline);
        token.mint(STRANGER, 1);
        vm.prank(STRANGER);
        vm.expectRevert(refusal);
        payments.payToken(address(token), RECIPIENT, 1, deadline);
    }

    function test_AnAddressWithoutCodeIsNoToken() public {
        vm.prank(PAYER);
        (bool success, ) = address(payments).call(
            abi.encodeCall(payments.payToken, (address(0xDEAD), RECIPIENT, 1, deadline))
        );
        assertFalse(success);
    }

    // ---- hostile tokens

    function test_OfATokenWithAFeeWhatArrivesIsCredited() public {
        FeeToken fee = new FeeToken();
        fee.mint(PAYER, 200);
        _approve(PAYER, address(fee));
        uint256 first = _payToken(address(fee), 100);
        uint256 second = _payToken(address(fee), 100);
        _expectOpen(first, address(fee), 90);
        vm.prank(RECIPIENT);
        payments.take(first);
        assertEq(fee.balanceOf(RECIPIENT), 81);
        vm.prank(RECIPIENT);
        payments.take(second);
        assertEq(fee.balanceOf(RECIPIENT), 162);
        assertEq(fee.balanceOf(address(payments)), 0);
    }

    function test_ATokenThatReturnsNothingWorks() public {
        SilentToken silent = new SilentToken();
        silent.mint(PAYER, 10);
        uint256 id = _payToken(address(silent), 10);
        vm.prank(RECIPIENT);
        payments.take(id);
        assertEq(silent.balanceOf(RECIPIENT), 10);
    }

    function test_ATokenThatReturnsFalseIsNotCollected() public {
        RefusingToken refusing = new RefusingToken(10);
        vm.prank(PAYER);
        vm.expectRevert(
            abi.encodeWithSelector(ReclaimablePayments.TokenNotCollected.selector, address(refusing))
        );
        payments.payToken(address(refusing), RECIPIENT, 1, deadline);
    }

    function test_ATokenThatMovesNothingOrBackwardsIsNoPayment() public {
        for (uint256 shrinking = 0; shrinking < 2; ++shrinking) {
            EmptyToken empty = new EmptyToken(10, shrinking);
            vm.prank(PAYER);
            vm.expectRevert(
                abi.encodeWithSelector(ReclaimablePayments.NothingArrived.selector, address(empty))
            );
            payments.payToken(address(empty), RECIPIENT, 1, deadline);
        }
    }

    function test_ATokenThatLiesAboutItsBalancesHarmsNoOther() public {
        ObedientToken liar = _obedient(PAYER, 100);
        uint256 honest = _payToken(address(token), 50);
        uint256 id = _payToken(address(liar), 100);
        liar.lie(type(uint128).max);
        vm.prank(RECIPIENT);
        payments.take(id);
        vm.prank(RECIPIENT);
        payments.take(honest);
        assertEq(token.balanceOf(RECIPIENT), 50);
    }

    function test_ATokenDoesNotPayItsTaxFromOtherPayments() public {
        ObedientToken taxing = _obedient(PAYER, 200);
        uint256 id = _payToken(address(taxing), 100);
        uint256 other = _payToken(address(taxing), 100);
        taxing.tax(1);
        bytes memory refusal = abi.encodeWithSelector(
            ReclaimablePayments.TokenTookTooMuch.selector,
            address(taxing)
        );
        vm.prank(RECIPIENT);
        vm.expectRevert(refusal);
        payments.take(id);
        vm.warp(deadline);
        vm.prank(PAYER);
        vm.expectRevert(refusal);
        payments.takeBack(id, PAYER);
        taxing.tax(0);
        vm.prank(RECIPIENT);
        payments.take(id);
        vm.prank(RECIPIENT);
        payments.take(other);
        assertEq(taxing.balanceOf(RECIPIENT), 200);
    }

    function test_ATokenThatLosesTheBalanceLeavesThePaymentOpen() public {
        ObedientToken shrinking = _obedient(PAYER, 100);
        uint256 id = _payToken(address(shrinking), 100);
        shrinking.burn(address(payments), 1);
        vm.prank(RECIPIENT);
        vm.expectRevert(
            abi.encodeWithSelector(Transfers.BalanceTooLow.selector, address(shrinking), 99, 100)
        );
        payments.take(id);
        _expectOpen(id, address(shrinking), 100);
    }

    /// @dev What arrives is measured, so a payment made within another would be credited twice.
    function test_ATokenCannotPayWhileItIsCollected() public {
        ObedientToken reentrant = _obedient(PAYER, 100);
        reentrant.mint(address(reentrant), 100);
        reentrant.approveFor(address(payments));
        reentrant.arm(
            address(payments),
            abi.encodeCall(payments.payToken, (address(reentrant), RECIPIENT, 100, deadline))
        );
        uint256 id = _payToken(address(reentrant), 100);
        _expectGuarded(reentrant.succeeded(), reentrant.answer());
        _expectOpen(id, address(reentrant), 100);
        assertEq(payments.paymentCount(), 1);
        assertEq(reentrant.balanceOf(address(payments)), 100);
    }

    function test_ATokenCannotTakeWhileItIsCollectedOrSent() public {
        ObedientToken reentrant = _obedient(PAYER, 200);
        vm.prank(PAYER);
        uint256 own = payments.payEther{value: 1}(address(reentrant), deadline);
        reentrant.arm(address(payments), abi.encodeCall(payments.take, (own)));
        uint256 id = _payToken(address(reentrant), 100);
        _expectGuarded(reentrant.succeeded(), reentrant.answer());
        vm.prank(RECIPIENT);
        payments.take(id);
        _expectGuarded(reentrant.succeeded(), reentrant.answer());
        _expectOpen(own, ETHER, 1);
    }

    // ---- hostile recipients and payers

    function test_ARecipientThatComesBackWhileItIsPaidGetsNothingMore() public {
        ReentrantRecipient recipient = new ReentrantRecipient();
        vm.prank(PAYER);
        uint256 id = payments.payEther{value: 1 ether}(address(recipient), deadline);
        vm.prank(PAYER);
        uint256 other = payments.payEther{value: 1 ether}(address(recipient), deadline);
        recipient.arm(abi.encodeCall(payments.take, (other)));
        vm.prank(address(recipient));
        payments.take(id);
        _expectGuarded(recipient.succeeded(), recipient.answer());
        assertEq(address(recipient).balance, 1 ether);
        assertEq(address(payments).balance, 1 ether);
    }

    function test_ARecipientThatRefusesEtherLeavesItToThePayer() public {
        address refusing = address(new RefusingRecipient());
        vm.prank(PAYER);
        uint256 id = payments.payEther{value: 1 ether}(refusing, deadline);
        vm.prank(refusing);
        vm.expectRevert(abi.encodeWithSelector(Transfers.EtherRefused.selector, refusing));
        payments.take(id);
        vm.warp(deadline);
        vm.prank(PAYER);
        payments.takeBack(id, PAYER);
        assertEq(PAYER.balance, 100 ether);
    }

    function test_APayerThatRefusesEtherTakesItBackToAnother() public {
        address refusing = address(new RefusingRecipient());
        vm.deal(refusing, 1 ether);
        vm.prank(refusing);
        uint256 id = payments.payEther{value: 1 ether}(RECIPIENT, deadline);
        vm.warp(deadline);
        vm.prank(refusing);
        vm.expectRevert(abi.encodeWithSelector(Transfers.EtherRefused.selector, refusing));
        payments.takeBack(id, refusing);
        vm.prank(refusing);
        payments.takeBack(id, STRANGER);
        assertEq(STRANGER.balance, 1 ether);
    }

    function test_WhatARecipientReturnsIsNotCopied() public {
        address bomb = address(new BombRecipient());
        vm.prank(PAYER);
        uint256 id = payments.payEther{value: 1}(bomb, deadline);
        vm.prank(bomb);
        payments.take(id);
        assertEq(bomb.balance, 1);
    }

    // ---- what the tests say often

    function _payEther(uint256 amount) private returns (uint256 id) {
        vm.prank(PAYER);
        return payments.payEther{value: amount}(RECIPIENT, deadline);
    }

    function _payToken(address token_, uint256 amount) private returns (uint256 id) {
        vm.prank(PAYER);
        return payments.payToken(token_, RECIPIENT, amount, deadline);
    }

    function _approve(address holder, address token_) private {
        vm.prank(holder);
        IERC20(token_).approve(address(payments), type(uint256).max);
    }

    function _obedient(address holder, uint256 amount) private returns (ObedientToken obedient) {
        obedient = new ObedientToken();
        obedient.mint(holder, amount);
        _approve(holder, address(obedient));
    }

    function _expectOpen(uint256 id, address token_, uint256 amount) private view {
        Payment memory payment = payments.paymentOf(id);
        assertEq(payment.payer, PAYER);
        assertEq(payment.deadline, deadline);
        assertEq(payment.token, token_);
        assertEq(payment.amount, amount);
    }

    function _expectClosed(uint256 id) private {
        vm.expectRevert(abi.encodeWithSelector(ReclaimablePayments.PaymentNotOpen.selector, id));
        payments.paymentOf(id);
    }

    function _expectNotOpen(address caller, bytes memory call, uint256 id) private {
        vm.prank(caller);
        (bool success, bytes memory answer) = address(payments).call(call);
        assertFalse(success);
        bytes memory refusal = abi.encodeWithSelector(ReclaimablePayments.PaymentNotOpen.selector, id);
        assertEq(keccak256(answer), keccak256(refusal));
    }

    function _expectNotTaken(uint256 id, address caller) private {
        vm.prank(caller);
        vm.expectRevert(abi.encodeWithSelector(ReclaimablePayments.NotTheRecipient.selector, id, RECIPIENT));
        payments.take(id);
    }

    function _expectNotTakenBack(uint256 id, address caller) private {
        vm.prank(caller);
        vm.expectRevert(abi.encodeWithSelector(ReclaimablePayments.NotThePayer.selector, id, PAYER));
        payments.takeBack(id, caller);
    }

    function _expectGuarded(bool succeeded, bytes memory answer) private pure {
        assertFalse(succeeded);
        assertEq(
            keccak256(answer),
            keccak256(abi.encodeWithSelector(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector))
        );
    }
}
