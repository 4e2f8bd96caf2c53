// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Change} from "./account/Changes.sol";
import {Asset} from "./ITrivetAccount.sol";

/// @title IAccountChanges
/// @notice What an account does besides {ITrivetAccount}.
interface IAccountChanges {
    /// @notice The account changed.
    /// @param change Which change.
    /// @param operation The operation's id: the hashStruct of its compact form.
    /// @param values The change's fields, a word each, see {Changes}.
    /// @param nonce The operation's nonce.
    event Changed(Change indexed change, bytes32 indexed operation, bytes32[] values, uint256 nonce);

    /// @notice A device key was added that becomes active by itself.
    /// @param keyId The key.
    /// @param activeFrom When it becomes active (seconds since 1970), unless an active device key rejects it.
    event KeyPendingUntil(bytes32 indexed keyId, uint256 activeFrom);

    /// @notice Everything that was named, and all ether, went to the account's successor.
    /// @param successor The successor.
    /// @param nonce The operation's nonce.
    event Migrated(address indexed successor, uint256 nonce);

    /// @notice An emergency address withdrew to itself.
    /// @param to The emergency address.
    /// @param token The token, or zero for ether.
    /// @param id Which of the contract's tokens; 0 for ether and ERC-20.
    /// @param amount How much, in the token's smallest unit.
    event EmergencyWithdrawn(address indexed to, address indexed token, uint256 id, uint256 amount);

    /// @notice An emergency address showed that it works.
    /// @param account The emergency address.
    event EmergencyRehearsed(address indexed account);

    /// @notice Everything can only move to another account.
    error SuccessorMissing();

    /// @notice An address is needed, and this is none.
    error AddressMissing();

    /// @notice Only mfa and recovery keys have a threshold; one device key always suffices.
    /// @param role The role that was named.
    error RoleWithoutThreshold(uint8 role);

    /// @notice The caller is none of the account's emergency addresses.
    /// @param caller Who tried.
    error NotAnEmergencyAddress(address caller);

    /// @notice The caller is not the account's successor.
    /// @param caller Who tried.
    error NotTheSuccessor(address caller);

    /// @notice A successor ends archives only, not locks.
    error NotArchived();

    /// @notice Changes keys, limits, settings, or whether the account is frozen. See {Policy} for who can.
    /// @param change Which change.
    /// @param values Its fields between account and nonce, a word each, see {Changes}.
    /// @param nonce (lane << 64) | sequence.
    /// @param signatures Signatures over this very change; none to run one that was scheduled before.
    function change(
        Change change,
        bytes32[] calldata values,
        uint256 nonce,
        bytes calldata signatures
    ) external;

    /// @notice Moves all ether, the account's deposit at the EntryPoint, and all there is of the assets named, to
    /// another account, and points to it in the alias registry. Needs an active device key and the mfa role.
    /// @param successor The account that takes this one's place.
    /// @param assets What moves besides ether. An asset that cannot be moved stops everything: leave it out.
    /// @param nonce (lane << 64) | sequence.
    /// @param signatures Signatures over this very migration.
    function migrate(
        address payable successor,
        Asset[] calldata assets,
        uint256 nonce,
        bytes calldata signatures
    ) external;

    /// @notice Sends ether or ERC-20 tokens to the caller, who must be an emergency address.
    /// @param token The token, or zero for ether.
    /// @param amount How much, in the token's smallest unit.
    function emergencyWithdraw(address token, uint256 amount) external;

    /// @notice Sends an ERC-721 token to the caller, who must be an emergency address.
    /// @param token The token contract.
    /// @param id Which token.
    function emergencyWithdrawERC721(address token, uint256 id) external;

    /// @notice Sends ERC-1155 tokens to the caller, who must be an emergency address.
    /// @param token The token contract.
    /// @param id Which token.
    /// @param amount How many.
    function emergencyWithdrawERC1155(address token, uint256 id, uint256 amount) external;

    /// @notice Shows that the caller is a working emergency address; moves nothing.
    function rehearseEmergency() external;

    /// @notice Ends an archive. The caller must be the successor that was named before.
    function unfreezeAsSuccessor() external;
}
