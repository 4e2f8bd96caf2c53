// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Test} from "../testing/Test.sol";
import {AccountHandler} from "./AccountHandler.sol";

contract AccountInvariantTest is Test {
    struct FuzzSelector {
        address target;
        bytes4[] selectors;
    }

    AccountHandler private _handler;

    function setUp() public {
        vm.warp(1_800_000_000);
        _handler = new AccountHandler();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    /// @dev Of the handler, only what somebody does; not what looks at it.
    function targetSelectors() external view returns (FuzzSelector[] memory targets) {
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(_handler), new bytes4[](6));
        targets[0].selectors[0] = AccountHandler.withdraw.selector;
        targets[0].selectors[1] = AccountHandler.replaceKey.selector;
        targets[0].selectors[2] = AccountHandler.replay.selector;
        targets[0].selectors[3] = AccountHandler.wait.selector;
        targets[0].selectors[4] = AccountHandler.lock.selector;
        targets[0].selectors[5] = AccountHandler.unfreeze.selector;
    }

    /// @dev No operation runs twice, while the account is frozen, with less authority, for another account or on another chain; no role is ever
    /// without a key; neither account's money, nonces or keys change but by its own operations.
    function invariant_AccountsDoWhatTheModelSaysAndNothingElse() public view {
        _handler.check();
    }

    /// @dev The model is only worth something if enough was done. Of which sort is left to chance: an account that is
    /// locked early does little else.
    function afterInvariant() external view {
        uint256 successes = 0;
        for (uint256 sort = 0; sort < 4; ++sort) successes += _handler.successes(sort);
        assertTrue(successes > 0);
        assertTrue(_handler.refusals() > 0);
    }
}
