// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {ERC7913P256Verifier} from "@openzeppelin/contracts/utils/cryptography/verifiers/ERC7913P256Verifier.sol";

/// @title P256Verifier
/// @notice Lets a P-256 key (secp256r1: secure enclaves, smart cards) be a key of an account: its signer is this
/// contract's address, then x and y (32 bytes each). The signature is r and s (32 bytes each) over the digest; of the
/// two values s can have, only the low one counts. OpenZeppelin's, without changes; no owner and no state.
// solhint-disable-next-line no-empty-blocks
contract P256Verifier is ERC7913P256Verifier {}
