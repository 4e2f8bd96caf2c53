import { rm } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { zFirstKeys } from "#core/exit-kit/exit-kit.ts";
import { keyId, zKey } from "#core/keys/key.ts";
import { REPLACEABLE_ROLES, type ReplaceableRole, ROLES, type Role } from "#core/keys/role.ts";
import { zCredentialId } from "#core/passkey/parts.ts";
import { zAddress } from "#core/primitives/address.ts";
import { WalletError } from "#core/errors/wallet-error.ts";
import { type KeyId, zFactorId, zHex } from "#core/primitives/hex.ts";
import { zOpenedRecord } from "#core/security/opened-record.ts";
import { type AccountKey, zHolder } from "#core/wallet-api/state.ts";
import { type JsonFile, jsonFile } from "./storage/json-file.ts";

/** A key and its holder, as this computer knows them. Nothing in a profile is secret. */
export const zHeldKey = z.object({
  key: zKey,
  holder: zHolder,
  /** Where exactly, in words. */
  detail: z.string(),
  /** Of a passkey: the name by which its authenticator knows it. Without it, the person chooses among theirs. */
  credential: zCredentialId.optional(),
  /** Uncompressed public key of a network key: the network finds the key by it. */
  publicKey: zHex.optional(),
  /** Of a network key whose record is on the chain: what the record holds, which the chain shows only as hashes. */
  record: zOpenedRecord.optional(),
  /** A changed record that was sent to the chain, and what the registry holds once it is there. */
  nextRecord: z.object({ record: zOpenedRecord, entries: z.array(zFactorId) }).optional(),
});
export type HeldKey = z.output<typeof zHeldKey>;

const VERSION = 3;

/**
 * The keys of each role that this computer knows, in the order in which they came; the contract may have others, and it
 * alone says how many of a role have to sign. A role has none while the account is being created.
 */
const zHeldKeys = z.strictObject({
  device: z.array(zHeldKey),
  mfa: z.array(zHeldKey),
  recovery: z.array(zHeldKey),
});
export type HeldKeys = z.output<typeof zHeldKeys>;

/** Earlier versions kept the whole keys. */
const zFirstKey = z.union([zFirstKeys.shape.device, zKey.transform((key) => keyId(key))]);

const zProfile = z.strictObject({
  version: z.literal(VERSION),
  email: z.string(),
  /** Told apart by chain: one profile serves one account on one chain. */
  chainId: z.number(),
  /** Keys as they are now. */
  keys: zHeldKeys,
  /** The account's address and the ids of its first keys, once all three exist. */
  account: z
    .object({
      address: zAddress,
      firstKeys: zFirstKeys.extend({ device: zFirstKey, mfa: zFirstKey, recovery: zFirstKey }),
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
  keys: { device: [], mfa: [], recovery: [] },
});

/** Whether every network key of the account has its record, without which it signs nothing. */
export const isComplete = ({ account, keys }: Profile): boolean =>
  account !== undefined &&
  REPLACEABLE_ROLES.every((role) => {
    const held = networkKey(keys, role);
    return held === undefined || held.record !== undefined;
  });

/** The device key of this very computer; other computers' may be known besides. */
export const ownDeviceKey = ({ device }: HeldKeys): HeldKey | undefined =>
  device.find(({ holder }) => holder === "this-computer");

/** The key of a role that the key network holds; it holds one at most. */
export const networkKey = (keys: HeldKeys, role: ReplaceableRole): HeldKey | undefined =>
  keys[role].find(({ holder }) => holder === "network");

/** Whether a key signs by letters that go to and fro: a friend's, or that of a Safe of the person's own. */
export const signsByLetter = ({ holder }: Pick<HeldKey, "holder">): boolean =>
  holder === "friend" || holder === "safe";

/** A key by its id, with its role. */
export function findKey(
  keys: HeldKeys,
  id: KeyId,
): { readonly role: Role; readonly held: HeldKey } | undefined {
  for (const role of ROLES) {
    const held = keys[role].find(({ key }) => keyId(key) === id);
    if (held) return { role, held };
  }
  return undefined;
}

/** The keys with one more; one with the same id is changed, and stays where it is. */
export function withKey(keys: HeldKeys, role: Role, held: HeldKey): HeldKeys {
  const id = keyId(held.key);
  const isKnown = keys[role].some(({ key }) => keyId(key) === id);
  const list = isKnown
    ? keys[role].map((old) => (keyId(old.key) === id ? held : old))
    : [...keys[role], held];
  return { ...keys, [role]: list };
}

/** The keys without one. */
export function withoutKey(keys: HeldKeys, id: KeyId): HeldKeys {
  const without = (list: readonly HeldKey[]) => list.filter(({ key }) => keyId(key) !== id);
  return { device: without(keys.device), mfa: without(keys.mfa), recovery: without(keys.recovery) };
}

const zVersion = z.object({ version: z.number() });

const zVersion2 = z.looseObject({
  version: z.literal(2),
  keys: z.strictObject({
    device: z.unknown().optional(),
    mfa: z.unknown().optional(),
    recovery: z.unknown().optional(),
  }),
});

/** What version 2 knew, which had one key at most of each role. */
function fromVersion2(content: unknown): unknown {
  const { data } = zVersion2.safeParse(content);
  if (!data) return content;
  const list = (held: unknown) => (held === undefined ? [] : [held]);
  const { device, mfa, recovery } = data.keys;
  return {
    ...data,
    version: VERSION,
    keys: { device: list(device), mfa: list(mfa), recovery: list(recovery) },
  };
}

/**
 * Profiles of earlier versions: what can be read is read as if it were of this one, and written so with the next change.
 * Version 1, unreleased, holds network keys whose records name no account: it cannot be used.
 */
function readEarlier(content: unknown): unknown {
  const { data } = zVersion.safeParse(content);
  if (data && data.version < 2) {
    throw new WalletError(
      "profile-outdated",
      "This profile was made by an earlier version of Trivet, for trying out, and this version cannot use its keys.",
      "Start with a new profile: move the old one's folder away. On the devnet, reset the devnet too.",
    );
  }
  return fromVersion2(content);
}

export interface ProfileFile extends JsonFile<Profile> {
  /** Only a computer that gives up joining an account forgets it. */
  readonly remove: () => Promise<void>;
}

/** The wallet's profile: which account it is, and which keys it stands on. */
export function profileFile(directory: string): ProfileFile {
  const file = path.join(directory, "profile.json");
  return {
    ...jsonFile(file, z.preprocess(readEarlier, zProfile)),
    remove: () => rm(file, { force: true }),
  };
}

/** The keys of a profile as the screens show them. */
export function accountKeys(profile: Profile): AccountKey[] {
  return ROLES.flatMap((role) =>
    profile.keys[role].map(({ key, holder, detail }) => ({
      role,
      holder,
      id: keyId(key),
      signer: key.signer,
      detail,
    })),
  );
}
