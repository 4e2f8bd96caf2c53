// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {ReadableAmount} from "./ReadableAmount.sol";
import {Roles} from "./Roles.sol";
import {Transfers} from "./Transfers.sol";

/// @title Operations
/// @notice The two EIP-712 forms of every operation, both derived from the same numbers: the compact one for
/// keys in software, the readable one for hardware wallets, which show each field as it is. Each function gives
/// the message's hashStruct for the account whose code runs.
library Operations {
    bytes32 private constant WITHDRAWAL = keccak256(
        "Withdrawal(address account,address token,address to,uint256 amount,uint256 nonce)"
    );
    bytes32 private constant KEY_REPLACEMENT = keccak256(
        "KeyReplacement(address account,uint8 role,bytes32 oldKey,bytes32 newKey,uint256 nonce)"
    );
    bytes32 private constant READABLE_WITHDRAW = keccak256(
        "Withdraw(string Amount,address To,address Account,uint256 Nonce)"
    );
    bytes32 private constant READABLE_WITHDRAW_TOKEN = keccak256(
        "WithdrawToken(string Amount,address Token,address To,address Account,uint256 Nonce)"
    );
    bytes32 private constant READABLE_CHANGE_SIGNER = keccak256(
        "ChangeSigner(string Role,address NewSigner,address OldSigner,address Account,uint256 Nonce)"
    );

    /// @notice A withdrawal in compact form.
    /// @param token The token, or zero for ether.
    /// @param to The recipient.
    /// @param amount How much, in the token's smallest unit.
    /// @param nonce The operation's nonce.
    /// @return The message's hashStruct.
    function withdrawal(
        address token,
        address to,
        uint256 amount,
        uint256 nonce
    ) internal view returns (bytes32) {
        return keccak256(abi.encode(WITHDRAWAL, address(this), token, to, amount, nonce));
    }

    /// @notice A withdrawal in readable form.
    /// @param token The token, or zero for ether.
    /// @param to The recipient.
    /// @param amount How much, in the token's smallest unit.
    /// @param nonce The operation's nonce.
    /// @return The message's hashStruct.
    function readableWithdrawal(
        address token,
        address to,
        uint256 amount,
        uint256 nonce
    ) internal view returns (bytes32) {
        bytes32 text = keccak256(bytes(amountText(token, amount)));
        if (token == Transfers.ETHER) {
            return keccak256(abi.encode(READABLE_WITHDRAW, text, to, address(this), nonce));
        }
        return keccak256(abi.encode(READABLE_WITHDRAW_TOKEN, text, token, to, address(this), nonce));
    }

    /// @notice The Amount field of a withdrawal in readable form.
    /// @param token The token, or zero for ether.
    /// @param amount How much, in the token's smallest unit.
    /// @return Such as "1.5 ETH", see {ReadableAmount}.
    function amountText(address token, uint256 amount) internal view returns (string memory) {
        return
            token == Transfers.ETHER ? ReadableAmount.ofEther(amount) : ReadableAmount.ofToken(token, amount);
    }

    /// @notice A key's replacement in compact form.
    /// @param role The role both keys have.
    /// @param oldKey The id of the key that goes.
    /// @param newKey The id of the key that comes.
    /// @param nonce The operation's nonce.
    /// @return The message's hashStruct.
    function keyReplacement(
        uint8 role,
        bytes32 oldKey,
        bytes32 newKey,
        uint256 nonce
    ) internal view returns (bytes32) {
        return keccak256(abi.encode(KEY_REPLACEMENT, address(this), role, oldKey, newKey, nonce));
    }

    /// @notice A key's replacement in readable form.
    /// @param role The role both keys have: MFA or RECOVERY.
    /// @param oldSigner The address that goes.
    /// @param newSigner The address that comes.
    /// @param nonce The operation's nonce.
    /// @return The message's hashStruct.
    function readableKeyReplacement(
        uint8 role,
        address oldSigner,
        address newSigner,
        uint256 nonce
    ) internal view returns (bytes32) {
        bytes32 text = role == Roles.MFA ? keccak256("MFA key") : keccak256("Recovery key");
        return
            keccak256(abi.encode(READABLE_CHANGE_SIGNER, text, newSigner, oldSigner, address(this), nonce));
    }
}
