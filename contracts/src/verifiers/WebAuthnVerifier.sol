// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {ERC7913WebAuthnVerifier} from "@openzeppelin/contracts/utils/cryptography/verifiers/ERC7913WebAuthnVerifier.sol";

/// @title WebAuthnVerifier
/// @notice Lets a passkey be a key of an account: its signer is this contract's address, then x and y of its P-256
/// key (32 bytes each). The signature is the encoded assertion (WebAuthn.WebAuthnAuth) whose challenge is the
/// digest; the authenticator must have verified the person (UV), and of the two values s can have, only the low one
/// counts. For which site it was made is not checked here: that is the browser's and the authenticator's part.
/// OpenZeppelin's, without changes; no owner and no state.
// solhint-disable-next-line no-empty-blocks
contract WebAuthnVerifier is ERC7913WebAuthnVerifier {}
