// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Change} from "../../src/account/Changes.sol";
import {Effect} from "../../src/account/Policy.sol";
import {IAccountChanges} from "../../src/IAccountChanges.sol";
import {Attempt, Attempts, Signers} from "../model/Attempts.sol";
import {Errand, Waiting} from "../model/Model.sol";

/// @title ChangeAttempts
/// @notice What all changes have in common.
abstract contract ChangeAttempts is Attempts {
    function _try(
        Attempt memory attempt,
        Change change,
        bytes32[] memory values,
        bool allowed
    ) internal returns (bool) {
        return
            _try(
                attempt,
                _changeId(change, values, attempt.nonce),
                _callOf(attempt, change, values),
                allowed
            );
    }

    /// @dev A change that was accepted and waits.
    function _propose(
        Attempt memory attempt,
        Signers memory signers,
        Effect effect,
        Change change,
        bytes32[] memory values
    ) internal returns (Waiting storage entry) {
        entry = _propose(
            attempt,
            signers,
            effect,
            _changeId(change, values, attempt.nonce),
            _callOf(attempt, change, values)
        );
        entry.errand = change == Change.RemoveKey ? Errand.RemoveKey : Errand.Unfreeze;
    }

    function _callOf(
        Attempt memory attempt,
        Change change,
        bytes32[] memory values
    ) private pure returns (bytes memory) {
        return abi.encodeCall(IAccountChanges.change, (change, values, attempt.nonce, ""));
    }
}
