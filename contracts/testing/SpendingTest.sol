// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Change} from "../src/account/Changes.sol";
import {Call} from "../src/ITrivetAccount.sol";
import {AccountTest} from "./AccountTest.sol";

/// @title SpendingTest
/// @notice An account whose owner makes settings, at a time that is known: what tests of the ways money takes out of
/// it share. What is no change is hashed here once more, too.
abstract contract SpendingTest is AccountTest {
    /// @dev The tests begin at this time (seconds since 1970), at 12:00 UTC, four hours into a limit's period. Tests
    /// count from it, because the compiler may read the clock only once.
    uint256 internal constant NOON = 23148 days + 12 hours;

    uint256 internal laptopPrivateKey = uint256(keccak256("laptop"));

    function setUp() public virtual override {
        vm.warp(NOON);
        super.setUp();
    }

    // ---- what the owner sets, with device and mfa

    function _set(Change change, bytes32[] memory values) internal {
        uint256 nonce = account.getNonce(0);
        bytes32 digest = _change(change, values, nonce);
        _changes().change(change, values, nonce, _both(devicePrivateKey, mfaPrivateKey, digest));
    }

    function _setLimit(uint256 privateKey, address token_, uint104 limit) internal {
        _set(Change.SetLimit, _words(_id(privateKey), _word(token_), bytes32(uint256(limit))));
    }

    function _setHours(uint256 privateKey, uint24 closedHours) internal {
        _set(Change.SetHours, _words(_id(privateKey), bytes32(uint256(closedHours))));
    }

    function _setAllowlisted(address recipient, bool allowed) internal {
        _set(Change.SetAllowlisted, _words(_word(recipient), _word(allowed)));
    }

    function _setScope(uint256 privateKey, address target, bytes4 selector) internal {
        _set(Change.SetScope, _words(_id(privateKey), _word(target), bytes32(selector), _word(true)));
    }

    function _setRules(uint8 singleKeyRoles, bool pendingKeysMayCall) internal {
        _set(Change.SetRules, _words(bytes32(uint256(singleKeyRoles)), _word(pendingKeysMayCall), 0, 0));
    }

    function _setThreshold(uint8 role, uint8 threshold) internal {
        _set(Change.SetThreshold, _words(bytes32(uint256(role)), bytes32(uint256(threshold))));
    }

    function _addKey(uint8 role, uint256 privateKey, uint256 expires) internal {
        _set(Change.AddKey, _words(bytes32(uint256(role)), _id(privateKey), bytes32(expires)));
    }

    function _removeKey(uint256 privateKey) internal {
        _set(Change.RemoveKey, _words(_id(privateKey)));
    }

    function _lock() internal {
        _set(Change.Lock, new bytes32[](0));
    }

    // ---- what others do

    /// @dev The recovery key adds a device key, which is pending then.
    function _recover(uint256 privateKey) internal {
        bytes32[] memory values = _words(bytes32(uint256(DEVICE)), _id(privateKey), 0);
        uint256 nonce = account.getNonce(0);
        bytes32 digest = _change(Change.AddKey, values, nonce);
        _changes().change(Change.AddKey, values, nonce, _compact(recoveryPrivateKey, digest));
    }

    // ---- messages

    /// @dev The id of a withdrawal, which is what is signed without the domain.
    function _withdrawalId(
        address token_,
        address to,
        uint256 amount,
        uint256 nonce
    ) internal view returns (bytes32) {
        bytes32 typeHash = keccak256(
            "Withdrawal(address account,address token,address to,uint256 amount,uint256 nonce)"
        );
        return keccak256(abi.encode(typeHash, account, token_, to, amount, nonce));
    }

    function _callsHash(Call[] memory calls) internal pure returns (bytes32) {
        bytes32 typeHash = keccak256("Call(address target,uint256 value,bytes data)");
        bytes memory hashes = "";
        for (uint256 i = 0; i < calls.length; ++i) {
            bytes32 dataHash = keccak256(calls[i].data);
            bytes memory call = abi.encode(typeHash, calls[i].target, calls[i].value, dataHash);
            hashes = bytes.concat(hashes, keccak256(call));
        }
        return keccak256(hashes);
    }

    function _executionId(Call[] memory calls, uint256 nonce) internal view returns (bytes32) {
        bytes32 typeHash = keccak256(
            "Execution(address account,Call[] calls,uint256 nonce)Call(address target,uint256 value,bytes data)"
        );
        return keccak256(abi.encode(typeHash, account, _callsHash(calls), nonce));
    }

    function _execution(Call[] memory calls, uint256 nonce) internal view returns (bytes32) {
        return _digest(_executionId(calls, nonce));
    }

    function _readableExecution(
        string memory text,
        Call[] memory calls,
        uint256 nonce
    ) internal view returns (bytes32) {
        bytes32 typeHash = keccak256("RunCalls(string Calls,bytes32 Hash,address Account,uint256 Nonce)");
        return
            _digest(
                keccak256(abi.encode(typeHash, keccak256(bytes(text)), _callsHash(calls), account, nonce))
            );
    }

    // ---- calls

    function _calls(Call memory first) internal pure returns (Call[] memory calls) {
        calls = new Call[](1);
        calls[0] = first;
    }

    function _calls(Call memory first, Call memory second) internal pure returns (Call[] memory calls) {
        calls = new Call[](2);
        (calls[0], calls[1]) = (first, second);
    }
}
