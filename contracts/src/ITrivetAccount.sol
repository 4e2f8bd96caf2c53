// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title ITrivetAccount
/// @notice A smart account that three kinds of keys control: device, mfa and recovery. Anyone may submit an
/// operation; what counts are the signatures it carries, see {Signatures} for their encoding and {Operations} for
/// what they cover. Every operation works once, on one chain, for one account.
interface ITrivetAccount {
    /// @notice Ether or tokens left the account.
    /// @param token The token, or zero for ether.
    /// @param to The recipient.
    /// @param amount How much, in the token's smallest unit.
    /// @param nonce The operation's nonce.
    event Withdrawn(address indexed token, address indexed to, uint256 amount, uint256 nonce);

    /// @notice A key took another one's place.
    /// @param role The role both keys have.
    /// @param oldKey The id of the key that lost its authority.
    /// @param newKey The id of the key that got it.
    /// @param nonce The operation's nonce.
    event KeyReplaced(uint8 indexed role, bytes32 indexed oldKey, bytes32 indexed newKey, uint256 nonce);

    /// @notice The account has its keys already; they change by operations only.
    error AlreadyInitialized();

    /// @notice A withdrawal must name a recipient.
    error RecipientMissing();

    /// @notice Only mfa and recovery keys can be replaced.
    /// @param role The role that was named.
    error RoleNotReplaceable(uint8 role);

    /// @notice Gives a new account its first keys. The factory calls it in the transaction that creates the
    /// account, so nobody can come first.
    /// @param deviceKey The id of the device key.
    /// @param mfaKey The id of the mfa key.
    /// @param recoveryKey The id of the recovery key.
    function initialize(bytes32 deviceKey, bytes32 mfaKey, bytes32 recoveryKey) external;

    /// @notice Sends ether or ERC-20 tokens out of the account. Needs an active device key and the mfa role.
    /// @param token The token, or zero for ether.
    /// @param to The recipient.
    /// @param amount How much, in the token's smallest unit.
    /// @param nonce (lane << 64) | sequence, see {getNonce}.
    /// @param signatures Signatures over this very withdrawal.
    function withdraw(
        address token,
        address to,
        uint256 amount,
        uint256 nonce,
        bytes calldata signatures
    ) external;

    /// @notice Puts a new mfa or recovery key in the place of another one. Needs an active device key and either
    /// the mfa or the recovery role.
    /// @param role MFA or RECOVERY, the role both keys have.
    /// @param oldKey The id of the key that goes.
    /// @param newKey The id of the key that comes. It is active at once.
    /// @param nonce (lane << 64) | sequence, see {getNonce}.
    /// @param reveal Both signers, see {Reveal}; needed when a signature covers the readable form, else not read.
    /// @param signatures Signatures over this very replacement.
    function replaceKey(
        uint8 role,
        bytes32 oldKey,
        bytes32 newKey,
        uint256 nonce,
        bytes calldata reveal,
        bytes calldata signatures
    ) external;

    /// @notice What the account knows about a key.
    /// @param keyId The key's id, keccak256(signer, salt).
    /// @return role 1 device, 2 mfa, 3 recovery; 0 when the account has no such key.
    /// @return activeFrom Since when it has authority (seconds since 1970).
    /// @return expires Until when it has authority (seconds since 1970); 0 when it never expires.
    function getKey(bytes32 keyId) external view returns (uint8 role, uint48 activeFrom, uint48 expires);

    /// @notice The nonce the next operation on a lane has to carry.
    /// @param lane Operations on one lane run in order; lanes are independent of each other.
    /// @return nonce (lane << 64) | sequence.
    function getNonce(uint192 lane) external view returns (uint256 nonce);

    /// @notice How many keys a role has.
    /// @param role 1 device, 2 mfa, 3 recovery.
    /// @return The number of keys, pending and expired ones included.
    function keyCount(uint8 role) external view returns (uint256);

    /// @notice How many keys of a role have to sign for the role to count.
    /// @param role 1 device, 2 mfa, 3 recovery.
    /// @return The number of signatures.
    function threshold(uint8 role) external view returns (uint256);

    /// @notice The Amount field of a withdrawal's readable form, as this account rebuilds it now.
    /// @param token The token, or zero for ether.
    /// @param amount How much, in the token's smallest unit.
    /// @return Such as "1.5 ETH".
    function amountText(address token, uint256 amount) external view returns (string memory);
}
