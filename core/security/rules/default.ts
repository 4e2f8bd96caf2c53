/**
 * The rules of Trivet. How the numbers were found, what they promise and for which probabilities is in
 * docs/security-model.md; core/security/explorer/edges.test.ts holds them to it.
 *
 * One number per level decides everything that could move money: whoever may change a factor could have signed, so
 * changing factors is no way round. What is on this computer (device, email, credentials) counts less than what is
 * apart from it, and from level 2 on never suffices by itself.
 */
import type { Bucket, Buckets, Profile } from "./profile.ts";
import type { Proof } from "./things.ts";
import { VALUE_THRESHOLDS } from "./value-thresholds.ts";

const MINUTES = 60;

const EMAIL = 2;
const CREDENTIALS = 2;
const METHOD = 3;

/**
 * What opens a session at the authenticator, whatever we would rather have. An authenticator app does not: it is only
 * proven within one.
 */
const OPEN_A_SESSION: readonly Proof[] = ["C", "E", "S", "P", "W"];

/** A bucket by its device key's points and the points that anything with network-held keys takes. */
const bucket = (device: number, needed: number): Bucket => ({
  points: { device, email: EMAIL, credentials: CREDENTIALS, mfa: METHOD, wallet: METHOD },
  needed: {
    login: 0,
    "reset-password": 0,
    "add-factor": needed,
    "change-factor": needed,
    "remove-factor": needed,
    "change-email": needed,
    "move-gate": needed,
    "sign-with-mfa-key": needed,
    "sign-with-recovery-key": needed,
  },
});

const WITH_CREDENTIALS: Buckets = [bucket(2, 4), bucket(0, 4), bucket(2, 7), bucket(2, 7), bucket(1, 8)];
const WITHOUT_CREDENTIALS: Buckets = [bucket(0, 2), bucket(3, 5), bucket(0, 5), bucket(2, 7), bucket(1, 8)];

const byAuthenticator = {
  freshForSeconds: 10 * MINUTES,
  device: "ignored",
  needs: [],
  enforcedBy: ["authenticator"],
} as const;
const byGate = {
  freshForSeconds: 10 * MINUTES,
  device: "needed",
  needs: [],
  enforcedBy: ["gate"],
} as const;
const byBoth = { ...byGate, enforcedBy: ["gate", "contract"] } as const;

export const DEFAULT_PROFILE: Profile = {
  name: "default",
  // A password proves no more than the mailbox that resets it, so only a social login counts beside the mailbox.
  credentials: ["oauth"],
  buckets: { withCredentials: WITH_CREDENTIALS, withoutCredentials: WITHOUT_CREDENTIALS },
  // What the gate reads is a session's token.
  loginFirst: true,
  actions: {
    login: { ...byAuthenticator, oneOf: OPEN_A_SESSION },
    "reset-password": { ...byAuthenticator, needs: ["E"] },
    "add-factor": byGate,
    "change-factor": byGate,
    "remove-factor": byGate,
    "change-email": byGate,
    "move-gate": byGate,
    "sign-with-mfa-key": byBoth,
    // A new computer has no active device key yet: what it signs waits for the recovery delay, and can be vetoed.
    "sign-with-recovery-key": { ...byBoth, device: "counts" },
  },
  withoutDevice: { mfa: [], recovery: ["addDeviceKey", "unfreeze"] },
  recordHolds: ["email"],
  valueThresholds: VALUE_THRESHOLDS,
};
