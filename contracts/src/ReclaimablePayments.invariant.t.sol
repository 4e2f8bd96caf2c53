// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {PaymentsHandler} from "../testing/PaymentsHandler.sol";
import {Test} from "../testing/Test.sol";
import {ReclaimablePayments} from "./ReclaimablePayments.sol";

contract ReclaimablePaymentsInvariantTest is Test {
    PaymentsHandler private _handler;

    function setUp() public {
        vm.warp(1_800_000_000);
        _handler = new PaymentsHandler(
            ReclaimablePayments(_deploy("src/ReclaimablePayments.sol:ReclaimablePayments", ""))
        );
    }

    /// @dev Only the handler is called at random.
    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    /// hardhat-config: invariant.fail-on-revert = true
    function invariant_EveryPaymentIsWorthWhatItIsAndNobodyElsesMoneyMoves() public view {
        _handler.check();
    }

    /// @dev The model is only worth something if enough was done.
    function afterInvariant() external view {
        assertTrue(_handler.successes(0) > 0);
        assertTrue(_handler.successes(1) + _handler.successes(2) > 0);
        assertTrue(_handler.refusals() > 0);
    }
}
