// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Policy} from "./Policy.sol";

/// @title EntryPointDoor
/// @notice ERC-4337: the EntryPoint first has the account check a user operation's signatures, and later in the same
/// transaction makes the call they are for. In between the account remembers who signed for which call, in
/// transient storage; what that is worth is decided when the call is made, because other operations of the same
/// bundle may have changed the account meanwhile.
library EntryPointDoor {
    /// @notice The EntryPoint, version 0.8, at the address it has on every chain.
    address internal constant ENTRY_POINT = 0x4337084D9E255Ff0702461CF8895CE9E3b5Ff108;

    /// @notice Remembers who signed for a call.
    /// @param callData The call. It carries the user operation's nonce, so no two of a bundle are the same.
    /// @param keyIds The keys whose signatures were checked.
    function remember(bytes calldata callData, bytes32[] memory keyIds) internal {
        uint256 slot = _slotOf(callData);
        _store(slot, bytes32(keyIds.length));
        for (uint256 i = 0; i < keyIds.length; ++i) _store(slot + 1 + i, keyIds[i]);
    }

    /// @notice Who signed for the call that is being made; counts once, and only when the EntryPoint makes it. Reverts
    /// when nobody did.
    /// @return keyIds The keys.
    function take() internal returns (bytes32[] memory keyIds) {
        uint256 slot = _slotOf(msg.data);
        uint256 number = uint256(_load(slot));
        if (number == 0 || msg.sender != ENTRY_POINT) revert Policy.KeyMissing();
        _store(slot, 0);
        keyIds = new bytes32[](number);
        for (uint256 i = 0; i < number; ++i) keyIds[i] = _load(slot + 1 + i);
    }

    /// @notice The same keys once more, after {take} in the same call.
    /// @param number How many there are.
    /// @return keyIds The keys.
    function taken(uint256 number) internal view returns (bytes32[] memory keyIds) {
        uint256 slot = _slotOf(msg.data);
        keyIds = new bytes32[](number);
        for (uint256 i = 0; i < number; ++i) keyIds[i] = _load(slot + 1 + i);
    }

    /// @notice What {IAccount.validateUserOp} answers where the signatures are good.
    /// @param from When they begin to count (seconds since 1970), not 0.
    /// @param until When they cease to (seconds since 1970); 0 for never.
    /// @return The EntryPoint's form: the last second before they count, the last one in which they do (0 for no end),
    /// and no aggregator; 48, 48 and 160 bits.
    function validity(uint256 from, uint256 until) internal pure returns (uint256) {
        uint256 last = until == 0 ? 0 : until - 1;
        return ((from - 1) << 208) | (last << 160);
    }

    /// @dev A hash nobody can aim at; nothing else of the account is in transient storage.
    function _slotOf(bytes calldata callData) private pure returns (uint256) {
        return uint256(keccak256(callData));
    }

    function _store(uint256 slot, bytes32 value) private {
        assembly ("memory-safe") {
            tstore(slot, value)
        }
    }

    function _load(uint256 slot) private view returns (bytes32 value) {
        assembly ("memory-safe") {
            value := tload(slot)
        }
    }
}
