// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Key} from "./account/Keys.sol";
import {Frozen} from "./account/Policy.sol";
import {Scheduled} from "./account/Schedule.sol";
import {Settings} from "./account/Settings.sol";

/// @title IAccountViews
/// @notice What there is to see of an account.
interface IAccountViews {
    /// @notice Who a key is, and when it has authority.
    /// @param keyId The key's id, keccak256(signer, salt).
    /// @return role 1 device, 2 mfa, 3 recovery; 0 when the account has no such key.
    /// @return activeFrom Since when it has authority (seconds since 1970); the highest number while it sleeps.
    /// @return expires Until when it has authority (seconds since 1970); 0 when it never expires.
    function getKey(bytes32 keyId) external view returns (uint8 role, uint48 activeFrom, uint48 expires);

    /// @notice All that the account knows about a key.
    /// @param keyId The key's id.
    /// @return key See {Key}.
    /// @return active Whether it has authority now.
    function getKeyDetails(bytes32 keyId) external view returns (Key memory key, bool active);

    /// @notice How many keys that never expire a role has.
    /// @param role 2 mfa, 3 recovery; device keys are not counted.
    /// @return The number of keys.
    function keyCount(uint8 role) external view returns (uint256);

    /// @notice How many keys of a role have to sign for the role to count.
    /// @param role 1 device, 2 mfa, 3 recovery.
    /// @return The number of signatures.
    function threshold(uint8 role) external view returns (uint256);

    /// @notice What the owner has set.
    /// @return settings What is in force: a default stands where the owner set nothing.
    /// @return successor Who may end an archive; zero when nobody is named.
    function getSettings() external view returns (Settings memory settings, address successor);

    /// @notice Whether the account is frozen.
    /// @return frozen No, Locked or Archived.
    /// @return until When the last lock lapses or lapsed (seconds since 1970); the highest number for an archive.
    /// @return epoch How often the account was frozen.
    function getFreeze() external view returns (Frozen frozen, uint256 until, uint256 epoch);

    /// @notice What is scheduled under an operation's id.
    /// @param operation The operation's id.
    /// @return entry See {Scheduled}; executableAt 0 when nothing is.
    /// @return asleep Whether it has to be armed again first; never for one that had lapsed before the account was frozen.
    function getScheduled(bytes32 operation) external view returns (Scheduled memory entry, bool asleep);

    /// @notice What a key may spend of a token by itself.
    /// @param keyId The key.
    /// @param token The token, or zero for ether.
    /// @return limit The daily limit, in the token's smallest unit.
    /// @return available How much of it is left now.
    function getLimit(bytes32 keyId, address token) external view returns (uint256 limit, uint256 available);

    /// @notice Whether a device key may make a call by itself.
    /// @param keyId The key.
    /// @param target The contract that is called.
    /// @param selector The function's selector; zero for calls without data.
    /// @return True when the owner put it into the key's scope.
    function isInScope(bytes32 keyId, address target, bytes4 selector) external view returns (bool);

    /// @notice Whether a device key alone may withdraw to a recipient.
    /// @param recipient The recipient.
    /// @return True when the owner allowlisted it.
    function isAllowlisted(address recipient) external view returns (bool);

    /// @notice Whether an address may withdraw to itself.
    /// @param account The address.
    /// @return True when the owner made it an emergency address.
    function isEmergencyAddress(address account) external view returns (bool);
}
