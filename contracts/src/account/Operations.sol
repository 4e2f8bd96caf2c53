// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Asset, Call} from "../ITrivetAccount.sol";

/// @title Operations
/// @notice The compact EIP-712 form of the operations that are no changes, for keys in software; see {Changes} for
/// the others and {ReadableForms} for what hardware wallets sign. Each function gives the message's hashStruct for
/// the account whose code runs, which is the operation's id as well.
library Operations {
    bytes32 private constant WITHDRAWAL = keccak256(
        "Withdrawal(address account,address token,address to,uint256 amount,uint256 nonce)"
    );
    bytes32 private constant KEY_REPLACEMENT = keccak256(
        "KeyReplacement(address account,uint8 role,bytes32 oldKey,bytes32 newKey,uint256 nonce)"
    );
    bytes32 private constant CALL = keccak256("Call(address target,uint256 value,bytes data)");
    bytes32 private constant EXECUTION = keccak256(
        "Execution(address account,Call[] calls,uint256 nonce)Call(address target,uint256 value,bytes data)"
    );
    bytes32 private constant ASSET = keccak256("Asset(uint8 standard,address token,uint256 id)");
    bytes32 private constant MIGRATION = keccak256(
        "Migration(address account,address successor,Asset[] assets,uint256 nonce)Asset(uint8 standard,address token,uint256 id)"
    );

    /// @notice A withdrawal in compact form.
    /// @param token The token, or zero for ether.
    /// @param to The recipient.
    /// @param amount How much, in the token's smallest unit.
    /// @param nonce The operation's nonce.
    /// @return The message's hashStruct.
    function withdrawal(
        address token,
        address to,
        uint256 amount,
        uint256 nonce
    ) internal view returns (bytes32) {
        return keccak256(abi.encode(WITHDRAWAL, address(this), token, to, amount, nonce));
    }

    /// @notice A key's replacement in compact form.
    /// @param role The role both keys have.
    /// @param oldKey The id of the key that goes.
    /// @param newKey The id of the key that comes.
    /// @param nonce The operation's nonce.
    /// @return The message's hashStruct.
    function keyReplacement(
        uint8 role,
        bytes32 oldKey,
        bytes32 newKey,
        uint256 nonce
    ) internal view returns (bytes32) {
        return keccak256(abi.encode(KEY_REPLACEMENT, address(this), role, oldKey, newKey, nonce));
    }

    /// @notice The EIP-712 encoding of a list of calls, which both forms of an execution contain.
    /// @param calls The calls, in their order.
    /// @return The array's hash.
    function callsHash(Call[] calldata calls) internal pure returns (bytes32) {
        bytes32[] memory hashes = new bytes32[](calls.length);
        for (uint256 i = 0; i < calls.length; ++i) {
            Call calldata call = calls[i];
            hashes[i] = _callHash(call.target, call.value, call.data);
        }
        return keccak256(abi.encodePacked(hashes));
    }

    /// @dev keccak256(abi.encode(CALL, target, value, keccak256(data))). A batch pays for it once per call, so it hashes
    /// in memory that nobody keeps instead of taking new memory each time.
    function _callHash(
        address target,
        uint256 value,
        bytes calldata data
    ) private pure returns (bytes32 hash) {
        bytes32 typeHash = CALL;
        assembly ("memory-safe") {
            let free := mload(0x40)
            calldatacopy(free, data.offset, data.length)
            let dataHash := keccak256(free, data.length)
            mstore(free, typeHash)
            mstore(add(free, 0x20), target)
            mstore(add(free, 0x40), value)
            mstore(add(free, 0x60), dataHash)
            hash := keccak256(free, 0x80)
        }
    }

    /// @notice A list of calls in compact form.
    /// @param calls What {callsHash} gives.
    /// @param nonce The operation's nonce.
    /// @return The message's hashStruct.
    function execution(bytes32 calls, uint256 nonce) internal view returns (bytes32) {
        return keccak256(abi.encode(EXECUTION, address(this), calls, nonce));
    }

    /// @notice The EIP-712 encoding of a list of assets, which both forms of a migration contain.
    /// @param assets The assets, in their order.
    /// @return The array's hash.
    function assetsHash(Asset[] calldata assets) internal pure returns (bytes32) {
        bytes32[] memory hashes = new bytes32[](assets.length);
        for (uint256 i = 0; i < assets.length; ++i) {
            hashes[i] = keccak256(abi.encode(ASSET, assets[i].standard, assets[i].token, assets[i].id));
        }
        return keccak256(abi.encodePacked(hashes));
    }

    /// @notice A migration in compact form.
    /// @param successor The account everything moves to.
    /// @param assets What {assetsHash} gives.
    /// @param nonce The operation's nonce.
    /// @return The message's hashStruct.
    function migration(address successor, bytes32 assets, uint256 nonce) internal view returns (bytes32) {
        return keccak256(abi.encode(MIGRATION, address(this), successor, assets, nonce));
    }
}
