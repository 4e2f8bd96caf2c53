/** What the owner of the account has set, and what each key may do by itself. Changing it is a change (changes.ts). */
import { z } from "zod";
import { zRole } from "../keys/role.ts";
import { zAddress } from "../primitives/address.ts";
import { type Hex, isBytes, zKeyId } from "../primitives/hex.ts";
import { zToken } from "./state.ts";

/** The first four bytes of a call. */
const zSelector = z.custom<Hex>((value) => isBytes(value, 4), "a selector has 4 bytes");

/** One of the account's keys, and what it may do by itself. */
export const zKeySettings = z.object({
  id: zKeyId,
  role: zRole,
  /** What this computer calls it; absent where it does not know the key. */
  name: z.string().optional(),
  /** The device key of this very computer. */
  own: z.boolean(),
  /** A script's: one that signs only what it may do by itself, or a plain device key. */
  script: z.enum(["limited", "plain"]).optional(),
  active: z.boolean(),
  /** Seconds since 1970; 0 when it never expires. */
  expires: z.number(),
  /** Bit h is set for the hour from h:00 to h:59 UTC in which it spends nothing by itself. */
  closedHours: z.int(),
  /** What it may spend within any 24 hours; tokens without a limit are left out. */
  limits: z.array(z.object({ token: zToken, limit: z.bigint(), available: z.bigint() })),
  scopes: z.array(z.object({ target: zAddress, selector: zSelector })),
});
export type KeySettings = z.output<typeof zKeySettings>;

export const zAccountSettings = z.object({
  /** In seconds, as they are in force; `override` 0: mfa and recovery keys do not overrule a veto. */
  delays: z.object({ recovery: z.int(), removal: z.int(), singleKey: z.int(), override: z.int() }),
  rules: z.object({
    /** Roles that may withdraw and call alone, after the delay. */
    singleKeyRoles: z.array(zRole),
    pendingKeysMayCall: z.boolean(),
    /** One removal of a key more than this within the window locks the account; 255: it is off. */
    tripwireCount: z.int(),
    tripwireWindow: z.int(),
  }),
  /** How many keys of the role have to sign, and how many it has that do not expire. */
  thresholds: z.object({
    mfa: z.object({ needed: z.int(), keys: z.int() }),
    recovery: z.object({ needed: z.int(), keys: z.int() }),
  }),
  /** To whom a device key alone may withdraw any amount. */
  allowlist: z.array(zAddress),
  keys: z.array(zKeySettings),
});
export type AccountSettings = z.output<typeof zAccountSettings>;

/** The part of the wallet API for what the owner has set. */
export const ACCOUNT_SETTINGS_METHODS = {
  "accountSettings.view": { input: z.undefined(), output: zAccountSettings },
} as const;
