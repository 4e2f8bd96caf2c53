// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {AccountState, AccountStorage} from "./account/AccountStorage.sol";
import {Domain} from "./account/Domain.sol";
import {Key, Keys} from "./account/Keys.sol";
import {Nonces} from "./account/Nonces.sol";
import {Operations} from "./account/Operations.sol";
import {Circumstances, Kind, Policy} from "./account/Policy.sol";
import {Reveal} from "./account/Reveal.sol";
import {RoleCounts, Roles} from "./account/Roles.sol";
import {Signatures} from "./account/Signatures.sol";
import {Transfers} from "./account/Transfers.sol";
import {ITrivetAccount} from "./ITrivetAccount.sol";

/// @title TrivetAccount
/// @notice The implementation all accounts of a chain share; each account is a minimal clone of it (ERC-1167) with
/// its own state, and cannot be upgraded. Every operation goes the same way: use up its nonce, rebuild what must
/// have been signed, count the signatures, ask the policy, and only then act.
contract TrivetAccount is ITrivetAccount, Domain {
    /// @dev Closes the implementation itself: it never has keys, so nothing can be done with it.
    constructor() {
        AccountStorage.load().keyCounts = Roles.ONE_EACH;
    }

    /// @notice Anyone may pay in, at any time.
    receive() external payable {}

    /// @inheritdoc ITrivetAccount
    function initialize(bytes32 deviceKey, bytes32 mfaKey, bytes32 recoveryKey) external {
        AccountState storage state = AccountStorage.load();
        if (RoleCounts.unwrap(state.keyCounts) != 0) revert AlreadyInitialized();
        state.keyCounts = Roles.ONE_EACH;
        state.thresholds = Roles.ONE_EACH;
        Keys.add(state.keys, deviceKey, Roles.DEVICE);
        Keys.add(state.keys, mfaKey, Roles.MFA);
        Keys.add(state.keys, recoveryKey, Roles.RECOVERY);
    }

    /// @inheritdoc ITrivetAccount
    function withdraw(
        address token,
        address to,
        uint256 amount,
        uint256 nonce,
        bytes calldata signatures
    ) external {
        if (to == address(0)) revert RecipientMissing();
        AccountState storage state = AccountStorage.load();
        Nonces.use(state, nonce);

        bytes32 compact = _digestOf(Operations.withdrawal(token, to, amount, nonce));
        bytes32 readable = 0;
        if (Signatures.coverReadable(signatures)) {
            readable = _digestOf(Operations.readableWithdrawal(token, to, amount, nonce));
        }
        _authorize(state, Kind.Withdraw, compact, readable, signatures);

        emit Withdrawn(token, to, amount, nonce);
        Transfers.send(token, to, amount);
    }

    /// @inheritdoc ITrivetAccount
    function replaceKey(
        uint8 role,
        bytes32 oldKey,
        bytes32 newKey,
        uint256 nonce,
        bytes calldata reveal,
        bytes calldata signatures
    ) external {
        if (role != Roles.MFA && role != Roles.RECOVERY) revert RoleNotReplaceable(role);
        AccountState storage state = AccountStorage.load();
        Nonces.use(state, nonce);

        bytes32 compact = _digestOf(Operations.keyReplacement(role, oldKey, newKey, nonce));
        bytes32 readable = 0;
        if (Signatures.coverReadable(signatures)) {
            (address oldSigner, address newSigner) = Reveal.signersOf(reveal, oldKey, newKey);
            readable = _digestOf(Operations.readableKeyReplacement(role, oldSigner, newSigner, nonce));
        }
        _authorize(state, Kind.ReplaceKey, compact, readable, signatures);

        Keys.replace(state.keys, role, oldKey, newKey);
        emit KeyReplaced(role, oldKey, newKey, nonce);
    }

    /// @inheritdoc ITrivetAccount
    function getKey(bytes32 keyId) external view returns (uint8 role, uint48 activeFrom, uint48 expires) {
        Key memory key = AccountStorage.load().keys[keyId];
        return (key.role, key.activeFrom, key.expires);
    }

    /// @inheritdoc ITrivetAccount
    function getNonce(uint192 lane) external view returns (uint256 nonce) {
        return Nonces.next(AccountStorage.load(), lane);
    }

    /// @inheritdoc ITrivetAccount
    function keyCount(uint8 role) external view returns (uint256) {
        return AccountStorage.load().keyCounts.forRole(role);
    }

    /// @inheritdoc ITrivetAccount
    function threshold(uint8 role) external view returns (uint256) {
        return AccountStorage.load().thresholds.forRole(role);
    }

    /// @inheritdoc ITrivetAccount
    function amountText(address token, uint256 amount) external view returns (string memory) {
        return Operations.amountText(token, amount);
    }

    /// @dev Reverts unless the signatures suffice for an operation of this kind to take effect now.
    function _authorize(
        AccountState storage state,
        Kind kind,
        bytes32 compact,
        bytes32 readable,
        bytes calldata signatures
    ) private view {
        Circumstances memory circumstances;
        circumstances.signed = Signatures.count(signatures, compact, readable, state.keys);
        circumstances.thresholds = state.thresholds;
        // With none of the settings on, what takes effect at all takes effect now.
        Policy.requireEffect(kind, circumstances);
    }
}
