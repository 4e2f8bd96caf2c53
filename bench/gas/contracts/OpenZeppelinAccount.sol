// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Account} from "@openzeppelin/contracts/account/Account.sol";
import {ERC7821} from "@openzeppelin/contracts/account/extensions/draft-ERC7821.sol";
import {ERC4337Utils} from "@openzeppelin/contracts/account/utils/ERC4337Utils.sol";
import {IEntryPoint} from "@openzeppelin/contracts/interfaces/IERC4337.sol";
import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {ERC1155Holder} from "@openzeppelin/contracts/token/ERC1155/utils/ERC1155Holder.sol";
import {ERC721Holder} from "@openzeppelin/contracts/token/ERC721/utils/ERC721Holder.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {AbstractSigner} from "@openzeppelin/contracts/utils/cryptography/signers/AbstractSigner.sol";
import {ERC7739} from "@openzeppelin/contracts/utils/cryptography/signers/draft-ERC7739.sol";
import {MultiSignerERC7913} from "@openzeppelin/contracts/utils/cryptography/signers/MultiSignerERC7913.sol";

/// @title OpenZeppelinAccount
/// @notice An account composed of OpenZeppelin's parts as its own documentation does it: several ERC-7913 signers with
/// a threshold, batches (ERC-7821), ERC-1271 with ERC-7739, and EntryPoint v0.8 as its only door.
contract OpenZeppelinAccount is
    Account,
    MultiSignerERC7913,
    EIP712,
    ERC7739,
    ERC7821,
    ERC721Holder,
    ERC1155Holder,
    Initializable
{
    /// @dev Closes the implementation itself; the part for several signers demands at least one here, too.
    /// @param signers Who could sign for the implementation, which holds nothing.
    constructor(bytes[] memory signers) EIP712("OpenZeppelinAccount", "1") MultiSignerERC7913(signers, 1) {
        _disableInitializers();
    }

    /// @notice Gives a new clone its signers.
    /// @param signers The signers (ERC-7913).
    /// @param threshold_ How many of them have to sign.
    function initialize(bytes[] calldata signers, uint64 threshold_) external initializer {
        _addSigners(signers);
        _setThreshold(threshold_);
    }

    /// @notice Adds signers.
    /// @param signers The signers (ERC-7913).
    function addSigners(bytes[] calldata signers) external onlyEntryPointOrSelf {
        _addSigners(signers);
    }

    /// @notice Removes signers.
    /// @param signers The signers (ERC-7913).
    function removeSigners(bytes[] calldata signers) external onlyEntryPointOrSelf {
        _removeSigners(signers);
    }

    /// @inheritdoc Account
    function entryPoint() public pure override returns (IEntryPoint) {
        return ERC4337Utils.ENTRYPOINT_V08;
    }

    /// @dev The EntryPoint executes what it validated.
    function _erc7821AuthorizedExecutor(
        address caller,
        bytes32 mode,
        bytes calldata executionData
    ) internal view override returns (bool) {
        return
            caller == address(entryPoint()) || super._erc7821AuthorizedExecutor(caller, mode, executionData);
    }

    function _rawSignatureValidation(
        bytes32 hash,
        bytes calldata signature
    ) internal view override(AbstractSigner, MultiSignerERC7913) returns (bool) {
        return super._rawSignatureValidation(hash, signature);
    }
}
