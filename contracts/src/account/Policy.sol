// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {RoleCounts, Roles} from "./Roles.sol";

/// @notice What an account can be asked to do; each kind has its own EIP-712 types.
enum Kind {
    Withdraw,
    ReplaceKey
}

/// @notice When an operation takes effect.
enum Delay {
    Never,
    Now,
    Later
}

/// @title Policy
/// @notice The rules of an account, all of them and nothing else: which signatures an operation needs, and when
/// it then takes effect. What no rule names is refused. The same table is core/policy in TypeScript; a test
/// compares the two in every case.
library Policy {
    /// @notice No active device key signed, and every operation needs one.
    error DeviceKeyMissing();

    /// @notice Not enough active mfa keys signed.
    error MfaKeyMissing();

    /// @notice Neither enough active mfa keys nor enough active recovery keys signed.
    error MfaOrRecoveryKeyMissing();

    /// @notice When an operation takes effect.
    /// @param kind What is asked for.
    /// @param signed How many active keys of each role signed it.
    /// @param thresholds How many of each role have to sign for the role to count.
    /// @return Never when the signatures do not suffice.
    function delayOf(Kind kind, RoleCounts signed, RoleCounts thresholds) internal pure returns (Delay) {
        if (!signed.enough(thresholds, Roles.DEVICE)) return Delay.Never;
        if (signed.enough(thresholds, Roles.MFA)) return Delay.Now;
        if (kind == Kind.ReplaceKey && signed.enough(thresholds, Roles.RECOVERY)) return Delay.Now;
        return Delay.Never;
    }

    /// @notice Reverts unless the operation takes effect now, and names the authority that is missing.
    /// @param kind What is asked for.
    /// @param signed How many active keys of each role signed it.
    /// @param thresholds How many of each role have to sign for the role to count.
    function requireNow(Kind kind, RoleCounts signed, RoleCounts thresholds) internal pure {
        if (delayOf(kind, signed, thresholds) == Delay.Now) return;
        if (!signed.enough(thresholds, Roles.DEVICE)) revert DeviceKeyMissing();
        if (kind == Kind.ReplaceKey) revert MfaOrRecoveryKeyMissing();
        revert MfaKeyMissing();
    }
}
