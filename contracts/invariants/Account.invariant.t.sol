// SPDX-License-Identifier: MIT
// The handler is compiled once for both tests.
// solhint-disable one-contract-per-file
pragma solidity ^0.8.37;

import {Test} from "../testing/Test.sol";
import {AccountHandler} from "./AccountHandler.sol";

/// @notice Here, because tests may be larger than contracts may be on a chain.
contract Handler is AccountHandler {}

contract AccountInvariantTest is Test {
    struct FuzzSelector {
        address target;
        bytes4[] selectors;
    }

    AccountHandler private _handler;

    function setUp() public {
        _handler = new Handler();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    /// @dev Of the handler, only what somebody does; not what looks at it.
    function targetSelectors() external view returns (FuzzSelector[] memory targets) {
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(_handler), new bytes4[](1));
        targets[0].selectors[0] = AccountHandler.step.selector;
    }

    /// @dev No operation runs twice, while the account is frozen, with less authority, for another account or on another
    /// chain, whichever door it comes through; what is cancelled never runs; limits hold; no role is ever without a key;
    /// neither account's money, keys, limits, settings or nonces change but by its own operations.
    function invariant_AccountsDoWhatTheModelSaysAndNothingElse() public {
        _handler.check();
    }

    /// @dev The model is only worth something if enough was done. Of which sort is left to chance: an account that is
    /// locked early does little else.
    function afterInvariant() external view {
        uint256 successes =
            _handler.successes("withdrawal") +
                _handler.successes("spend in a limit") +
                _handler.successes("execution") +
                _handler.successes("key") +
                _handler.successes("lock") +
                _handler.successes("limit");
        assertTrue(successes > 0);
        assertTrue(_handler.refusals() > 0);
    }
}

/// @notice The handler always does the same here: that it gets everywhere is no matter of chance.
contract AccountHandlerTest is Test {
    AccountHandler private _handler;

    function setUp() public {
        _handler = new Handler();
    }

    function test_EverythingTheModelKnowsHappensAndIsRefused() public {
        for (uint256 i = 0; i < 12_000; ++i) {
            _handler.step(i);
            if (i % 16 == 0) _handler.check();
        }
        _handler.check();
        string[29] memory sorts = [
            "withdrawal",
            "spend in a limit",
            "allowlisted withdrawal",
            "execution",
            "call in a scope",
            "emergency withdrawal",
            "migration",
            "payment in",
            "key",
            "pending key",
            "activation",
            "rejection",
            "removal",
            "replacement",
            "threshold",
            "limit",
            "hours",
            "scope",
            "list",
            "rules",
            "lock",
            "archive",
            "unfreezing",
            "unfreezing by the successor",
            "run of payment",
            "run of removal",
            "run of unfreezing",
            "cancellation",
            "arming again"
        ];
        string memory missing = "";
        for (uint256 i = 0; i < sorts.length; ++i) {
            if (_handler.successes(sorts[i]) == 0) missing = string.concat(missing, sorts[i], ". ");
        }
        assertEq(missing, "");
        assertTrue(_handler.successes("signature") > 0);
        assertTrue(_handler.throughEntryPoint() > 0);
        assertTrue(_handler.trips() > 0);
        assertTrue(_handler.refusals() > 0);
    }
}
