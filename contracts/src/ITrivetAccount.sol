// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {RoleCounts} from "./account/Roles.sol";

/// @notice A call the account makes.
/// @param target What is called.
/// @param value How much ether it carries, in wei.
/// @param data Selector and arguments.
struct Call {
    address target;
    uint256 value;
    bytes data;
}

/// @notice Something the account holds.
/// @param standard 0 for ERC-20, 1 for ERC-721, 2 for ERC-1155.
/// @param token The token contract.
/// @param id Which of the contract's tokens; 0 for ERC-20.
struct Asset {
    uint8 standard;
    address token;
    uint256 id;
}

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

    /// @notice The account made calls.
    /// @param operation The operation's id: the hashStruct of its compact form.
    /// @param number How many.
    /// @param nonce The operation's nonce.
    event Executed(bytes32 indexed operation, uint256 number, uint256 nonce);

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

    /// @notice The account does not call itself.
    /// @param position Which of the calls, from 0.
    error CallToSelf(uint256 position);

    /// @notice A call did not succeed, so none of the operation's calls was made.
    /// @param position Which of the calls, from 0.
    /// @param reason What the callee said.
    error CallFailed(uint256 position, bytes reason);

    /// @notice Only the ERC-4337 EntryPoint has user operations validated.
    /// @param caller Who tried.
    error NotTheEntryPoint(address caller);

    /// @notice The account's ether is spent on fees only with a device key and enough mfa keys. Others need a
    /// paymaster, or somebody who submits the operation.
    error FeesNeedDeviceAndMfaKey();

    /// @notice Gives a new account its first keys. The factory calls it in the transaction that creates the
    /// account, so nobody can come first.
    /// @param deviceKey The id of the device key.
    /// @param mfaKey The id of the mfa key.
    /// @param recoveryKey The id of the recovery key.
    function initialize(bytes32 deviceKey, bytes32 mfaKey, bytes32 recoveryKey) external;

    /// @notice Sends ether or ERC-20 tokens out of the account. Needs an active device key and the mfa role; or one
    /// key that may spend it by itself, see {Scopes}; or a device key, for an allowlisted recipient. Where the owner
    /// allowed it, keys of one role alone bring it about after a delay.
    /// @param token The token, or zero for ether.
    /// @param to The recipient.
    /// @param amount How much, in the token's smallest unit.
    /// @param nonce (lane << 64) | sequence, see {getNonce}.
    /// @param signatures Signatures over this very withdrawal; none to run one that was scheduled before.
    function withdraw(
        address token,
        address to,
        uint256 amount,
        uint256 nonce,
        bytes calldata signatures
    ) external;

    /// @notice Makes calls, all or none. Needs an active device key and the mfa role; or one device key with all of the
    /// calls in its scope. Where the owner allowed it, keys of one role alone bring it about after a delay.
    /// @param calls The calls, in their order.
    /// @param nonce (lane << 64) | sequence, see {getNonce}.
    /// @param signatures Signatures over these very calls; none to run what was scheduled before.
    function execute(Call[] calldata calls, uint256 nonce, bytes calldata signatures) external;

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

    /// @notice The nonce the next operation on a lane has to carry.
    /// @param lane Operations on one lane run in order; lanes are independent of each other. Those from 2 ** 191 on are
    /// for operations whose signatures the ERC-4337 EntryPoint has checked, and are kept there.
    /// @return nonce (lane << 64) | sequence.
    function getNonce(uint192 lane) external view returns (uint256 nonce);

    /// @notice How many active keys signed a digest. Reverts when any of the signatures is not one of an active key.
    /// @param digest What was signed, in compact form.
    /// @param signatures The signatures, see {Signatures}.
    /// @return roles How many of each role.
    function signersOf(bytes32 digest, bytes calldata signatures) external view returns (RoleCounts roles);
}
