// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";

/// @title Domain
/// @notice The EIP-712 domain all accounts of a chain share: name "Trivet", version "1", the chain's id, and the
/// implementation's address. Shared, because a hardware wallet's clear-signing descriptor is bound to one
/// verifyingContract; which account is meant is a field of every message.
abstract contract Domain {
    bytes32 private constant DOMAIN_TYPEHASH = keccak256(
        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    );

    address internal immutable IMPLEMENTATION;
    uint256 private immutable CHAIN_ID = block.chainid;
    bytes32 private immutable SEPARATOR;

    /// @param implementation_ The {TrivetAccount} whose code all accounts share.
    constructor(address implementation_) {
        IMPLEMENTATION = implementation_;
        SEPARATOR = _separatorFor(implementation_);
    }

    /// @dev The digest to be signed for a message, see EIP-712.
    /// @param structHash The message's hashStruct.
    function _digestOf(bytes32 structHash) internal view returns (bytes32) {
        // A chain that splits gets a new id: signatures for one side must not work on the other.
        bytes32 separator = block.chainid == CHAIN_ID ? SEPARATOR : _separatorFor(IMPLEMENTATION);
        return MessageHashUtils.toTypedDataHash(separator, structHash);
    }

    function _separatorFor(address verifyingContract) private view returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    DOMAIN_TYPEHASH,
                    keccak256("Trivet"),
                    keccak256("1"),
                    block.chainid,
                    verifyingContract
                )
            );
    }
}
