/** The person's factors and how they change, as the screens see it. */
import { z } from "zod";
import { zWalletErrorData } from "../errors/wallet-error.ts";
import { zReplaceableRole } from "../keys/role.ts";
import { zLoginProvider } from "../security/login-providers.ts";
import { RECORD_FACTOR_TYPES, zRecordFactor } from "../security/opened-record.ts";
import { zAddress } from "../primitives/address.ts";
import { zProofNeed } from "./proofs.ts";
import { zPendingCode, zStepStatus } from "./state.ts";

const zFactorType = z.enum(RECORD_FACTOR_TYPES);
const nothing = z.undefined();

export const FACTOR_CHANGES = ["add", "change", "remove"] as const;
const zKind = z.enum(FACTOR_CHANGES);
export type FactorChangeKind = z.output<typeof zKind>;

/**
 * The steps a change of factors can have, in their order: prove (who one is, to the authenticator and the gate),
 * release (the old authenticator app is deleted, as there can be one only), set-up (the new factor is set up at the
 * authenticator and proven), keep-codes (the person keeps the app's recovery codes), mfa and recovery (that key's
 * record in the factor registry follows), tidy-up (the old factor is deleted at the authenticator).
 */
export const FACTOR_STEPS = [
  "prove",
  "release",
  "set-up",
  "keep-codes",
  "mfa",
  "recovery",
  "tidy-up",
] as const;
export type FactorStepId = (typeof FACTOR_STEPS)[number];

/** A change of factors in flight, or one that has just ended. */
export const zFactorChangeView = z.object({
  id: z.uuid(),
  createdAt: z.number(),
  kind: zKind,
  type: zFactorType,
  /** The factor concerned, as its owner knows it, once that is known. */
  name: z.string().optional(),
  steps: z.array(
    z.object({ id: z.enum(FACTOR_STEPS), status: zStepStatus, error: zWalletErrorData.optional() }),
  ),
  /** As of an operation: running, waiting (for the person or to be continued), or over. */
  status: z.enum(["running", "waiting", "done", "dropped"]),
  /** Whether it can be dropped, and what that means. */
  drop: z
    .enum([
      /** Nothing was changed yet. */
      "nothing-done",
      /** The new factor is deleted at the authenticator again; that takes steps of its own. */
      "turn-around",
      /** The registry has the change; the old factor stays at the authenticator, where it opens nothing. */
      "leave-rest",
    ])
    .optional(),
  needs: z
    .discriminatedUnion("kind", [
      z.object({
        kind: z.literal("proof"),
        /** Who asks for it: the authenticator, the gate, or the gate for the factor that is new. */
        of: z.enum(["authenticator", "gate", "new-factor"]),
        need: zProofNeed,
      }),
      z.object({ kind: z.literal("set-up") }),
      z.object({ kind: z.literal("recovery-codes") }),
      z.object({ kind: z.literal("confirm") }),
    ])
    .optional(),
});
export type FactorChangeView = z.output<typeof zFactorChangeView>;
export type FactorStep = FactorChangeView["steps"][number];

/** One of the person's factors, and who knows of it. */
export const zFactorRow = z.object({
  type: zFactorType,
  id: z.string(),
  name: z.string(),
  /** When it was added with this app, in milliseconds since 1970; else it is as old as the account here. */
  since: z.number().optional(),
  /** Whether the authenticator knows it; a wallet is nothing to the authenticator. */
  atAuthenticator: z.boolean().optional(),
  /** The network-held keys whose record names it. */
  inRecordOf: z.array(zReplaceableRole),
});
export type FactorRow = z.output<typeof zFactorRow>;

/** A factor that is not everywhere where it should be. */
export const zFactorDifference = z.object({
  factor: zFactorRow,
  kind: z.enum([
    /** The authenticator knows it, no record does. */
    "not-registered",
    /** Some record names it, the authenticator does not know it (any more). */
    "not-enrolled",
    /** One key's record names it, the other key's does not. */
    "half-registered",
  ]),
});
export type FactorDifference = z.output<typeof zFactorDifference>;

export const zFactorsState = z.object({
  /** The keys that the network holds: only they ask for factors. */
  roles: z.array(zReplaceableRole),
  factors: z.array(zFactorRow),
  differences: z.array(zFactorDifference),
  /** Keys whose record holds something that nothing explains: neither this computer nor the authenticator. */
  unreadable: z.array(zReplaceableRole),
  /** The change in flight; there is one at most. */
  change: zFactorChangeView.optional(),
});
export type FactorsState = z.output<typeof zFactorsState>;

