/**
 * Why a gate refuses to sign: a stable code for programs, and for people a sentence that says what happened and one
 * that says what to do. The gate answers with code and sentence; the app adds what to do.
 */
export interface GateReasonText {
  readonly message: string;
  readonly whatToDo: string;
}

const SIGN_IN_AGAIN = "Sign in again with a new code.";
const UPDATE_TRIVET = "Restart Trivet; if it happens again, install its newest version.";
const TRY_LATER = "Nothing was signed. Try again in a moment.";
const OTHER_DEVICE = "Approve this with a device key that is active on the account.";

export const GATE_REASONS = {
  // The request itself.
  "request-malformed": {
    message: "The key network could not read the request.",
    whatToDo: UPDATE_TRIVET,
  },
  "request-too-large": { message: "The request is larger than any real one.", whatToDo: UPDATE_TRIVET },
  "action-unknown": { message: "The gate knows no such action.", whatToDo: UPDATE_TRIVET },

  // The session token of the authenticator.
  "token-malformed": { message: "The session token cannot be read.", whatToDo: SIGN_IN_AGAIN },
  "token-algorithm": {
    message: "The session token is not signed with RS256, the only algorithm the gate accepts.",
    whatToDo: SIGN_IN_AGAIN,
  },
  "token-key-unknown": {
    message: "The session token names a signing key that the authenticator does not have.",
    whatToDo: SIGN_IN_AGAIN,
  },
  "token-signature": {
    message: "The session token was not signed by the authenticator.",
    whatToDo: SIGN_IN_AGAIN,
  },
  "token-issuer": { message: "The session token comes from another authenticator.", whatToDo: SIGN_IN_AGAIN },
  "token-audience": {
    message: "The session token was made for another application.",
    whatToDo: SIGN_IN_AGAIN,
  },
  "token-expired": { message: "The session token has expired.", whatToDo: SIGN_IN_AGAIN },
  "token-not-yet-valid": {
    message: "The session token is not valid yet.",
    whatToDo: "Check that this computer's clock is right, then sign in again.",
  },

  // What the gate reads elsewhere.
  "authenticator-unreachable": {
    message: "The key network cannot reach the authenticator.",
    whatToDo: TRY_LATER,
  },
  "chain-unreachable": { message: "The key network cannot read the chain.", whatToDo: TRY_LATER },
  "wrong-chain": {
    message: "The key network reads another chain than the one this gate was made for.",
    whatToDo: "Nothing was signed. Check which network Trivet is set to.",
  },

  // The gate itself, and the key it is asked for.
  "gate-not-itself": {
    message: "The program that ran is not the gate that the request names.",
    whatToDo: UPDATE_TRIVET,
  },
  "gate-withdrawn": {
    message: "The gate of this key was withdrawn, so the key signs nothing.",
    whatToDo: "See Security, Gate. Your device key and keys outside the network work as before.",
  },
  "gate-not-canonical": {
    message: "The first record of a key is made by the gate that is published last, and this is another one.",
    whatToDo: UPDATE_TRIVET,
  },
  "key-unavailable": {
    message: "The key network did not give its gate this key.",
    whatToDo: "Nothing was signed. Check the account at the key network, then try again.",
  },

  // The device key and its binding to this request.
  "device-session-mismatch": {
    message: "The session with the key network was opened by another device key.",
    whatToDo: "Lock and unlock Trivet, then try again.",
  },
  "binding-mismatch": {
    message: "The device key did not approve exactly this request with this session token.",
    whatToDo: "Start again: approve the operation as it is shown now.",
  },
  "account-not-deployed": {
    message: "The account is not on the chain yet.",
    whatToDo: "Put the account on the chain first, then try again.",
  },
  "device-key-unknown": {
    message: "The device key is not a device key of this account, or was removed.",
    whatToDo: OTHER_DEVICE,
  },
  "device-key-pending": {
    message: "The device key is still pending; it becomes active when its delay is over.",
    whatToDo: OTHER_DEVICE,
  },
  "device-key-expired": { message: "The device key has expired.", whatToDo: OTHER_DEVICE },
  "network-key-unknown": {
    message: "The network-held key does not have this role on the account.",
    whatToDo: "Use the holder that has this role now; see the keys screen.",
  },
  "network-key-inactive": {
    message: "The network-held key is not active on the account.",
    whatToDo: "Use another key of this role; see the keys screen.",
  },
  "not-key-creator": {
    message: "Only the device key that created the network-held key can set its first factors.",
    whatToDo: "Do this on the device on which the key was created.",
  },
  "device-not-named": {
    message: "The session was not opened with this computer's device key, so it cannot ask for a recovery.",
    whatToDo: "Sign in again on this computer, so that the session names its device key.",
  },
  "account-frozen": {
    message:
      "The account is frozen: nothing is signed for it but its unfreezing and the cancelling of operations.",
    whatToDo: "Unfreeze the account first, or wait until the lock lapses.",
  },

  // The factor registry and the factors.
  "no-record": {
    message: "The factor registry has no record for this key yet.",
    whatToDo: "Finish creating the account, then try again.",
  },
  "other-gate": {
    message: "The factor registry names another gate for this key.",
    whatToDo: "Use the gate that the account has consented to.",
  },
  "other-account": {
    message: "The network-held key belongs to another account.",
    whatToDo: "Nothing was signed. Use the key with the account it was made for.",
  },
  "record-not-opened": {
    message: "The request does not say what the factor registry holds for this key.",
    whatToDo: "Sign in again, so that Trivet reads anew which factors are registered.",
  },
  "one-change-at-a-time": {
    message: "A record changes in exactly one way at a time: one factor, or the gate.",
    whatToDo: "Make one change, wait until it is registered, then make the next.",
  },
  "factor-not-registered": {
    message: "None of the factors proven in this session is registered for this key.",
    whatToDo: "Sign in as the person whose account this is.",
  },
  "device-key-needed": {
    message: "This takes an active device key of the account besides everything else.",
    whatToDo: OTHER_DEVICE,
  },
  "factor-missing": {
    message: "What was proven in this session does not suffice.",
    whatToDo: "Prove another of your factors, then try again.",
  },
  "factor-stale": {
    message: "A factor was proven too long ago.",
    whatToDo: "Prove it again with a new code.",
  },
  "factor-required": {
    message: "A record holds exactly one email address.",
    whatToDo: "Change the email address instead of adding or removing one.",
  },

  // Anything else.
  "gate-failed": { message: "The gate stopped before it could decide.", whatToDo: TRY_LATER },
} as const satisfies Record<string, GateReasonText>;

export type GateReason = keyof typeof GATE_REASONS;

/** Every reason code. */
export const GATE_REASON_CODES = Object.keys(GATE_REASONS) as [GateReason, ...GateReason[]];

/** Thrown where a check fails; the gate turns it into its answer. */
export class GateRefusal extends Error {
  override readonly name = "GateRefusal";
  readonly reason: GateReason;

  constructor(reason: GateReason, options: { cause?: unknown } = {}) {
    super(GATE_REASONS[reason].message, options);
    this.reason = reason;
  }
}
