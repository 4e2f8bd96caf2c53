// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Effect, Kind} from "../../src/account/Policy.sol";

/// @notice What the rules look at.
/// @param device Whether an active device key signed.
/// @param mfa Whether as many active mfa keys signed as the owner asks for.
/// @param recovery Whether as many active recovery keys signed as the owner asks for.
/// @param anybody Whether any active key signed.
/// @param byItself Whether the one key that signed may do this by itself.
/// @param roleAlone Whether one role signed alone, with enough keys, and the owner lets that role do so.
/// @param overrideOn Whether mfa and recovery together may overrule device keys.
/// @param vetoByAny For a cancellation: whether any key may.
/// @param frozen Whether the account is locked or archived.
// In memory only, where nothing is packed.
// solhint-disable-next-line gas-struct-packing
struct Facts {
    bool device;
    bool mfa;
    bool recovery;
    bool anybody;
    bool byItself;
    bool roleAlone;
    bool overrideOn;
    bool vetoByAny;
    bool frozen;
}

/// @title Rules
/// @notice The model's policy: the table of operations, row by row. Nothing of the account's own policy is used but
/// the names of kinds and effects.
library Rules {
    /// @notice When an operation takes effect.
    /// @param kind What is asked for.
    /// @param f Who signed, and how the account is set.
    /// @return Never where no row names it.
    function effectOf(Kind kind, Facts memory f) internal pure returns (Effect) {
        if (f.frozen && kind != Kind.Unfreeze && kind != Kind.Cancel) return Effect.Never;
        bool twoKeys = f.device && (f.mfa || f.recovery);

        if (kind == Kind.Withdraw || kind == Kind.Execute) {
            if ((f.device && f.mfa) || f.byItself) return Effect.Now;
            return f.roleAlone ? Effect.AfterSingleKeyDelay : Effect.Never;
        }
        if (kind == Kind.AddDeviceKey) {
            if (twoKeys) return Effect.Now;
            if (f.mfa && f.recovery && f.overrideOn) return Effect.AfterOverrideDelay;
            return f.recovery ? Effect.AfterRecoveryDelay : Effect.Never;
        }
        if (kind == Kind.RemoveDeviceKey) {
            if (twoKeys) return Effect.Now;
            return f.device ? Effect.AfterRemovalDelay : Effect.Never;
        }
        if (kind == Kind.Unfreeze) {
            if (twoKeys) return Effect.Now;
            return f.recovery ? Effect.AfterRecoveryDelay : Effect.Never;
        }
        if (kind == Kind.ActivateKey || kind == Kind.RejectKey || kind == Kind.Lower) return _nowIf(f.device);
        if (kind == Kind.Raise || kind == Kind.Migrate || kind == Kind.Sign) return _nowIf(f.device && f.mfa);
        if (kind == Kind.Lock) return _nowIf(f.anybody);
        if (kind == Kind.Cancel) return _nowIf(f.device || (f.vetoByAny && f.anybody));
        // Mfa and recovery keys, thresholds, archives, arming again.
        return _nowIf(twoKeys);
    }

    function _nowIf(bool enough) private pure returns (Effect) {
        return enough ? Effect.Now : Effect.Never;
    }
}
