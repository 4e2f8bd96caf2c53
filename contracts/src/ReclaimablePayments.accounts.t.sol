// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {SpendingTest} from "../testing/SpendingTest.sol";
import {Policy} from "./account/Policy.sol";
import {ITrivetAccount, Call} from "./ITrivetAccount.sol";
import {ReclaimablePayments} from "./ReclaimablePayments.sol";
import {TrivetAccount} from "./TrivetAccount.sol";

/// @notice Payments between accounts: who pays, takes and takes back is an account, through the calls its keys signed.
contract ReclaimablePaymentsAccountsTest is SpendingTest {
    ReclaimablePayments private _payments;
    TrivetAccount private _recipient;
    uint48 private _deadline;

    function setUp() public override {
        super.setUp();
        _payments = ReclaimablePayments(_deploy("src/ReclaimablePayments.sol:ReclaimablePayments", ""));
        // The recipient's account has an address before it is there.
        _recipient = TrivetAccount(
            payable(
                FACTORY.accountAddress(
                    _id(devicePrivateKey),
                    _id(mfaPrivateKey),
                    _id(recoveryPrivateKey),
                    "to"
                )
            )
        );
        _deadline = uint48(block.timestamp + 7 days);
    }

    function test_AnAccountPaysOneThatIsNotThereYetAndThatTakesIt() public {
        uint256 id = _payEther();
        assertEq(address(account).balance, 9 ether);
        _createRecipient();
        account = _recipient;
        _make(_calls(_take(id)));
        assertEq(address(_recipient).balance, 1 ether);
        assertEq(address(_payments).balance, 0);
    }

    function test_WhatNobodyTookGoesBackToTheAccountThatPaid() public {
        uint256 id = _payEther();
        Call memory back = Call(
            address(_payments),
            0,
            abi.encodeCall(_payments.takeBack, (id, address(account)))
        );
        _expectFailure(
            back,
            abi.encodeWithSelector(ReclaimablePayments.DeadlineAhead.selector, id, _deadline)
        );
        vm.warp(_deadline);
        _make(_calls(back));
        assertEq(address(account).balance, 10 ether);

        _createRecipient();
        account = _recipient;
        _expectFailure(_take(id), abi.encodeWithSelector(ReclaimablePayments.PaymentNotOpen.selector, id));
    }

    function test_TokensAreApprovedPaidAndTakenBackInBatches() public {
        bytes memory pay = abi.encodeCall(
            _payments.payToken,
            (address(token), address(_recipient), 600, _deadline)
        );
        _make(
            _calls(
                Call(address(token), 0, abi.encodeCall(IERC20.approve, (address(_payments), 600))),
                Call(address(_payments), 0, pay)
            )
        );
        assertEq(token.balanceOf(address(_payments)), 600);
        vm.warp(_deadline + 1);
        bytes memory back = abi.encodeCall(_payments.takeBack, (1, BOB));
        _make(_calls(Call(address(_payments), 0, back)));
        assertEq(token.balanceOf(BOB), 600);
        assertEq(token.allowance(address(account), address(_payments)), 0);
    }

    function test_OneAccountTakesNothingOfAnother() public {
        uint256 id = _payEther();
        vm.warp(_deadline);
        // The payer is not the recipient, and another account of the same keys is neither.
        bytes memory notRecipient = abi.encodeWithSelector(
            ReclaimablePayments.NotTheRecipient.selector,
            id,
            address(_recipient)
        );
        _expectFailure(_take(id), notRecipient);
        address payer = address(account);
        account = TrivetAccount(
            payable(
                FACTORY.createAccount(_id(devicePrivateKey), _id(mfaPrivateKey), _id(recoveryPrivateKey), "x")
            )
        );
        bytes memory back = abi.encodeCall(_payments.takeBack, (id, address(account)));
        bytes memory notPayer = abi.encodeWithSelector(ReclaimablePayments.NotThePayer.selector, id, payer);
        _expectFailure(Call(address(_payments), 0, back), notPayer);
        assertEq(address(_payments).balance, 1 ether);
    }

    function test_AFrozenAccountNeitherTakesNorTakesBackAndLosesNothing() public {
        uint256 id = _payEther();
        _lock();
        vm.warp(block.timestamp + 7 days - 1);
        Call[] memory calls = _calls(
            Call(address(_payments), 0, abi.encodeCall(_payments.takeBack, (id, address(account))))
        );
        uint256 nonce = account.getNonce(0);
        bytes memory signatures = _both(devicePrivateKey, mfaPrivateKey, _execution(calls, nonce));
        vm.expectRevert(Policy.AccountFrozen.selector);
        account.execute(calls, nonce, signatures);
        vm.warp(_deadline + 1);
        account.execute(calls, nonce, signatures);
        assertEq(address(account).balance, 10 ether);
    }

    // ---- helpers

    function _payEther() private returns (uint256 id) {
        bytes memory data = abi.encodeCall(_payments.payEther, (address(_recipient), _deadline));
        _make(_calls(Call(address(_payments), 1 ether, data)));
        return _payments.paymentCount();
    }

    function _take(uint256 id) private view returns (Call memory) {
        return Call(address(_payments), 0, abi.encodeCall(_payments.take, (id)));
    }

    function _createRecipient() private {
        address created = FACTORY.createAccount(
            _id(devicePrivateKey),
            _id(mfaPrivateKey),
            _id(recoveryPrivateKey),
            "to"
        );
        assertEq(created, address(_recipient));
    }

    /// @dev Device and mfa have the account make the calls.
    function _make(Call[] memory calls) private {
        uint256 nonce = account.getNonce(0);
        account.execute(calls, nonce, _both(devicePrivateKey, mfaPrivateKey, _execution(calls, nonce)));
    }

    /// @dev The account makes the call, and it fails for this reason.
    function _expectFailure(Call memory call, bytes memory reason) private {
        Call[] memory calls = _calls(call);
        uint256 nonce = account.getNonce(0);
        bytes memory signatures = _both(devicePrivateKey, mfaPrivateKey, _execution(calls, nonce));
        vm.expectRevert(abi.encodeWithSelector(ITrivetAccount.CallFailed.selector, 0, reason));
        account.execute(calls, nonce, signatures);
    }
}
