// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @notice What an account can be asked to change about itself. Each has its own EIP-712 type, whose fields between
/// account and nonce are single words.
enum Change {
    AddKey,
    ActivateKey,
    RejectKey,
    RemoveKey,
    SetThreshold,
    SetEmergencyAddress,
    SetAllowlisted,
    SetScope,
    SetLimit,
    SetHours,
    SetDelays,
    SetRules,
    SetSuccessor,
    Lock,
    Archive,
    Unfreeze,
    Cancel,
    Rearm
}

/// @title Changes
/// @notice The compact EIP-712 form of every change, and what its words can be.
library Changes {
    /// @dev The types of a change's words, a byte each, first word first, in {wordsOf}.
    uint256 private constant BOOL = 1;
    uint256 private constant UINT8 = 8;
    uint256 private constant UINT24 = 24;
    uint256 private constant UINT32 = 32;
    uint256 private constant UINT48 = 48;
    uint256 private constant UINT104 = 104;
    uint256 private constant ADDRESS = 160;
    uint256 private constant BYTES32 = 255;
    /// @dev Four bytes at the front of the word instead of its end.
    uint256 private constant BYTES4 = 4;

    /// @notice The change has another number of fields.
    /// @param given How many words were given.
    error WrongNumberOfValues(uint256 given);

    /// @notice A word is not a value of its field's type.
    /// @param position Which word, from 0.
    /// @param value The word.
    error ValueOutOfRange(uint256 position, bytes32 value);

    /// @notice The hashStruct of a change's compact form. Reverts when the words are not values of its fields.
    /// @param change Which change.
    /// @param values Its fields between account and nonce, a word each.
    /// @param nonce The operation's nonce.
    /// @return The hash, which is the operation's id as well.
    function structHash(
        Change change,
        bytes32[] calldata values,
        uint256 nonce
    ) internal view returns (bytes32) {
        (bytes32 typeHash, uint256 types) = _typeOf(change);
        for (uint256 i = values.length; i > 0; types >>= 8) {
            --i;
            if (types == 0) revert WrongNumberOfValues(values.length);
            if (!_fits(uint256(values[i]), uint8(types))) revert ValueOutOfRange(i, values[i]);
        }
        if (types != 0) revert WrongNumberOfValues(values.length);
        return keccak256(abi.encodePacked(typeHash, uint256(uint160(address(this))), values, nonce));
    }

    function _fits(uint256 word, uint256 kind) private pure returns (bool) {
        if (kind == BYTES32) return true;
        if (kind == BYTES4) return word << 32 == 0;
        return word >> kind == 0;
    }

    function _typeOf(Change change) private pure returns (bytes32 typeHash, uint256 types) {
        if (change == Change.AddKey) {
            return (
                keccak256("AddKey(address account,uint8 role,bytes32 key,uint48 expires,uint256 nonce)"),
                (((UINT8 << 8) | BYTES32) << 8) | UINT48
            );
        }
        if (change == Change.ActivateKey) {
            return (keccak256("ActivateKey(address account,bytes32 key,uint256 nonce)"), BYTES32);
        }
        if (change == Change.RejectKey) {
            return (keccak256("RejectKey(address account,bytes32 key,uint256 nonce)"), BYTES32);
        }
        if (change == Change.RemoveKey) {
            return (keccak256("RemoveKey(address account,bytes32 key,uint256 nonce)"), BYTES32);
        }
        if (change == Change.SetThreshold) {
            return (
                keccak256("SetThreshold(address account,uint8 role,uint8 threshold,uint256 nonce)"),
                (UINT8 << 8) | UINT8
            );
        }
        if (change == Change.SetEmergencyAddress) {
            return (
                keccak256(
                    "SetEmergencyAddress(address account,address recipient,bool enabled,uint256 nonce)"
                ),
                (ADDRESS << 8) | BOOL
            );
        }
        if (change == Change.SetAllowlisted) {
            return (
                keccak256("SetAllowlisted(address account,address recipient,bool allowed,uint256 nonce)"),
                (ADDRESS << 8) | BOOL
            );
        }
        if (change == Change.SetScope) {
            return (
                keccak256(
                    "SetScope(address account,bytes32 key,address target,bytes4 selector,bool allowed,uint256 nonce)"
                ),
                (((((BYTES32 << 8) | ADDRESS) << 8) | BYTES4) << 8) | BOOL
            );
        }
        if (change == Change.SetLimit) {
            return (
                keccak256("SetLimit(address account,bytes32 key,address token,uint104 limit,uint256 nonce)"),
                (((BYTES32 << 8) | ADDRESS) << 8) | UINT104
            );
        }
        if (change == Change.SetHours) {
            return (
                keccak256("SetHours(address account,bytes32 key,uint24 closedHours,uint256 nonce)"),
                (BYTES32 << 8) | UINT24
            );
        }
        if (change == Change.SetDelays) {
            return (
                keccak256(
                    "SetDelays(address account,uint32 recoveryDelay,uint32 removalDelay,uint32 singleKeyDelay,uint32 overrideDelay,uint256 nonce)"
                ),
                (((((UINT32 << 8) | UINT32) << 8) | UINT32) << 8) | UINT32
            );
        }
        if (change == Change.SetRules) {
            return (
                keccak256(
                    "SetRules(address account,uint8 singleKeyRoles,bool pendingKeysMayCall,uint8 tripwireCount,uint32 tripwireWindow,uint256 nonce)"
                ),
                (((((UINT8 << 8) | BOOL) << 8) | UINT8) << 8) | UINT32
            );
        }
        if (change == Change.SetSuccessor) {
            return (keccak256("SetSuccessor(address account,address successor,uint256 nonce)"), ADDRESS);
        }
        if (change == Change.Lock) return (keccak256("Lock(address account,uint256 nonce)"), 0);
        if (change == Change.Archive) return (keccak256("Archive(address account,uint256 nonce)"), 0);
        if (change == Change.Unfreeze) return (keccak256("Unfreeze(address account,uint256 nonce)"), 0);
        if (change == Change.Cancel) {
            return (keccak256("Cancel(address account,bytes32 operation,uint256 nonce)"), BYTES32);
        }
        return (keccak256("Rearm(address account,bytes32 operation,uint256 nonce)"), BYTES32);
    }
}
