// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {RoleCounts, Roles} from "./Roles.sol";

/// @notice What an account can be asked to do, as far as the rules tell it apart.
enum Kind {
    Withdraw,
    Execute,
    AddDeviceKey,
    AddKey,
    ActivateKey,
    RejectKey,
    RemoveDeviceKey,
    RemoveKey,
    ReplaceKey,
    SetThreshold,
    Raise,
    Lower,
    Lock,
    Archive,
    Unfreeze,
    Cancel,
    Rearm,
    Migrate,
    Sign
}

/// @notice When an operation takes effect.
enum Effect {
    Never,
    Now,
    AfterSingleKeyDelay,
    AfterRemovalDelay,
    AfterRecoveryDelay,
    AfterOverrideDelay
}

/// @notice Whether the account stands still: a lock lapses by itself, an archive lasts until it is ended.
enum Frozen {
    No,
    Locked,
    Archived
}

/// @notice All that the rules look at, besides the kind.
/// @param signed How many active keys of each role signed; keys that may not decide about themselves left out.
/// @param thresholds How many of each role have to sign for the role to count.
/// @param allowed The one key that signed may do this by itself: it is within the key's limit or scope, or goes to
/// an allowlisted address. Whoever sets it has looked at that key; only Withdraw and Execute heed it.
/// @param singleKeyRoles Bit (1 << role) is set where the owner lets one role alone withdraw and call, with a delay.
/// @param overrideOn Whether mfa and recovery keys together may overrule the device key's veto.
/// @param frozen Whether the account stands still.
/// @param vetoByAny Cancel only: what is cancelled is a single-key operation or a removal, so that any key may.
// In memory only, where nothing is packed.
// solhint-disable-next-line gas-struct-packing
struct Circumstances {
    RoleCounts signed;
    RoleCounts thresholds;
    bool allowed;
    uint8 singleKeyRoles;
    bool overrideOn;
    Frozen frozen;
    bool vetoByAny;
}

