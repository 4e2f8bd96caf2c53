// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IAccount, PackedUserOperation} from "@openzeppelin/contracts/interfaces/IERC4337.sol";
import {ERC4337Utils} from "@openzeppelin/contracts/account/utils/ERC4337Utils.sol";
import {ERC1155Holder} from "@openzeppelin/contracts/token/ERC1155/utils/ERC1155Holder.sol";
import {ERC721Holder} from "@openzeppelin/contracts/token/ERC721/utils/ERC721Holder.sol";
import {LowLevelCall} from "@openzeppelin/contracts/utils/LowLevelCall.sol";

import {AccountState, AccountStorage} from "./account/AccountStorage.sol";
import {Authorization} from "./account/Authorization.sol";
import {Delegation} from "./account/Delegation.sol";
import {Domain} from "./account/Domain.sol";
import {EntryPointDoor} from "./account/EntryPointDoor.sol";
import {Freeze} from "./account/Freeze.sol";
import {Keys} from "./account/Keys.sol";
import {Limits} from "./account/Limits.sol";
import {Nonces} from "./account/Nonces.sol";
import {Operations} from "./account/Operations.sol";
import {Circumstances, Effect, Frozen, Kind, Policy} from "./account/Policy.sol";
import {Reveal} from "./account/Reveal.sol";
import {RoleCounts, Roles} from "./account/Roles.sol";
import {Scopes} from "./account/Scopes.sol";
import {Counting, Listed, Signatures, Signed} from "./account/Signatures.sol";
import {Transfers} from "./account/Transfers.sol";
import {Call, ITrivetAccount} from "./ITrivetAccount.sol";
import {ReadableForms} from "./ReadableForms.sol";

