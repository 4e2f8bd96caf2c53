// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";

import {ITrivetAccount} from "./ITrivetAccount.sol";

/// @title AccountFactory
/// @notice Creates accounts at addresses that follow from their first keys: an account can be paid before it
/// exists, anyone can create it, and nobody can create another one in its place.
contract AccountFactory {
    address private immutable IMPLEMENTATION;

    /// @notice An account came into being.
    /// @param account Its address.
    /// @param deviceKey The id of its device key.
    /// @param mfaKey The id of its mfa key.
    /// @param recoveryKey The id of its recovery key.
    event AccountCreated(address indexed account, bytes32 deviceKey, bytes32 mfaKey, bytes32 recoveryKey);

    /// @notice There is no code at the implementation's address.
    /// @param implementation The address given.
    error ImplementationMissing(address implementation);

    /// @param implementation_ The {TrivetAccount} whose code all accounts share.
    constructor(address implementation_) {
        if (implementation_.code.length == 0) revert ImplementationMissing(implementation_);
        IMPLEMENTATION = implementation_;
    }

    /// @notice Creates an account; does nothing when it exists already.
    /// @param deviceKey The id of its device key.
    /// @param mfaKey The id of its mfa key.
    /// @param recoveryKey The id of its recovery key.
    /// @param salt Any number, to have several accounts with the same keys.
    /// @return account Its address. Reverts when a key id is zero, or two are the same.
    function createAccount(
        bytes32 deviceKey,
        bytes32 mfaKey,
        bytes32 recoveryKey,
        bytes32 salt
    ) external returns (address account) {
        account = accountAddress(deviceKey, mfaKey, recoveryKey, salt);
        if (account.code.length != 0) return account;
        Clones.cloneDeterministic(IMPLEMENTATION, _cloneSalt(deviceKey, mfaKey, recoveryKey, salt));
        ITrivetAccount(account).initialize(deviceKey, mfaKey, recoveryKey);
        emit AccountCreated(account, deviceKey, mfaKey, recoveryKey);
    }

    /// @notice The code all accounts share.
    /// @return The address of the {TrivetAccount} given when this factory was made.
    function implementation() external view returns (address) {
        return IMPLEMENTATION;
    }

    /// @notice The address an account has or will have.
    /// @param deviceKey The id of its first device key.
    /// @param mfaKey The id of its first mfa key.
    /// @param recoveryKey The id of its first recovery key.
    /// @param salt The salt it is created with.
    /// @return The account's address.
    function accountAddress(
        bytes32 deviceKey,
        bytes32 mfaKey,
        bytes32 recoveryKey,
        bytes32 salt
    ) public view returns (address) {
        bytes32 cloneSalt = _cloneSalt(deviceKey, mfaKey, recoveryKey, salt);
        return Clones.predictDeterministicAddress(IMPLEMENTATION, cloneSalt);
    }

    function _cloneSalt(
        bytes32 deviceKey,
        bytes32 mfaKey,
        bytes32 recoveryKey,
        bytes32 salt
    ) private pure returns (bytes32) {
        return keccak256(abi.encode(deviceKey, mfaKey, recoveryKey, salt));
    }
}