/// @title Policy
/// @notice The rules of an account, all of them and nothing else: which signatures an operation needs, and when
/// it then takes effect. What no rule names is refused. The same table is core/policy in TypeScript; a test
/// compares the two in every case.
library Policy {
    /// @dev Groups of kinds with the same rules, bit (1 << kind) each.
    uint256 private constant SPENDING = (1 << uint256(Kind.Withdraw)) | (1 << uint256(Kind.Execute));
    uint256 private constant BY_DEVICE_AND_MFA =
        (1 << uint256(Kind.Raise)) | (1 << uint256(Kind.Migrate)) | (1 << uint256(Kind.Sign));
    uint256 private constant BY_DEVICE =
        (1 << uint256(Kind.ActivateKey)) | (1 << uint256(Kind.RejectKey)) | (1 << uint256(Kind.Lower));
    uint256 private constant WHILE_FROZEN = (1 << uint256(Kind.Unfreeze)) | (1 << uint256(Kind.Cancel));

    /// @notice The account is locked or archived: only ending that, and cancelling, is possible.
    error AccountFrozen();

    /// @notice Nobody signed whose signature counts for this.
    error KeyMissing();

    /// @notice No active device key signed.
    error DeviceKeyMissing();

    /// @notice Not enough active mfa keys signed.
    error MfaKeyMissing();

    /// @notice Not enough active recovery keys signed, and no device key that could do it another way.
    error RecoveryKeyMissing();

    /// @notice Neither enough active mfa keys nor enough active recovery keys signed.
    error MfaOrRecoveryKeyMissing();

    /// @notice Keys of one role alone tried what is neither within the key's limit or scope nor allowed to that role
    /// after a delay. Together, a device key and the mfa keys may.
    error NotAllowedAlone();

    /// @notice A device key and the mfa keys together may do everything, at once, unless the account is frozen.
    /// @param signed How many active keys of each role signed.
    /// @param thresholds How many of each role have to sign for the role to count.
    /// @return True when both signed.
    function mayDoEverything(RoleCounts signed, RoleCounts thresholds) internal pure returns (bool) {
        return signed.enough(thresholds, Roles.DEVICE) && signed.enough(thresholds, Roles.MFA);
    }

    /// @notice When an operation takes effect. The way that is used most comes first.
    /// @param kind What is asked for.
    /// @param c Who signed, what the owner has set, and whether the account stands still.
    /// @return Never when the signatures do not suffice.
    function effectOf(Kind kind, Circumstances memory c) internal pure returns (Effect) {
        if (c.frozen != Frozen.No && !_isOneOf(kind, WHILE_FROZEN)) return Effect.Never;

        if (c.allowed && _isOneOf(kind, SPENDING)) return Effect.Now;
        RoleCounts signed = c.signed;
        RoleCounts thresholds = c.thresholds;
        if (mayDoEverything(signed, thresholds)) return Effect.Now;
        bool device = signed.enough(thresholds, Roles.DEVICE);
        bool mfa = signed.enough(thresholds, Roles.MFA);

        if (_isOneOf(kind, SPENDING)) {
            return _isAnyOn(c) ? Effect.AfterSingleKeyDelay : Effect.Never;
        }
        if (_isOneOf(kind, BY_DEVICE_AND_MFA)) return Effect.Never;
        if (_isOneOf(kind, BY_DEVICE)) return _nowIf(device);
        if (kind == Kind.Lock) return _nowIf(_anyone(signed));
        if (kind == Kind.Cancel) return _nowIf(device || (c.vetoByAny && _anyone(signed)));

        // Everything else: a device and a recovery key at once; some by one of the two as well, later.
        bool recovery = signed.enough(thresholds, Roles.RECOVERY);
        if (device && recovery) return Effect.Now;
        if (kind == Kind.RemoveDeviceKey && device) return Effect.AfterRemovalDelay;
        if (kind == Kind.AddDeviceKey && recovery) {
            return mfa && c.overrideOn ? Effect.AfterOverrideDelay : Effect.AfterRecoveryDelay;
        }
        if (kind == Kind.Unfreeze && recovery) return Effect.AfterRecoveryDelay;
        return Effect.Never;
    }

    /// @notice When an operation takes effect; reverts when it never does, and names what is missing.
    /// @param kind What is asked for.
    /// @param c Who signed, what the owner has set, and whether the account stands still.
    /// @return effect Anything but Never.
    function requireEffect(Kind kind, Circumstances memory c) internal pure returns (Effect effect) {
        effect = effectOf(kind, c);
        if (effect == Effect.Never) _refuse(kind, c);
    }

    /// @dev Why an operation never takes effect.
    function _refuse(Kind kind, Circumstances memory c) private pure {
        if (c.frozen != Frozen.No && !_isOneOf(kind, WHILE_FROZEN)) revert AccountFrozen();
        if (!_anyone(c.signed)) revert KeyMissing();
        bool spending = _isOneOf(kind, SPENDING);
        if (spending && _isRoleAlone(c.signed, c.thresholds)) revert NotAllowedAlone();
        if (!c.signed.enough(c.thresholds, Roles.DEVICE)) {
            // Some of those signed whose role alone may do it, with a delay: not enough of them, or it would not fail.
            if (spending && _hasSignedAndIsOn(c, Roles.RECOVERY)) revert RecoveryKeyMissing();
            if (spending && _hasSignedAndIsOn(c, Roles.MFA)) revert MfaKeyMissing();
            // Without a device key these two are what recovery is for.
            if (kind == Kind.AddDeviceKey || kind == Kind.Unfreeze) revert RecoveryKeyMissing();
            revert DeviceKeyMissing();
        }
        if (spending || _isOneOf(kind, BY_DEVICE_AND_MFA)) revert MfaKeyMissing();
        revert MfaOrRecoveryKeyMissing();
    }

    /// @dev Whether a kind belongs to a group; one bit each, so that asking costs the same for all.
    function _isOneOf(Kind kind, uint256 group) private pure returns (bool) {
        return group & (1 << uint256(kind)) != 0;
    }

    function _nowIf(bool enough) private pure returns (Effect) {
        return enough ? Effect.Now : Effect.Never;
    }

    function _anyone(RoleCounts signed) private pure returns (bool) {
        return RoleCounts.unwrap(signed) != 0;
    }

    /// @dev Whether enough keys signed of any role that alone may withdraw and call, with a delay.
    function _isAnyOn(Circumstances memory c) private pure returns (bool) {
        for (uint8 role = Roles.DEVICE; role <= Roles.RECOVERY; ++role) {
            if (_hasSignedAndIsOn(c, role) && c.signed.enough(c.thresholds, role)) return true;
        }
        return false;
    }

    function _hasSignedAndIsOn(Circumstances memory c, uint8 role) private pure returns (bool) {
        return c.singleKeyRoles & (1 << role) != 0 && c.signed.forRole(role) != 0;
    }

    /// @dev Whether enough keys of one role signed, and no key of another one.
    function _isRoleAlone(RoleCounts signed, RoleCounts thresholds) private pure returns (bool) {
        for (uint8 role = Roles.DEVICE; role <= Roles.RECOVERY; ++role) {
            bool alone = RoleCounts.unwrap(signed) == signed.forRole(role) << (uint256(role) << 3);
            if (alone && signed.enough(thresholds, role)) return true;
        }
        return false;
    }
}
