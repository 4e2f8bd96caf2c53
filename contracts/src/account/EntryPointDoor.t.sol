// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {PackedUserOperation} from "@openzeppelin/contracts/interfaces/IERC4337.sol";

import {AccountTest} from "../../testing/AccountTest.sol";
import {EntryPointDoor} from "./EntryPointDoor.sol";
import {Nonces} from "./Nonces.sol";
import {Policy} from "./Policy.sol";

/// @dev Between validation and execution anybody may be called: paymasters, and whoever the operations of the same
/// bundle call.
contract EntryPointDoorTest is AccountTest {
    uint256 private constant NONCE = uint256(Nonces.FIRST_ENTRY_POINT_LANE) << 64;

    uint256 private ledgerPrivateKey = uint256(keccak256("ledger"));

    function test_OnlyTheEntryPointMakesTheCallThatWasValidated() public {
        bytes memory call = _validate();
        _expectKeyMissing(BOB, call);
        _expectKeyMissing(address(account), call);
        vm.prank(EntryPointDoor.ENTRY_POINT);
        (bool succeeded, ) = address(account).call(call);
        assertTrue(succeeded);
        (uint8 role, , ) = _key(_id(ledgerPrivateKey));
        assertEq(role, MFA);
    }

    function test_TheCallIsMadeOnce() public {
        bytes memory call = _validate();
        vm.prank(EntryPointDoor.ENTRY_POINT);
        (bool succeeded, ) = address(account).call(call);
        assertTrue(succeeded);
        _expectKeyMissing(EntryPointDoor.ENTRY_POINT, call);
    }

    function test_NoOtherCallIsMadeInstead() public {
        _validate();
        _expectKeyMissing(EntryPointDoor.ENTRY_POINT, _replacing(NONCE, strangerPrivateKey));
        _expectKeyMissing(EntryPointDoor.ENTRY_POINT, _replacing(NONCE + 1, ledgerPrivateKey));
        _expectKeyMissing(EntryPointDoor.ENTRY_POINT, _replacing(0, ledgerPrivateKey));
    }

    /// @dev Device and mfa sign that the mfa key is replaced, and the EntryPoint has that checked.
    function _validate() private returns (bytes memory call) {
        call = _replacing(NONCE, ledgerPrivateKey);
        PackedUserOperation memory userOp;
        userOp.sender = address(account);
        userOp.nonce = NONCE;
        userOp.callData = call;
        bytes32 hash = keccak256("the hash of the user operation");
        userOp.signature = _both(devicePrivateKey, mfaPrivateKey, hash);
        vm.prank(EntryPointDoor.ENTRY_POINT);
        uint256 validity = account.validateUserOp(userOp, hash, 0);
        // Good from the second on in which the account began, for ever.
        assertEq(validity, (block.timestamp - 1) << 208);
    }

    function _replacing(uint256 nonce, uint256 newKey) private view returns (bytes memory) {
        bytes32 oldId = _id(mfaPrivateKey);
        return abi.encodeCall(account.replaceKey, (MFA, oldId, _id(newKey), nonce, "", ""));
    }

    function _expectKeyMissing(address caller, bytes memory call) private {
        vm.prank(caller);
        (bool succeeded, bytes memory reason) = address(account).call(call);
        assertFalse(succeeded);
        assertEq(bytes32(bytes4(reason)), bytes32(Policy.KeyMissing.selector));
    }
}
