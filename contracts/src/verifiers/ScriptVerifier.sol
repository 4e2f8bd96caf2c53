// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IERC7913SignatureVerifier} from "@openzeppelin/contracts/interfaces/IERC7913.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

import {Domain} from "../account/Domain.sol";
import {Key, Keys} from "../account/Keys.sol";
import {Transfers} from "../account/Transfers.sol";
import {IAccountViews} from "../IAccountViews.sol";
import {Call} from "../ITrivetAccount.sol";

/// @title ScriptVerifier
/// @notice Lets a script's key sign what it may do by itself on an account, and nothing else: calls in its scope, with
/// ether within its daily limit and hours. Its signer is this contract's address, then the address (20 bytes) whose
/// private key the script has. The signature is `abi.encode(Call[] calls, uint256 nonce, bytes signature)`: the
/// execution itself, and 65 bytes (r, s, v; the low s only) over its digest in compact form.
///
/// From calls and nonce the digest is made once more, for the account that asks. Every other operation, every readable
/// form, what comes through the EntryPoint, and what an account signs for others (ERC-1271) has another one. So the key
/// never withdraws, locks, cancels, rejects or changes anything, whoever signs beside it. A call is vouched for only
/// where the account would let this key make it alone: beside an MFA key, or where the owner lets device keys propose
/// anything, the key counts for nothing more. (Beside an MFA key the limit holds for each execution; the account counts
/// none of them.) Functions by which tokens are handed out, or the right to take them, are
/// not vouched for even where the owner put them into the key's scope, and neither are calls without a function, which
/// are payments.
///
/// Anybody can use it; no owner and no state. The key has to be known to the account without a salt.
contract ScriptVerifier is Domain, IERC7913SignatureVerifier {
    bytes32 private constant CALL = keccak256("Call(address target,uint256 value,bytes data)");
    bytes32 private constant EXECUTION = keccak256(
        "Execution(address account,Call[] calls,uint256 nonce)Call(address target,uint256 value,bytes data)"
    );
    /// @dev What the answer is where the signature is none.
    bytes4 private constant NO = 0xffffffff;

    /// @param implementation The {TrivetAccount} whose code the accounts share: it is in what they sign.
    constructor(address implementation) Domain(implementation) {}

    /// @notice Whether a script's key signed an execution that it may bring about by itself on the account that asks.
    /// @param key The script's address.
    /// @param hash The execution's digest, as that account makes it.
    /// @param signature The execution and the address's signature, as above. Reverts where it cannot be read.
    /// @return This function's selector where it did; 0xffffffff otherwise.
    function verify(
        bytes calldata key,
        bytes32 hash,
        bytes calldata signature
    ) external view returns (bytes4) {
        if (key.length != 20) return NO;
        (Call[] memory calls, uint256 nonce, bytes memory plain) = abi.decode(
            signature,
            (Call[], uint256, bytes)
        );
        if (hash != _digestOf(keccak256(abi.encode(EXECUTION, msg.sender, _callsHash(calls), nonce))))
            return NO;
        (address signer, , ) = ECDSA.tryRecover(hash, plain);
        // Where there is no signature, nobody is recovered.
        if (signer == address(0) || signer != address(bytes20(key))) return NO;
        bytes32 keyId = Keys.idOf(abi.encodePacked(address(this), key), 0);
        return _mayCallByItself(IAccountViews(msg.sender), keyId, calls) ? this.verify.selector : NO;
    }

    /// @dev As the account judges a key that signs alone, and stricter with what hands out tokens or is a payment.
    function _mayCallByItself(
        IAccountViews account,
        bytes32 keyId,
        Call[] memory calls
    ) private view returns (bool) {
        if (calls.length == 0) return false;
        uint256 value = 0;
        for (uint256 i = 0; i < calls.length; ++i) {
            Call memory call = calls[i];
            if (call.data.length < 4) return false;
            bytes4 selector = bytes4(call.data);
            if (_handsOut(selector) || !account.isInScope(keyId, call.target, selector)) return false;
            value += call.value;
        }
        return value == 0 || _maySpend(account, keyId, value);
    }

    /// @dev Whether the key has so much left of its daily limit for ether, and this is one of its hours.
    function _maySpend(IAccountViews account, bytes32 keyId, uint256 value) private view returns (bool) {
        (, uint256 available) = account.getLimit(keyId, Transfers.ETHER);
        (Key memory details, ) = account.getKeyDetails(keyId);
        return value <= available && details.closedHours & (1 << ((block.timestamp / 1 hours) % 24)) == 0;
    }

    /// @dev The functions of the token standards (ERC-20, 721, 777, 1155, 1363) that give tokens away, or the right to
    /// take them.
    function _handsOut(bytes4 selector) private pure returns (bool) {
        return
            selector == bytes4(keccak256("transfer(address,uint256)")) ||
            selector == bytes4(keccak256("transferFrom(address,address,uint256)")) ||
            selector == bytes4(keccak256("approve(address,uint256)")) ||
            selector == bytes4(keccak256("increaseAllowance(address,uint256)")) ||
            selector == bytes4(keccak256("permit(address,address,uint256,uint256,uint8,bytes32,bytes32)")) ||
            selector == bytes4(keccak256("setApprovalForAll(address,bool)")) ||
            selector == bytes4(keccak256("safeTransferFrom(address,address,uint256)")) ||
            selector == bytes4(keccak256("safeTransferFrom(address,address,uint256,bytes)")) ||
            selector == bytes4(keccak256("safeTransferFrom(address,address,uint256,uint256,bytes)")) ||
            selector ==
                bytes4(keccak256("safeBatchTransferFrom(address,address,uint256[],uint256[],bytes)")) ||
            selector == bytes4(keccak256("send(address,uint256,bytes)")) ||
            selector == bytes4(keccak256("authorizeOperator(address)")) ||
            selector == bytes4(keccak256("transferAndCall(address,uint256)")) ||
            selector == bytes4(keccak256("transferAndCall(address,uint256,bytes)")) ||
            selector == bytes4(keccak256("transferFromAndCall(address,address,uint256)")) ||
            selector == bytes4(keccak256("transferFromAndCall(address,address,uint256,bytes)")) ||
            selector == bytes4(keccak256("approveAndCall(address,uint256)")) ||
            selector == bytes4(keccak256("approveAndCall(address,uint256,bytes)"));
    }

    /// @dev The EIP-712 encoding of a list of calls.
    function _callsHash(Call[] memory calls) private pure returns (bytes32) {
        bytes32[] memory hashes = new bytes32[](calls.length);
        for (uint256 i = 0; i < calls.length; ++i) {
            Call memory call = calls[i];
            hashes[i] = keccak256(abi.encode(CALL, call.target, call.value, keccak256(call.data)));
        }
        return keccak256(abi.encodePacked(hashes));
    }
}