/** What the account is worth to a thief, and what would lock its owner out; sets of things in words. */
export const zOutlook = z.object({
  level: z.number(),
  theft: z.array(z.string()),
  loss: z.array(z.string()),
  /** The chance of either in a year. */
  failure: z.number(),
});
export type Outlook = z.output<typeof zOutlook>;

/** By how much an account falls below the level that its value asks for, once a change is done. */
export const zShortfall = z.object({
  /** What the account is worth, in US cents. */
  cents: z.bigint(),
  /** The level that is left. */
  level: z.number(),
  /** From so many US dollars on this level is asked for. */
  dollars: z.number(),
  enforced: z.number(),
});
export type Shortfall = z.output<typeof zShortfall>;

/** A change that is wished for. */
export const zFactorWish = z
  .object({
    kind: zKind,
    type: zFactorType,
    /** The factor that is changed or removed. */
    old: zRecordFactor.optional(),
    /** One that the authenticator knows already, to be taken into the registry; else a new one is set up. */
    existing: zRecordFactor.optional(),
  })
  .refine(({ kind, old }) => (kind === "add") === (old === undefined), "name the old factor, if there is one")
  .refine(({ type, old, existing }) => [old, existing].every((one) => !one || one.type === type), "one type");
export type FactorWish = z.output<typeof zFactorWish>;

const change = z.object({ id: z.uuid() });
const view = zFactorChangeView;

/** The methods of the wallet API for factors. A change is followed by the "factorChange" event. */
export const FACTOR_METHODS = {
  /** Compares the authenticator with the records of all keys that the network holds. */
  "factors.state": { input: nothing, output: zFactorsState },
  /** What a change would mean, what the account's value says to it, and why it is refused, if it is. */
  "factors.review": {
    input: zFactorWish,
    output: z.object({
      before: zOutlook,
      after: zOutlook,
      shortfall: zShortfall.optional(),
      refusal: zWalletErrorData.optional(),
    }),
  },
  "factors.start": { input: zFactorWish, output: view },
  /** Goes on with a change that waits. @param wallet a wallet of the records that will sign the requests itself */
  "factors.continue": { input: change.extend({ wallet: zAddress.optional() }), output: view },
  "factors.drop": { input: change, output: view },
  "factors.showConfirm": { input: change, output: nothing },

  /** Sends the code that sets an email address or phone number up. */
  "factors.sendCode": {
    input: change.extend({ address: z.string().max(254) }),
    output: zPendingCode,
  },
  /** The secret for an authenticator app. It is shown once. */
  "factors.beginApp": { input: change, output: z.object({ secret: z.string(), uri: z.string() }) },
  /** The code from the mail, the SMS or the app. Recovery codes come with a new app; they are shown once. */
  "factors.verifyCode": {
    input: change.extend({ code: z.string().regex(/^\d{6}$/, "a code has six digits") }),
    output: z.object({ change: view, recoveryCodes: z.array(z.string()) }),
  },
  /** Opens the system's browser, and resolves when the person is done there. */
  "factors.passkey": { input: change.extend({ name: z.string().trim().max(128).optional() }), output: view },
  "factors.login": { input: change.extend({ provider: zLoginProvider }), output: view },
  /** Stops waiting for the browser. */
  "factors.cancelBrowser": { input: nothing, output: nothing },
  "factors.password": { input: change.extend({ password: z.string().min(1).max(128) }), output: view },
  /** The address of the wallet to add: one that was compared on the Ledger. */
  "factors.wallet": { input: change.extend({ address: zAddress }), output: view },
  /** A recovery code in place of a lost authenticator app, for the authenticator. */
  "factors.useRecoveryCode": { input: change.extend({ code: z.string().max(64) }), output: view },
  /** The recovery codes again, for who has not kept them yet. */
  "factors.recoveryCodes": { input: change, output: z.object({ codes: z.array(z.string()) }) },
  /** The person has kept the recovery codes. */
  "factors.keptCodes": { input: change, output: view },
} as const satisfies Record<string, { input: z.ZodType; output: z.ZodType }>;
