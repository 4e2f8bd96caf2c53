import path from "node:path";
import { z } from "zod";
import { keyId, zKey } from "#core/keys/key.ts";
import { REPLACEABLE_ROLES, ROLES, type Role } from "#core/keys/role.ts";
import { zAddress } from "#core/primitives/address.ts";
import { zHex } from "#core/primitives/hex.ts";
import { type AccountKey, zHolder } from "#core/wallet-api/state.ts";
import { addressOfKey } from "#core/keys/key.ts";
import { type JsonFile, jsonFile } from "./storage/json-file.ts";

/** A key and its holder, as this computer knows them. Nothing in a profile is secret. */
export const zHeldKey = z.object({
  key: zKey,
  holder: zHolder,
  /** Where exactly, in words. */
  detail: z.string(),
  /** Uncompressed public key of a network key: the network finds the key by it. */
  publicKey: zHex.optional(),
});
export type HeldKey = z.output<typeof zHeldKey>;

const zProfile = z.strictObject({
  version: z.literal(1),
  email: z.string(),
  /** Told apart by chain: one profile serves one account on one chain. */
  chainId: z.number(),
  /** Keys as they are now. A role is missing while the account is being created. */
  keys: z.object({ device: zHeldKey.optional(), mfa: zHeldKey.optional(), recovery: zHeldKey.optional() }),
  /** Network keys whose factor record is on the chain already; only during creation. */
  registered: z.array(z.enum(REPLACEABLE_ROLES)),
  /** The account's address and first keys, once all three exist. */
  account: z
    .object({
      address: zAddress,
      firstKeys: z.object({ device: zKey, mfa: zKey, recovery: zKey, salt: zHex }),
    })
    .optional(),
});
export type Profile = z.output<typeof zProfile>;

/** The wallet's profile: which account it is, and which keys it stands on. */
export const profileFile = (directory: string): JsonFile<Profile> =>
  jsonFile(path.join(directory, "profile.json"), zProfile);

/** The keys of a profile as the screens show them. */
export function accountKeys(profile: Profile): AccountKey[] {
  return ROLES.flatMap((role: Role): AccountKey[] => {
    const held = profile.keys[role];
    const signer = held && addressOfKey(held.key);
    return held && signer
      ? [{ role, holder: held.holder, id: keyId(held.key), signer, detail: held.detail }]
      : [];
  });
}
