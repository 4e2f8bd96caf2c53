// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";

import {Change} from "./account/Changes.sol";
import {ReadableAmount} from "./account/ReadableAmount.sol";
import {ReadableChanges} from "./account/ReadableChanges.sol";
import {Roles} from "./account/Roles.sol";
import {Transfers} from "./account/Transfers.sol";

/// @title ReadableForms
/// @notice The readable EIP-712 form of every operation, for hardware wallets, which show each field as it is: at most
/// five fields, texts in ASCII, all rebuilt from the very numbers the compact form has. One contract for all accounts,
/// without state: an account asks it only when a signature covers the readable form. Each function gives the
/// message's hashStruct for the account that asks.
contract ReadableForms {
    bytes32 private constant WITHDRAW = keccak256(
        "Withdraw(string Amount,address To,address Account,uint256 Nonce)"
    );
    bytes32 private constant WITHDRAW_TOKEN = keccak256(
        "WithdrawToken(string Amount,address Token,address To,address Account,uint256 Nonce)"
    );
    bytes32 private constant CHANGE_SIGNER = keccak256(
        "ChangeSigner(string Role,address NewSigner,address OldSigner,address Account,uint256 Nonce)"
    );
    bytes32 private constant RUN_CALLS = keccak256(
        "RunCalls(string Calls,bytes32 Hash,address Account,uint256 Nonce)"
    );
    bytes32 private constant MIGRATE = keccak256(
        "Migrate(address Successor,string Assets,bytes32 Hash,address Account,uint256 Nonce)"
    );
    bytes32 private constant CHANGE_ACCOUNT = keccak256(
        "ChangeAccount(string Change,string Value,address Account,uint256 Nonce)"
    );

    /// @notice A withdrawal.
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
    ) external view returns (bytes32) {
        bytes32 text = keccak256(bytes(amountText(token, amount)));
        if (token == Transfers.ETHER) {
            return keccak256(abi.encode(WITHDRAW, text, to, msg.sender, nonce));
        }
        return keccak256(abi.encode(WITHDRAW_TOKEN, text, token, to, msg.sender, nonce));
    }

    /// @notice A key's replacement.
    /// @param role The role both keys have: MFA or RECOVERY.
    /// @param oldSigner The address that goes.
    /// @param newSigner The address that comes.
    /// @param nonce The operation's nonce.
    /// @return The message's hashStruct.
    function keyReplacement(
        uint8 role,
        address oldSigner,
        address newSigner,
        uint256 nonce
    ) external view returns (bytes32) {
        bytes32 text = role == Roles.MFA ? keccak256("MFA key") : keccak256("Recovery key");
        return keccak256(abi.encode(CHANGE_SIGNER, text, newSigner, oldSigner, msg.sender, nonce));
    }

    /// @notice A list of calls: how many there are, and their hash to compare with the wallet.
    /// @param calls The hash of the list, see {Operations}.
    /// @param number How many calls there are.
    /// @param nonce The operation's nonce.
    /// @return The message's hashStruct.
    function execution(bytes32 calls, uint256 number, uint256 nonce) external view returns (bytes32) {
        bytes32 text = keccak256(bytes(_counted(number, " call", " calls")));
        return keccak256(abi.encode(RUN_CALLS, text, calls, msg.sender, nonce));
    }

    /// @notice A migration: to whom, how much moves, and the hash of the list to compare with the wallet.
    /// @param successor The account everything moves to.
    /// @param assets The hash of the list, see {Operations}.
    /// @param number How many assets besides ether there are.
    /// @param nonce The operation's nonce.
    /// @return The message's hashStruct.
    function migration(
        address successor,
        bytes32 assets,
        uint256 number,
        uint256 nonce
    ) external view returns (bytes32) {
        string memory text = string.concat("ETH and ", _counted(number, " other", " others"));
        return keccak256(abi.encode(MIGRATE, successor, keccak256(bytes(text)), assets, msg.sender, nonce));
    }

    /// @notice A change.
    /// @param change Which change.
    /// @param values Its words; each a value of its field, see {Changes}.
    /// @param nonce The operation's nonce.
    /// @return The message's hashStruct.
    function changed(
        Change change,
        bytes32[] calldata values,
        uint256 nonce
    ) external view returns (bytes32) {
        (string memory title, string memory value) = ReadableChanges.texts(change, values);
        bytes32 titleHash = keccak256(bytes(title));
        bytes32 valueHash = keccak256(bytes(value));
        return keccak256(abi.encode(CHANGE_ACCOUNT, titleHash, valueHash, msg.sender, nonce));
    }

    /// @notice The two texts of a change.
    /// @param change Which change.
    /// @param values Its words; each a value of its field, see {Changes}.
    /// @return title Such as "Remove key".
    /// @return value What it is about.
    function changeTexts(
        Change change,
        bytes32[] calldata values
    ) external pure returns (string memory title, string memory value) {
        return ReadableChanges.texts(change, values);
    }

    /// @notice The Amount field of a withdrawal.
    /// @param token The token, or zero for ether.
    /// @param amount How much, in the token's smallest unit.
    /// @return Such as "1.5 ETH", see {ReadableAmount}.
    function amountText(address token, uint256 amount) public view returns (string memory) {
        return
            token == Transfers.ETHER ? ReadableAmount.ofEther(amount) : ReadableAmount.ofToken(token, amount);
    }

    function _counted(
        uint256 number,
        string memory one,
        string memory many
    ) private pure returns (string memory) {
        return string.concat(Strings.toString(number), number == 1 ? one : many);
    }
}
