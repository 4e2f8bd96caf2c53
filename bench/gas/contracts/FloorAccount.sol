// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {ERC4337Utils} from "@openzeppelin/contracts/account/utils/ERC4337Utils.sol";
import {IAccount, PackedUserOperation} from "@openzeppelin/contracts/interfaces/IERC4337.sol";
import {IERC20} from "@openzeppelin/contracts/interfaces/IERC20.sol";

/// @notice A call an account makes.
/// @param target Who is called.
/// @param value How much ether goes with it, in wei.
/// @param data What it is called with.
struct Call {
    address target;
    uint256 value;
    bytes data;
}

/// @title FloorAccount
/// @notice The least a clone that several owners control can cost: owners and a nonce, and no policy at
/// all. It knows no roles, no recovery, no delays, no limits, no contracts or passkeys as owners, and checks nothing
/// that only helps people to understand a refusal. To be measured, not to be used.
contract FloorAccount is IAccount {
    uint256 private immutable THRESHOLD;
    address private immutable FACTORY = msg.sender;

    uint256 private _nonce;
    mapping(address owner => bool) private _isOwner;

    /// @notice The call is not one its owners signed, or has failed.
    error Refused();

    /// @dev What is the same for all costs nothing here: no clone has to remember it.
    /// @param threshold How many owners have to sign.
    constructor(uint256 threshold) {
        THRESHOLD = threshold;
    }

    /// @notice Anyone may pay in.
    receive() external payable {}

    /// @notice Gives a new clone its owners. Only its factory can, which does so at once.
    /// @param first An owner.
    /// @param second Another owner.
    function initialize(address first, address second) external {
        if (msg.sender != FACTORY) revert Refused();
        _isOwner[first] = true;
        _isOwner[second] = true;
    }

    /// @notice Sends ether (token 0) or tokens.
    /// @param token The token; 0 for ether.
    /// @param to Who gets it.
    /// @param amount How much.
    /// @param nonce The account's nonce.
    /// @param signatures r, s, v of each owner, ascending by owner; last in the data.
    function withdraw(
        address token,
        address to,
        uint256 amount,
        uint256 nonce,
        bytes calldata signatures
    ) external {
        _authorize(nonce, signatures);
        if (token == address(0)) _call(to, amount, "");
        else _call(token, 0, abi.encodeCall(IERC20.transfer, (to, amount)));
    }

    /// @notice Makes calls.
    /// @param calls The calls.
    /// @param nonce The account's nonce.
    /// @param signatures r, s, v of each owner, ascending by owner; last in the data.
    function execute(Call[] calldata calls, uint256 nonce, bytes calldata signatures) external {
        _authorize(nonce, signatures);
        for (uint256 i = 0; i < calls.length; ++i) {
            Call calldata call = calls[i];
            (bool done, ) = call.target.call{value: call.value}(call.data);
            if (!done) revert Refused();
        }
    }

    /// @notice Puts an owner in another one's place.
    /// @param oldOwner The owner that goes.
    /// @param newOwner The owner that comes.
    /// @param nonce The account's nonce.
    /// @param signatures r, s, v of each owner, ascending by owner; last in the data.
    function replaceOwner(
        address oldOwner,
        address newOwner,
        uint256 nonce,
        bytes calldata signatures
    ) external {
        _authorize(nonce, signatures);
        if (!_isOwner[oldOwner] || _isOwner[newOwner]) revert Refused();
        delete _isOwner[oldOwner];
        _isOwner[newOwner] = true;
    }

    /// @notice What the EntryPoint calls once the operation is signed.
    /// @param token The token; 0 for ether.
    /// @param to Who gets it.
    /// @param amount How much.
    function withdrawByEntryPoint(address token, address to, uint256 amount) external {
        if (msg.sender != address(ERC4337Utils.ENTRYPOINT_V08)) revert Refused();
        if (token == address(0)) _call(to, amount, "");
        else _call(token, 0, abi.encodeCall(IERC20.transfer, (to, amount)));
    }

    /// @inheritdoc IAccount
    function validateUserOp(
        PackedUserOperation calldata userOp,
        bytes32 userOpHash,
        uint256 missingAccountFunds
    ) external returns (uint256) {
        if (msg.sender != address(ERC4337Utils.ENTRYPOINT_V08)) revert Refused();
        _check(userOpHash, userOp.signature);
        if (missingAccountFunds != 0) _call(msg.sender, missingAccountFunds, "");
        return ERC4337Utils.SIG_VALIDATION_SUCCESS;
    }

    /// @dev Uses up the nonce and checks the signatures, which cover the call's data up to where they begin.
    function _authorize(uint256 nonce, bytes calldata signatures) private {
        if (nonce != _nonce) revert Refused();
        unchecked {
            _nonce = nonce + 1;
        }
        bytes32 digest;
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, chainid())
            mstore(add(free, 0x20), address())
            calldatacopy(add(free, 0x40), 0, signatures.offset)
            digest := keccak256(free, add(signatures.offset, 0x40))
        }
        _check(digest, signatures);
    }

    /// @dev Reverts unless as many owners signed as have to.
    function _check(bytes32 digest, bytes calldata signatures) private view {
        uint256 length = THRESHOLD * 65;
        if (signatures.length != length) revert Refused();
        address previous = address(0);
        for (uint256 i = 0; i < length; i += 65) {
            bytes32 r = bytes32(signatures[i:]);
            bytes32 s = bytes32(signatures[i + 32:]);
            address owner = ecrecover(digest, uint8(signatures[i + 64]), r, s);
            if (owner <= previous || !_isOwner[owner]) revert Refused();
            previous = owner;
        }
    }

    function _call(address target, uint256 value, bytes memory data) private {
        (bool done, ) = target.call{value: value}(data);
        if (!done) revert Refused();
    }
}
