// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {LowLevelCall} from "@openzeppelin/contracts/utils/LowLevelCall.sol";

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
