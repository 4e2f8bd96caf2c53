import path from "node:path";
import { z } from "zod";
import { keyId, zKey } from "#core/keys/key.ts";
import { REPLACEABLE_ROLES, ROLES, type Role } from "#core/keys/role.ts";
import { zAddress } from "#core/primitives/address.ts";
import { WalletError } from "#core/errors/wallet-error.ts";
import { zFactorId, zHex } from "#core/primitives/hex.ts";
import { zOpenedRecord } from "#core/security/opened-record.ts";
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
  /** Of a network key whose record is on the chain: what the record holds, which the chain shows only as hashes. */
  record: zOpenedRecord.optional(),
  /** A changed record that was sent to the chain, and what the registry holds once it is there. */
  nextRecord: z.object({ record: zOpenedRecord, entries: z.array(zFactorId) }).optional(),
});
export type HeldKey = z.output<typeof zHeldKey>;

const VERSION = 2;

const zProfile = z.strictObject({
  version: z.literal(VERSION),
  email: z.string(),
  /** Told apart by chain: one profile serves one account on one chain. */
  chainId: z.number(),
  /** Keys as they are now. A role is missing while the account is being created. */
  keys: z.object({ device: zHeldKey.optional(), mfa: zHeldKey.optional(), recovery: zHeldKey.optional() }),
  /** The account's address and first keys, once all three exist. */
  account: z
    .object({
      address: zAddress,
      firstKeys: z.object({ device: zKey, mfa: zKey, recovery: zKey, salt: zHex }),
    })
    .optional(),
});
export type Profile = z.output<typeof zProfile>;

/** The profile as services read and change it. */
export interface ProfileStore {
  readonly get: () => Promise<Profile>;
  readonly update: (change: (profile: Profile) => Profile) => Promise<void>;
}

/** A profile without keys: nothing of the account was made yet. */
export const newProfile = (email: string, chainId: number): Profile => ({
  version: VERSION,
  email,
  chainId,
  keys: {},
});

/** Whether every network key of the account has its record, without which it signs nothing. */
export const isComplete = ({ account, keys }: Profile): boolean =>
  account !== undefined &&
  REPLACEABLE_ROLES.every((role) => keys[role]?.holder !== "network" || keys[role].record !== undefined);

const zVersion = z.object({ version: z.number() });

/** A profile of an earlier, unreleased version holds network keys whose records name no account: it cannot be used. */
function refuseEarlier(content: unknown): unknown {
  const { data } = zVersion.safeParse(content);
  if (data && data.version < VERSION) {
    throw new WalletError(
      "profile-outdated",
      "This profile was made by an earlier version of Trivet, for trying out, and this version cannot use its keys.",
      "Start with a new profile: move the old one's folder away. On the devnet, reset the devnet too.",
    );
  }
  return content;
}

/** The wallet's profile: which account it is, and which keys it stands on. */
export const profileFile = (directory: string): JsonFile<Profile> =>
  jsonFile(path.join(directory, "profile.json"), z.preprocess(refuseEarlier, zProfile));

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
