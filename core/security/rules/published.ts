/**
 * The rules as they were published for the first wallet of this design, numbers and errors included. Nothing runs by
 * them: they are here to be compared with, and the explorer shows what they allow.
 */
import { POLICY_KINDS } from "../../policy/policy.ts";
import type { Bucket, Buckets, GeneralRule, GeneralRules, Profile } from "./profile.ts";
import { VALUE_THRESHOLDS } from "./value-thresholds.ts";

const MINUTES = 60;
const NEVER = Infinity;

/** One row of the published table, in its order of columns. */
function bucket(
  [device, email, credentials, mfa, wallet]: readonly [number, number, number, number, number],
  [login, resetPassword, addMfa, changeEmail, changeMfa, sign]: readonly [
    number,
    number,
    number,
    number,
    number,
    number,
  ],
): Bucket {
  return {
    points: { device, email, credentials, mfa, wallet },
    needed: {
      login,
      "reset-password": resetPassword,
      "add-factor": addMfa,
      "change-factor": changeMfa,
      // The published table has no column for these two: as hard as the nearest it has.
      "remove-factor": changeMfa,
      "move-gate": sign,
      "change-email": changeEmail,
      "sign-with-mfa-key": sign,
      "sign-with-recovery-key": sign,
    },
  };
}

// prettier-ignore
const BUCKETS: Buckets = [
  //     device email credentials mfa  W    login reset add email change sign
  bucket([20,   5,    1,          0,    0],  [5,  5,   26, 26,   NEVER, 6]),
  bucket([20,   5,    1,          10,   10], [5,  15,  30, 30,   26,    7]),
  bucket([20,   6,    1,          10,   9],  [6,  15,  30, 31,   28,    9]),
  bucket([15,   1,    1,          11.5, 10], [9,  15,  30, 32,   25,    9]),
  bucket([15,   0.5,  1,          10,   9],  [10, 24,  0,  32,   27,    6]),
];

const everywhere = (rule: GeneralRule): GeneralRules => [rule, rule, rule, rule, rule];

const RESET: GeneralRule = { of: "security", mayLack: 1, orWallet: false };
const STRICT: GeneralRule = { of: "mfa", mayLack: 0, orWallet: true };
const RELAXED_1: GeneralRule = { of: "security", mayLack: 1, orWallet: true };
const RELAXED_2: GeneralRule = { of: "mfa", mayLack: 1, orWallet: true };

const byGate = {
  freshForSeconds: 10 * MINUTES,
  device: "counts",
  needs: [],
  enforcedBy: ["gate"],
} as const;
const byAuthenticator = { ...byGate, enforcedBy: ["authenticator"] } as const;
const sign = { ...byGate, general: [STRICT, STRICT, STRICT, RELAXED_1, RELAXED_2] } as const;

export const PUBLISHED_PROFILE: Profile = {
  name: "published",
  credentials: ["password", "oauth"],
  buckets: { withCredentials: BUCKETS, withoutCredentials: BUCKETS },
  loginFirst: true,
  actions: {
    login: { ...byAuthenticator, device: "ignored", needs: ["C"] },
    "reset-password": { ...byAuthenticator, general: everywhere(RESET) },
    "add-factor": { ...byGate, general: everywhere(STRICT) },
    "change-factor": byGate,
    "remove-factor": byGate,
    "change-email": byGate,
    "move-gate": sign,
    "sign-with-mfa-key": sign,
    "sign-with-recovery-key": sign,
  },
  withoutDevice: { mfa: POLICY_KINDS, recovery: POLICY_KINDS },
  recordHolds: ["email"],
  valueThresholds: VALUE_THRESHOLDS,
};
