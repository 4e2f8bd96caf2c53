// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Keys} from "./Keys.sol";

/// @title Reveal
/// @notice The readable form of a key's replacement shows both signers, while the account knows only key ids. So
/// who submits it reveals the signers, and they must match the ids.
library Reveal {
    /// @notice A signature covers the readable form, and that needs both signers revealed.
    error RevealMissing();

    /// @notice The revealed signer and salt are not those of the key.
    /// @param keyId The key they should belong to.
    error RevealMismatch(bytes32 keyId);

    /// @notice The signer cannot be shown in the readable form, because it is more than an address.
    /// @param keyId The key whose signer it is.
    error SignerNotAnAddress(bytes32 keyId);

    /// @notice The two signers of a key's replacement as addresses.
    /// @param reveal abi.encode(bytes newSigner, bytes32 newSalt, bytes oldSigner, bytes32 oldSalt).
    /// @param oldKey The id of the key that goes.
    /// @param newKey The id of the key that comes.
    /// @return oldSigner The address that goes. Reverts where it does not match its key id.
    /// @return newSigner The address that comes. Reverts where it does not match its key id.
    function signersOf(
        bytes calldata reveal,
        bytes32 oldKey,
        bytes32 newKey
    ) internal pure returns (address oldSigner, address newSigner) {
        if (reveal.length == 0) revert RevealMissing();
        (bytes memory newBytes, bytes32 newSalt, bytes memory oldBytes, bytes32 oldSalt) = abi.decode(
            reveal,
            (bytes, bytes32, bytes, bytes32)
        );
        return (_addressOf(oldBytes, oldSalt, oldKey), _addressOf(newBytes, newSalt, newKey));
    }

    function _addressOf(bytes memory signer, bytes32 salt, bytes32 keyId) private pure returns (address) {
        if (Keys.idOf(signer, salt) != keyId) revert RevealMismatch(keyId);
        // Of a verifier with a public key only the verifier would be shown, whoever's the public key is.
        if (signer.length != 20) revert SignerNotAnAddress(keyId);
        return address(bytes20(signer));
    }
}
