// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {ERC7913RSAVerifier} from "@openzeppelin/contracts/utils/cryptography/verifiers/ERC7913RSAVerifier.sol";

/// @title RsaVerifier
/// @notice Lets an RSA key of 2048 bits or more (identity cards, company tokens) be a key of an account: its signer
/// is this contract's address, then abi.encode(exponent, modulus), both as bytes. The signature is PKCS#1 v1.5 with
/// SHA-256 over the digest's 32 bytes. OpenZeppelin's, without changes; no owner and no state.
// solhint-disable-next-line no-empty-blocks
contract RsaVerifier is ERC7913RSAVerifier {}
