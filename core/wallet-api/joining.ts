/** A computer that joins an account: which account, whether its device key is let in, and who can recover. */
import { z } from "zod";
import { zWalletErrorData } from "../errors/wallet-error.ts";
import { MAX_ACCOUNT_TEXT } from "../joining/account-text.ts";
import { zRole } from "../keys/role.ts";
import { zSigner } from "../keys/signer.ts";
import { FROZEN } from "../policy/policy.ts";
import { zAddress } from "../primitives/address.ts";
import { zKeyId } from "../primitives/hex.ts";
import { zScheduled } from "./schedule.ts";
import { zHolder } from "./state.ts";

/** How this computer's device key stands with the account. */
export const zOwnStanding = z.discriminatedUnion("state", [
  /** The account does not know it; `rejected`: it did, and somebody rejected or removed the key. */
  z.object({ state: z.literal("absent"), rejected: z.boolean() }),
  /** It becomes active by itself: when, by this computer's clock (milliseconds since 1970). */
  z.object({
    state: z.literal("pending"),
    until: z.number(),
    vetoProof: z.boolean(),
  }),
  /** The account was frozen meanwhile: only an active device key can activate it, or recovery adds it anew. */
  z.object({ state: z.literal("asleep") }),
  z.object({ state: z.literal("active") }),
]);
export type OwnStanding = z.output<typeof zOwnStanding>;

/** A key that can take part in a recovery, as far as this computer knows it. */
export const zKnownKey = z.object({
  role: zRole,
  holder: zHolder,
  detail: z.string(),
  signer: zSigner,
});

/**
 * What the key network holds: `ready`, a recovery key that this person can have sign; `not-yours`, one whose record this
 * person's factors do not open; `unreadable`, one that no transaction shows the public key of; `none`.
 */
export const NETWORK_STANDINGS = ["ready", "not-yours", "unreadable", "none"] as const;

export const zJoiningView = z.object({
  account: zAddress,
  /** Whether the device key and what is known of the account are being got ready, and why that stopped. */
  preparing: z.boolean(),
  error: zWalletErrorData.optional(),
  /** This computer's device key, and the comparison code that the other computer shows for it. */
  device: z.object({ id: zKeyId, signer: zAddress, code: z.string() }).optional(),
  /** The joining request as text, and until when it counts (milliseconds since 1970). */
  request: z.object({ text: z.string(), until: z.number() }).optional(),

  standing: zOwnStanding.optional(),
  recovery: z
    .object({
      /** In seconds. */
      delay: z.number(),
      frozen: z.enum(FROZEN),
      /** Of a frozen account: the unfreeze that was asked for and waits for its delay, or can run now ("schedule.run"). */
      unfreezing: zScheduled.optional(),
      /** How many other computers' keys can reject what is pending. */
      otherDevices: z.int(),
      /** How many recovery keys the account has, and how many have to sign. */
      keys: z.int(),
      needed: z.int(),
      network: z.enum(NETWORK_STANDINGS),
      /** Those that can sign from here. */
      known: z.array(zKnownKey),
      /** Keys that the exit kit named; their holders have to show themselves. */
      hints: z.array(z.object({ role: zRole, signer: zSigner, holder: z.string() })),
    })
    .optional(),
});
export type JoiningView = z.output<typeof zJoiningView>;

/** The part of the wallet API for joining an account; the "joining" event tells of every change. */
export const JOINING_METHODS = {
  /** Looks for the account that a text means (address, link, exit kit) and remembers that this computer joins it. */
  "joining.begin": {
    input: z.object({ text: z.string().max(MAX_ACCOUNT_TEXT) }),
    output: z.object({ account: zAddress }),
  },
  /** A computer whose key the account has no more asks to be let in again, with the same key. */
  "joining.again": { input: z.undefined(), output: z.undefined() },
  /** Gives up; only while the account does not know this computer's device key. */
  "joining.drop": { input: z.undefined(), output: z.undefined() },
  /** Where it stands; looks at the chain anew. */
  "joining.view": { input: z.undefined(), output: zJoiningView },
  /** Asks the person where to save the joining request; no name when they decided against it. */
  "joining.saveRequest": { input: z.undefined(), output: z.object({ savedAs: z.string().optional() }) },
  /** Tries again what stopped. */
  "joining.continue": { input: z.undefined(), output: z.undefined() },
  /** Takes the Ledger whose address was read as one of the account's keys, if the account knows it. */
  "joining.useLedger": {
    input: z.object({ signer: zAddress, model: z.string().max(60).optional() }),
    output: zJoiningView,
  },
  /**
   * Has the person choose a passkey in their browser, and takes it as one of the account's keys, if it is one.
   * "keys.cancelBrowser" stops waiting for it.
   */
  "joining.usePasskey": { input: z.undefined(), output: zJoiningView },
} as const;