/// @title TrivetAccount
/// @notice The implementation all accounts of a chain share; each account is a minimal clone of it (ERC-1167) with
/// its own state, and cannot be upgraded. Every operation goes the same way: use up its nonce, rebuild what must
/// have been signed, count the signatures, ask the policy, and only then act. What is done every day is here; all
/// the rest is in {AccountChanges}, whose code runs for the account just the same.
contract TrivetAccount is ITrivetAccount, IAccount, Authorization, ERC721Holder, ERC1155Holder {
    address private immutable CHANGES;
    ReadableForms private immutable READABLE;

    /// @notice Closes the implementation itself: it never has keys, so nothing can be done with it.
    /// @param changes The {AccountChanges} of this implementation.
    /// @param readable The readable forms of all operations.
    constructor(address changes, ReadableForms readable) Domain(address(this)) {
        CHANGES = changes;
        READABLE = readable;
        AccountStorage.load().keyCounts = Roles.ONE_EACH;
    }

    /// @notice Anyone may pay in, at any time.
    receive() external payable {}

    /// @notice Everything else an account does, see {AccountChanges}.
    fallback() external payable {
        Delegation.to(CHANGES);
    }

    /// @inheritdoc ITrivetAccount
    function initialize(bytes32 deviceKey, bytes32 mfaKey, bytes32 recoveryKey) external {
        AccountState storage state = AccountStorage.load();
        if (RoleCounts.unwrap(state.keyCounts) != 0) revert AlreadyInitialized();
        state.keyCounts = Roles.ONE_EACH;
        state.thresholds = Roles.ONE_EACH;
        Keys.addFirst(state, deviceKey, Roles.DEVICE);
        Keys.addFirst(state, mfaKey, Roles.MFA);
        Keys.addFirst(state, recoveryKey, Roles.RECOVERY);
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
        bytes32 operation = Operations.withdrawal(token, to, amount, nonce);

        if (_isScheduledRun(signatures)) {
            _takeScheduled(state, Kind.Withdraw, operation);
        } else {
            bytes32 readable = 0;
            if (Signatures.coverReadable(signatures)) {
                readable = READABLE.withdrawal(token, to, amount, nonce);
            }
            Signed memory signed = _signers(state, operation, readable, nonce, signatures, 0, false);
            if (!_mayDoEverything(state, signed)) {
                Effect effect = _withdrawWithLess(state, signed, token, to, amount);
                if (effect != Effect.Now) {
                    bytes memory call = abi.encodeCall(this.withdraw, (token, to, amount, nonce, ""));
                    return _schedule(state, operation, readable, signatures, signed, effect, call);
                }
            }
        }

        emit Withdrawn(token, to, amount, nonce);
        Transfers.send(token, to, amount);
    }

    /// @inheritdoc ITrivetAccount
    function execute(Call[] calldata calls, uint256 nonce, bytes calldata signatures) external {
        AccountState storage state = AccountStorage.load();
        bytes32 callsHash = Operations.callsHash(calls);
        bytes32 operation = Operations.execution(callsHash, nonce);

        if (_isScheduledRun(signatures)) {
            _takeScheduled(state, Kind.Execute, operation);
        } else {
            bytes32 readable = 0;
            if (Signatures.coverReadable(signatures)) {
                readable = READABLE.execution(callsHash, calls.length, nonce);
            }
            Signed memory signed = _signers(state, operation, readable, nonce, signatures, 0, true);
            if (!_mayDoEverything(state, signed)) {
                Effect effect = _executeWithLess(state, signed, calls);
                if (effect != Effect.Now) {
                    bytes memory call = abi.encodeCall(this.execute, (calls, nonce, ""));
                    return _schedule(state, operation, readable, signatures, signed, effect, call);
                }
            }
        }

        emit Executed(operation, calls.length, nonce);
        for (uint256 i = 0; i < calls.length; ++i) _call(calls[i], i);
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
        bytes32 operation = Operations.keyReplacement(role, oldKey, newKey, nonce);
        bytes32 readable = 0;
        if (Signatures.coverReadable(signatures)) {
            (address oldSigner, address newSigner) = Reveal.signersOf(reveal, oldKey, newKey);
            readable = READABLE.keyReplacement(role, oldSigner, newSigner, nonce);
        }
        Signed memory signed = _signers(state, operation, readable, nonce, signatures, 0, false);
        if (!_mayDoEverything(state, signed)) _effectOf(state, Kind.ReplaceKey, signed, false);

        Keys.replace(state, role, oldKey, newKey);
        emit KeyReplaced(role, oldKey, newKey, nonce);
        Freeze.noteRemoval(state);
    }

    /// @inheritdoc IAccount
    /// @dev The user operation's signature is a blob of signatures over its hash, see {Signatures}. Who may spend the
    /// account's ether on fees may withdraw it: whoever sets the fees can set them to everything there is. For the
    /// same reason a frozen account pays none. Bundlers do not let a validation look at the clock (ERC-7562), so it
    /// tells the EntryPoint when the signatures count; the call looks at the clock itself.
    function validateUserOp(
        PackedUserOperation calldata userOp,
        bytes32 userOpHash,
        uint256 missingAccountFunds
    ) external returns (uint256 validationData) {
        if (msg.sender != EntryPointDoor.ENTRY_POINT) revert NotTheEntryPoint(msg.sender);
        bytes calldata callData = userOp.callData;
        Nonces.requireUsedByEntryPoint(_nonceIn(callData), userOp.nonce);
        AccountState storage state = AccountStorage.load();
        Listed memory signed = Signatures.list(state, userOp.signature, userOpHash);
        if (signed.keyIds.length == 0) return ERC4337Utils.SIG_VALIDATION_FAILED;
        uint256 validFrom = signed.activeFrom;
        if (userOp.paymasterAndData.length == 0) {
            if (!Policy.mayDoEverything(signed.roles, state.thresholds)) revert FeesNeedDeviceAndMfaKey();
            if (state.frozenUntil > validFrom) validFrom = state.frozenUntil;
        }
        EntryPointDoor.remember(callData, signed.keyIds);
        // The EntryPoint checks that it got enough.
        if (missingAccountFunds != 0) LowLevelCall.callNoReturn(msg.sender, missingAccountFunds, "");
        return EntryPointDoor.validity(validFrom, signed.expires);
    }

    /// @inheritdoc ITrivetAccount
    function signersOf(bytes32 digest, bytes calldata signatures) external view returns (RoleCounts roles) {
        // No readable form has the digest zero: only the compact form can be signed.
        Counting memory counting = Counting(digest, 0, 0, false);
        return Signatures.count(AccountStorage.load(), signatures, counting).roles;
    }

    /// @inheritdoc ITrivetAccount
    function getNonce(uint192 lane) external view returns (uint256 nonce) {
        return Nonces.next(AccountStorage.load(), lane);
    }

    /// @dev When a withdrawal takes effect that not everybody signed who together may do everything. What a key spends
    /// by itself is counted against its limit.
    function _withdrawWithLess(
        AccountState storage state,
        Signed memory signed,
        address token,
        address to,
        uint256 amount
    ) private returns (Effect effect) {
        bool alone = signed.number == 1;
        bool listed = alone && signed.roles.forRole(Roles.DEVICE) != 0 && Scopes.isAllowlisted(state, to);
        bool withinLimit = alone && !listed && Scopes.trySpend(state, signed.first, token, amount);
        Circumstances memory circumstances = _circumstances(
            state,
            Kind.Withdraw,
            signed,
            listed || withinLimit
        );
        effect = Policy.effectOf(Kind.Withdraw, circumstances);
        if (effect == Effect.Never) {
            bool mightAlone = alone && circumstances.frozen == Frozen.No;
            if (mightAlone) Scopes.explainSpend(state, signed.first, token, amount);
            Policy.requireEffect(Kind.Withdraw, circumstances);
        }
    }

    /// @dev The same for calls; the ether they carry is counted against the key's limit.
    function _executeWithLess(
        AccountState storage state,
        Signed memory signed,
        Call[] calldata calls
    ) private returns (Effect effect) {
        bool alone = signed.number == 1;
        bool allowed = false;
        uint256 value = 0;
        if (alone) (allowed, value) = Scopes.mayCall(state, signed.first, calls);
        Circumstances memory circumstances = _circumstances(state, Kind.Execute, signed, allowed);
        effect = Policy.effectOf(Kind.Execute, circumstances);
        if (effect == Effect.Never) {
            bool mightAlone = alone && circumstances.frozen == Frozen.No;
            if (mightAlone) Scopes.explainCalls(state, signed.first, calls);
            Policy.requireEffect(Kind.Execute, circumstances);
        }
        if (value != 0) Limits.spend(Scopes.limitOf(state, signed.first, Transfers.ETHER), value);
    }

    /// @dev The nonce in a call to the account. Calls of functions that take none bring nothing about.
    function _nonceIn(bytes calldata callData) private pure returns (uint256) {
        bytes4 selector = bytes4(callData);
        if (selector == this.withdraw.selector || selector == this.replaceKey.selector) {
            return uint256(bytes32(callData[4 + 3 * 32:4 + 4 * 32]));
        }
        if (selector == this.execute.selector) return uint256(bytes32(callData[4 + 1 * 32:4 + 2 * 32]));
        // All others, which are change and migrate.
        return uint256(bytes32(callData[4 + 2 * 32:4 + 3 * 32]));
    }

    function _call(Call calldata call, uint256 position) private {
        if (call.target == address(this)) revert CallToSelf(position);
        (address target, uint256 value, bytes calldata data) = (call.target, call.value, call.data);
        bool done;
        // As LowLevelCall.callNoReturn, but straight from the call data: a batch pays for it once per call.
        assembly ("memory-safe") {
            let free := mload(0x40)
            calldatacopy(free, data.offset, data.length)
            done := call(gas(), target, value, free, data.length, 0, 0)
        }
        if (!done) revert CallFailed(position, LowLevelCall.returnData());
    }
}
