import { z } from "zod";
import { accountAddress } from "../keys/account-address.ts";
import { zKey } from "../keys/key.ts";
import { zRole } from "../keys/role.ts";
import { zCredentialId } from "../passkey/parts.ts";
import { sameAddress, zAddress } from "../primitives/address.ts";
import { zBytes32, zKeyId } from "../primitives/hex.ts";

/** The ids of an account's first keys, from which its address follows. */
export const zFirstKeys = z.strictObject({ device: zKeyId, mfa: zKeyId, recovery: zKeyId, salt: zBytes32 });

/**
 * What an exit kit knows of its account. All of it is public, and none of it lets anybody sign: it is what a key alone
 * does not tell. The account stores no signer, only keccak256(signer, salt), so whoever wants to act with a key needs
 * the key's signer and salt besides what signs for it; and an account that is not on the chain yet is put there by the
 * ids of its first keys.
 */
export const zExitKit = z
  .strictObject({
    version: z.literal(1),
    /** When it was made: keys that were changed later are not in it (milliseconds since 1970). */
    createdAt: z.int().nonnegative(),
    chain: z.strictObject({
      id: z.int().positive(),
      name: z.string().min(1).max(60),
      nativeSymbol: z.string().min(1).max(12),
    }),
    account: zAddress,
    /** All accounts of the chain share it; it is what signatures are bound to. */
    implementation: zAddress,
    factory: zAddress,
    /** The contract that checks passkeys' signatures, where the chain has one. */
    webAuthnVerifier: zAddress.optional(),
    firstKeys: zFirstKeys,
    /** The keys that this computer knew, with who holds each, in words. */
    keys: z
      .array(
        z.strictObject({
          role: zRole,
          key: zKey,
          holder: z.string().max(120),
          /** Of a passkey: its name at its authenticator. */
          credential: zCredentialId.optional(),
        }),
      )
      .max(64),
    /**
     * Keys of the account of which this computer knew only that they are: somebody else has what signs for them. Absent
     * where the chain could not be asked.
     */
    others: z
      .array(z.strictObject({ role: zRole, id: zKeyId }))
      .max(256)
      .optional(),
    /** Tokens to look for; others can be looked for by their address. */
    tokens: z
      .array(
        z.strictObject({
          address: zAddress,
          symbol: z.string().min(1).max(12),
          decimals: z.int().min(0).max(36),
        }),
      )
      .max(256),
  })
  .refine(
    ({ account, factory, implementation, firstKeys }) =>
      sameAddress(accountAddress(factory, implementation, firstKeys), account),
    "the account's address does not follow from its first keys",
  );
export type ExitKit = z.output<typeof zExitKit>;

/** Where a kit's data stands in its page. A browser runs nothing of it: it is JSON, and says so. */
const BEFORE = '<script id="exit-kit" type="application/json">';
const AFTER = "</script>";

/** What the page holds before there is any data. */
export const EXIT_KIT_PLACE = `${BEFORE}null${AFTER}`;

/**
 * The page with a kit's data in it.
 * @param template the built page, without data
 * @throws TypeError when that page has no place for data, or more than one
 */
export function fillExitKit(template: string, kit: ExitKit): string {
  const [before, after, ...more] = template.split(EXIT_KIT_PLACE);
  if (before === undefined || after === undefined || more.length > 0) {
    throw new TypeError("the exit kit's page has no single place for its data");
  }
  // No "<" is left, so nothing in a name can end the element or begin another.
  const json = JSON.stringify(kit).replaceAll("<", "\\u003c");
  return `${before}${BEFORE}${json}${AFTER}${after}`;
}

/**
 * Reads a kit's data out of its page, as it was saved.
 * @returns undefined when the text is no such page; "damaged" when it is one whose data is not wholly a kit
 */
export function readExitKit(page: string): ExitKit | "damaged" | undefined {
  const from = page.indexOf(BEFORE);
  if (from < 0) return undefined;
  const to = page.indexOf(AFTER, from);
  try {
    const parsed = zExitKit.safeParse(JSON.parse(page.slice(from + BEFORE.length, to)));
    return parsed.success ? parsed.data : "damaged";
  } catch {
    return "damaged";
  }
}
