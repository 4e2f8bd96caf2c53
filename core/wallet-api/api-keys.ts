/**
 * Keys for scripts. To the account they are device keys, because only those have scopes; what one may do by itself is in
 * account-settings.ts, and adding and removing are changes.
 */
import { z } from "zod";
import { zContactName } from "../contacts/contact.ts";
import { type Key, keyOfAddress } from "../keys/key.ts";
import { keyOfScript } from "../keys/script-key.ts";
import { zAddress } from "../primitives/address.ts";
import { zKeyId } from "../primitives/hex.ts";

export const zApiKey = z.object({
  id: zKeyId,
  name: z.string(),
  address: zAddress,
  /**
   * The contract that vouches for what the key may do by itself, and for nothing else. A key without one is a plain device
   * key: earlier versions made such.
   */
  verifier: zAddress.optional(),
  /** Milliseconds since 1970. */
  createdAt: z.number(),
});
export type ApiKey = z.output<typeof zApiKey>;

/** What the account knows it by. */
export const keyOfApiKey = ({ verifier, address }: Pick<ApiKey, "verifier" | "address">): Key =>
  verifier ? keyOfScript(verifier, address) : keyOfAddress(address);

/** So short a password can be tried out. */
export const LEAST_PASSWORD = 10;

/** The part of the wallet API for keys of scripts. */
export const API_KEY_METHODS = {
  /** The keys that were made on this computer, whether the account has them or not. */
  "apiKeys.list": {
    input: z.undefined(),
    output: z.object({
      keys: z.array(zApiKey),
      /** Whether new ones can be made: the network has a contract that keeps them to their calls. */
      possible: z.boolean(),
    }),
  },
  /**
   * Makes a key in the vault and asks the person where to save it: a key file under the password, or the plain key
   * without one. It leaves the vault for that file only, and nothing of it stays. No key where they decided against it.
   */
  "apiKeys.create": {
    input: z.object({ name: zContactName, password: z.string().min(LEAST_PASSWORD).max(1000).optional() }),
    output: z.object({ created: z.object({ key: zApiKey, savedAs: z.string() }).optional() }),
  },
  /** Forgets the name of a key; on the account it stays until it is removed there. */
  "apiKeys.forget": { input: z.object({ id: zKeyId }), output: z.array(zApiKey) },
} as const satisfies Record<string, { input: z.ZodType; output: z.ZodType }>;
