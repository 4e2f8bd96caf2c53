// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title EntryPointDoor
/// @notice ERC-4337: the EntryPoint first has the account check a user operation's signatures, and later in the same
/// transaction makes the call they are for. In between the account remembers who signed for which call, in
/// transient storage; what that is worth is decided when the call is made, because other operations of the same
/// bundle may have changed the account meanwhile.
library EntryPointDoor {
    /// @notice The EntryPoint, version 0.8, at the address it has on every chain.
    address internal constant ENTRY_POINT = 0x4337084D9E255Ff0702461CF8895CE9E3b5Ff108;

    /// @dev keccak256(abi.encode(uint256(keccak256("trivet.transient.Signers")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant NAMESPACE = 0x8a0da5f948eedcc1ef97b3d0d61c0759b7f52de40a8603a83b280675f5b85300;

    /// @notice Remembers who signed for a call.
    /// @param callData The call.
    /// @param keyIds The keys whose signatures were checked.
    function remember(bytes calldata callData, bytes32[] memory keyIds) internal {
        uint256 slot = _slotOf(callData);
        _store(slot, bytes32(keyIds.length));
        for (uint256 i = 0; i < keyIds.length; ++i) _store(slot + 1 + i, keyIds[i]);
    }

    /// @notice Who signed for the call that is being made; counts once.
    /// @return keyIds The keys; none when the call was not validated in this transaction.
    function take() internal returns (bytes32[] memory keyIds) {
        uint256 slot = _slotOf(msg.data);
        keyIds = new bytes32[](uint256(_load(slot)));
        _store(slot, 0);
        for (uint256 i = 0; i < keyIds.length; ++i) keyIds[i] = _load(slot + 1 + i);
    }

    /// @notice The same keys once more, after {take} in the same call.
    /// @param number How many there are.
    /// @return keyIds The keys.
    function taken(uint256 number) internal view returns (bytes32[] memory keyIds) {
        uint256 slot = _slotOf(msg.data);
        keyIds = new bytes32[](number);
        for (uint256 i = 0; i < number; ++i) keyIds[i] = _load(slot + 1 + i);
    }

    function _slotOf(bytes calldata callData) private pure returns (uint256) {
        return uint256(keccak256(abi.encode(NAMESPACE, keccak256(callData))));
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
