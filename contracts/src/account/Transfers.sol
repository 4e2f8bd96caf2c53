// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IERC1155} from "@openzeppelin/contracts/token/ERC1155/IERC1155.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {IEntryPointStake} from "@openzeppelin/contracts/interfaces/IERC4337.sol";
import {LowLevelCall} from "@openzeppelin/contracts/utils/LowLevelCall.sol";

import {Asset} from "../ITrivetAccount.sol";
import {EntryPointDoor} from "./EntryPointDoor.sol";

/// @title Transfers
/// @notice Sends what the account holds, and says why when it cannot. Calls into tokens and recipients, which may
/// be hostile: call it last.
library Transfers {
    /// @notice The token address that stands for the chain's own coin.
    address internal constant ETHER = address(0);

    /// @notice The account holds less than was to be sent.
    /// @param token The token, or zero for ether.
    /// @param balance What the account holds, in the token's smallest unit.
    /// @param amount What was to be sent, in the token's smallest unit.
    error BalanceTooLow(address token, uint256 balance, uint256 amount);

    /// @notice The recipient is a contract that did not take the ether.
    /// @param to The recipient.
    error EtherRefused(address to);

    /// @notice The token did not make the transfer, although the balance suffices as far as it says.
    /// @param token The token.
    error TokenTransferFailed(address token);

    /// @notice There is no such token standard.
    /// @param standard What was named: 0 is ERC-20, 1 ERC-721, 2 ERC-1155.
    error StandardUnknown(uint8 standard);

    /// @notice Sends ether or an ERC-20 token, also one whose transfer returns nothing. Reverts if it fails.
    /// @param token The token, or zero for ether.
    /// @param to The recipient.
    /// @param amount How much, in the token's smallest unit.
    function send(address token, address to, uint256 amount) internal {
        if (token == ETHER) {
            uint256 balance = address(this).balance;
            if (balance < amount) revert BalanceTooLow(ETHER, balance, amount);
            if (!LowLevelCall.callNoReturn(to, amount, "")) revert EtherRefused(to);
        } else if (!SafeERC20.trySafeTransfer(IERC20(token), to, amount)) {
            _explain(token, amount);
        }
    }

    /// @notice Sends an ERC-721 token, also to a recipient that does not expect one. Reverts if it fails.
    /// @param token The token contract.
    /// @param to The recipient.
    /// @param id Which token.
    function sendERC721(address token, address to, uint256 id) internal {
        IERC721(token).transferFrom(address(this), to, id);
    }

    /// @notice Sends ERC-1155 tokens. Reverts if it fails.
    /// @param token The token contract.
    /// @param to The recipient.
    /// @param id Which token.
    /// @param amount How many.
    function sendERC1155(address token, address to, uint256 id, uint256 amount) internal {
        IERC1155(token).safeTransferFrom(address(this), to, id, amount, "");
    }

    /// @notice Sends all there is of an asset. Reverts if it fails.
    /// @param asset The asset.
    /// @param to The recipient.
    function sendAll(Asset calldata asset, address to) internal {
        address token = asset.token;
        if (asset.standard == 0) {
            send(token, to, IERC20(token).balanceOf(address(this)));
        } else if (asset.standard == 1) {
            sendERC721(token, to, asset.id);
        } else if (asset.standard == 2) {
            sendERC1155(token, to, asset.id, IERC1155(token).balanceOf(address(this), asset.id));
        } else {
            revert StandardUnknown(asset.standard);
        }
    }

    /// @notice Sends the account's deposit at the ERC-4337 EntryPoint, if it has one. Reverts if it fails.
    /// @param to The recipient.
    function sendDeposit(address payable to) internal {
        if (EntryPointDoor.ENTRY_POINT.code.length == 0) return;
        IEntryPointStake entryPoint = IEntryPointStake(EntryPointDoor.ENTRY_POINT);
        uint256 deposit = entryPoint.balanceOf(address(this));
        if (deposit != 0) entryPoint.withdrawTo(to, deposit);
    }

    /// @dev Only after a failure, so that a transfer that works does not pay for the question.
    function _explain(address token, uint256 amount) private view {
        (bool answered, bytes32 balance, ) = LowLevelCall.staticcallReturn64Bytes(
            token,
            abi.encodeCall(IERC20.balanceOf, (address(this)))
        );
        if (answered && LowLevelCall.returnDataSize() >= 32 && uint256(balance) < amount) {
            revert BalanceTooLow(token, uint256(balance), amount);
        }
        revert TokenTransferFailed(token);
    }
}
