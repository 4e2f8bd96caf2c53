import { addressOfKey, type Key, keyId, keyOfAddress } from "#core/keys/key.ts";
import { REPLACEABLE_ROLES, type ReplaceableRole } from "#core/keys/role.ts";
import { type Address, sameAddress } from "#core/primitives/address.ts";
import { NO_SALT } from "#core/primitives/hex.ts";
import { openEntries, type RecordFactor } from "#core/security/opened-record.ts";
import type { JoiningView } from "#core/wallet-api/joining.ts";
import type { Output } from "../../processes/peer.ts";
import type { PASSKEY_METHODS } from "../../vault/passkeys/methods.ts";
import type { AccountReader } from "../chain/account-reader.ts";
import type { ChainClient } from "../chain/client.ts";
import { networkHolder } from "../network-holder.ts";
import { type HeldKey, type Profile, type ProfileStore, withKey } from "../profile.ts";
import type { ContractState } from "../security/contract-state.ts";
import type { VaultClient } from "../vault.ts";
import { findNetworkKeys } from "./find-network-keys.ts";

type NetworkStanding = NonNullable<JoiningView["recovery"]>["network"];

export interface KeysHereOptions {
  readonly chain: ChainClient;
  readonly reader: AccountReader;
  readonly vault: VaultClient;
  readonly profile: ProfileStore;
}

/** The mfa or recovery key that a key is, if the account has it. */
function roleOf(contract: ContractState, key: Key): ReplaceableRole | undefined {
  const id = keyId(key);
  const known = contract.keys.find((one) => one.id === id)?.role;
  return REPLACEABLE_ROLES.find((role) => role === known);
}

const add = (profile: ProfileStore, role: ReplaceableRole, held: HeldKey) =>
  profile.update((old) => ({ ...old, keys: withKey(old.keys, role, held) }));

/** Wallets that may be among the factors of a record: those whose address this computer came to know. */
function walletsOf({ keys }: Profile): RecordFactor[] {
  return REPLACEABLE_ROLES.flatMap((role) => keys[role])
    .filter(({ holder }) => holder === "ledger")
    .flatMap(({ key }) => addressOfKey(key) ?? [])
    .map((address) => ({ type: "wallet", id: address.toLowerCase() }));
}

/**
 * Puts the account's network-held keys into the profile, with what their records hold: as far as this person's factors
 * explain them. A key is worth nothing here without its record, because the gate wants it opened.
 * @param wallets of the person's, besides those that hold keys
 * @returns how it stands with the network's recovery key
 */
export async function addNetworkKeys(
  { chain, reader, vault, profile }: KeysHereOptions,
  account: Address,
  contract: ContractState,
  wallets: readonly Address[] = [],
): Promise<NetworkStanding> {
  const [found, { person, factors }, current] = await Promise.all([
    findNetworkKeys(chain, account),
    vault.call("knownFactors", undefined),
    profile.get(),
  ]);
  const named = wallets.map((address): RecordFactor => ({ type: "wallet", id: address.toLowerCase() }));
  const candidates = [...factors.map(({ type, id }) => ({ type, id })), ...walletsOf(current), ...named];
  let standing: NetworkStanding = "none";
  for (const { key, publicKey } of found) {
    const role = roleOf(contract, keyOfAddress(key));
    if (!role) continue;
    const registered = await reader.factorRecord(key);
    const record = openEntries(registered.factors, candidates, account, {
      person,
      chainId: chain.config.chain.id,
    });
    if (role === "recovery") standing = !publicKey ? "unreadable" : record ? "ready" : "not-yours";
    if (!publicKey || !record) continue;
    const detail = networkHolder(chain.config);
    await add(profile, role, { key: keyOfAddress(key), holder: "network", detail, publicKey, record });
  }
  return standing;
}

/**
 * Puts a Ledger's key into the profile, if the account has it.
 * @returns whether it has
 */
export async function addLedgerKey(
  profile: ProfileStore,
  contract: ContractState,
  signer: Address,
  model: string | undefined,
): Promise<boolean> {
  const role = roleOf(contract, keyOfAddress(signer));
  if (!role) return false;
  const { keys } = await profile.get();
  const isKnown = keys[role].some(({ key }) => sameAddress(key.signer, signer));
  if (!isKnown) {
    await add(profile, role, { key: keyOfAddress(signer), holder: "ledger", detail: model ?? "Ledger" });
  }
  return true;
}

/**
 * Puts a passkey's key into the profile, if the account has it: its answer fits a few public keys, and the account knows
 * which of them is the passkey's.
 * @returns whether it has
 */
export async function addPasskeyKey(
  profile: ProfileStore,
  contract: ContractState,
  { credential, signers }: Output<typeof PASSKEY_METHODS, "findPasskey">,
): Promise<boolean> {
  for (const signer of signers) {
    const key = { signer, salt: NO_SALT };
    const role = roleOf(contract, key);
    if (!role) continue;
    await add(profile, role, { key, holder: "passkey", detail: "Passkey", credential });
    return true;
  }
  return false;
}
