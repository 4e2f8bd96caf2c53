/** How a person proves who they are: what is still needed, and each way in which it can be given. */
import { z } from "zod";
import { zReplaceableRole } from "../keys/role.ts";
import { zAddress } from "../primitives/address.ts";
import type { GuardedAction } from "../security/gate-rules.ts";
import { zLoginProvider } from "../security/login-providers.ts";
import { RECORD_FACTOR_TYPES } from "../security/opened-record.ts";
import { RECORD_CHANGES } from "../security/record-change.ts";
import { PROOFS } from "../security/rules/things.ts";

/** What the key network's gate has rules for. */
export const zGuardedAction = z.enum([
  "sign-with-mfa-key",
  "sign-with-recovery-key",
  ...RECORD_CHANGES,
]) satisfies z.ZodType<GuardedAction>;

const zProof = z.enum(PROOFS);

/** A factor of the key's record, as the person knows it. */
export const zProofFactor = z.object({
  /** What it proves, in the letters of the rules. */
  proof: zProof,
  type: z.enum(RECORD_FACTOR_TYPES),
  /** The authenticator's id of it; of a wallet its address in lower case. */
  id: z.string(),
  /** Its owner's name for it: the masked email address or number, the passkey's name; where the authenticator tells. */
  name: z.string().optional(),
  /** Of a social login. */
  provider: zLoginProvider.optional(),
  /** Of a wallet. */
  address: zAddress.optional(),
  /** Whether it can be proven: the authenticator may have lost one that the record still names. */
  available: z.boolean(),
});
export type ProofFactor = z.output<typeof zProofFactor>;

/** What a person still has to prove before something is signed with a key that the network holds. */
export const zProofNeed = z.object({
  action: zGuardedAction,
  role: zReplaceableRole,
  /** Any one of these lists suffices, in addition to what is given; the best first. None: nothing would suffice. */
  ways: z.array(z.array(zProof).min(1)),
  /** Proven, and counting until then (milliseconds since 1970). */
  given: z.array(z.object({ proof: zProof, until: z.number() })),
  /** Proven, but too long ago. */
  stale: z.array(zProof),
  /** With what each proof can be given: all factors of the record that prove something. */
  factors: z.array(zProofFactor),
});
export type ProofNeed = z.output<typeof zProofNeed>;

/** To which address a code is sent: one of the need's factors. */
export const zCodeWish = z.object({ kind: z.enum(["email", "sms"]), id: z.string().min(1).max(128) });
export type CodeWish = z.output<typeof zCodeWish>;

/** The code as people type it; only the authenticator knows whether it is right. */
const zTypedCode = z.string().regex(/^\d{6}$/, "a code has six digits");

/** A proof that is typed. */
export const zTypedProof = z.discriminatedUnion("kind", [
  /** The code that was sent last. */
  z.object({ kind: z.literal("email"), code: zTypedCode }),
  z.object({ kind: z.literal("sms"), code: zTypedCode }),
  /** The code that the authenticator app shows. */
  z.object({ kind: z.literal("totp"), code: zTypedCode }),
  z.object({ kind: z.literal("password"), password: z.string().min(1).max(1024) }),
]);
export type TypedProof = z.output<typeof zTypedProof>;

/** A proof as the person gives it. The last two open the system's browser and take until the person is done there. */
export const zGivenProof = z.discriminatedUnion("kind", [
  zTypedProof,
  z.object({ kind: z.literal("passkey") }),
  z.object({ kind: z.literal("oauth"), provider: zLoginProvider }),
]);
export type GivenProof = z.output<typeof zGivenProof>;
