import { encodeFunctionData } from "viem";
import { factorRegistryAbi } from "#contracts/abi.ts";
import { WalletError } from "#core/errors/wallet-error.ts";
import { addressOfKey, keyId } from "#core/keys/key.ts";
import type { ReplaceableRole } from "#core/keys/role.ts";
import { type Address, sameAddress } from "#core/primitives/address.ts";
import type { GateDigest, Hex } from "#core/primitives/hex.ts";
import type { OpenedRecord, RecordFactor } from "#core/security/opened-record.ts";
import type { RecordState } from "#core/security/record-change.ts";
import { recordId } from "#core/watch/facts.ts";
import type { AccountReader } from "../chain/account-reader.ts";
import type { ChainClient } from "../chain/client.ts";
import type { Relay } from "../chain/relay.ts";
import type { KeyNetworkService } from "../key-network.ts";
import { type HeldKey, networkKey, type ProfileStore, withKey } from "../profile.ts";
import type { VaultClient } from "../vault.ts";
import type { SignedRecords } from "./signed-records.ts";

export interface RecordsOptions {
  readonly chain: ChainClient;
  readonly reader: AccountReader;
  readonly relay: Relay;
  readonly vault: VaultClient;
  readonly keyNetwork: KeyNetworkService;
  readonly profile: ProfileStore;
  readonly signed: Pick<SignedRecords, "during">;
}

/** What is wanted of a record: other factors, or another gate. One change at a time. */
export interface WantedChange {
  readonly factors?: readonly RecordFactor[];
  readonly gate?: GateDigest;
}

export interface ChangeOptions {
  /** A wallet of the key's record that signs along on the Ledger, to prove who the person is. */
  readonly wallet?: Address;
  /** The same change of this other key's record comes next: the person approves both by one decision. */
  readonly alongside?: ReplaceableRole;
}

/** The records of the network's keys in the factor registry. */
export interface Records {
  /** What a key's record holds and which gate it names; undefined when the network does not hold the role's key. */
  readonly read: (role: ReplaceableRole) => Promise<RecordState | undefined>;
  /**
   * Changes a key's record: the person approves it in the confirm window, the key signs it if the gate agrees, the
   * registry holds it. The session must have proven what the rules ask for; the new factor, too.
   */
  readonly change: (role: ReplaceableRole, wanted: WantedChange, options?: ChangeOptions) => Promise<void>;
}

interface NetworkKey {
  readonly key: Address;
  readonly publicKey: Hex;
  readonly held: HeldKey;
  readonly record: OpenedRecord;
}

export function createRecords(options: RecordsOptions): Records {
  const { chain, reader, relay, vault, keyNetwork, profile, signed } = options;

  const hold = (role: ReplaceableRole, { key }: HeldKey, change: (held: HeldKey) => HeldKey) =>
    profile.update((old) => {
      const held = networkKey(old.keys, role);
      // The role may have another key by now.
      const isSame = held && sameAddress(held.key.signer, key.signer);
      return isSame ? { ...old, keys: withKey(old.keys, role, change(held)) } : old;
    });

  /** The change that was on its way is what the registry holds now. */
  const settle = (role: ReplaceableRole, held: HeldKey, record: OpenedRecord) =>
    hold(role, held, ({ nextRecord: _settled, ...rest }) => ({ ...rest, record }));

  /** The role's key, if the network holds it; a change that was on its way when Trivet stopped is settled first. */
  async function find(role: ReplaceableRole): Promise<NetworkKey | undefined> {
    const { keys } = await profile.get();
    const held = networkKey(keys, role);
    const key = held && addressOfKey(held.key);
    if (!held?.publicKey || !held.record || !key) return undefined;
    const { publicKey, nextRecord } = held;
    const { factors } = await reader.factorRecord(key);
    const hasArrived = nextRecord?.entries.join() === factors.join();
    const record = hasArrived ? nextRecord.record : held.record;
    if (hasArrived) await settle(role, held, record);
    return { key, publicKey, held, record };
  }

  /** The change of one record, as the vault decides about it. */
  async function changeOf(role: ReplaceableRole, { key, record }: NetworkKey, wanted: WantedChange) {
    const { gate, version } = await reader.factorRecord(key);
    const from = { record, gate };
    const to = {
      record: { ...record, factors: [...(wanted.factors ?? record.factors)] },
      gate: wanted.gate ?? gate,
    };
    return { key, role, version: version + 1n, from, to };
  }

  return {
    async read(role) {
      const found = await find(role);
      if (!found) return undefined;
      const { gate } = await reader.factorRecord(found.key);
      return { record: found.record, gate };
    },
    async change(role, wanted, { wallet, alongside } = {}) {
      const found = await find(role);
      const second = alongside && (await find(alongside));
      if (!found) throw notInNetwork();
      const { key, publicKey, held, record: opened } = found;
      const first = await changeOf(role, found, wanted);
      const { to } = first;
      const { authorization, walletSignature, entries } = await vault.call("authorizeRecordChange", {
        ...first,
        ...(wallet && { wallet }),
        ...(alongside && second && { alongside: await changeOf(alongside, second, wanted) }),
      });
      const { signature } = await keyNetwork.signRecord({
        role,
        publicKey,
        authorization,
        opened,
        next: to,
        expected: entries,
        ...(walletSignature && { walletSignature }),
      });
      // Kept before it is sent: from then on the registry may hold either.
      await hold(role, held, (old) => ({ ...old, nextRecord: { record: to.record, entries } }));
      const { gate } = to;
      const record = recordId({ key: keyId(held.key), gate, version: first.version, factors: entries });
      await signed.during(record, async () => {
        const hash = await relay({
          to: chain.config.contracts.factorRegistry,
          data: encodeFunctionData({
            abi: factorRegistryAbi,
            functionName: "setRecord",
            args: [key, gate, entries, signature],
          }),
        });
        await chain.receipt(hash);
        // A relay can name any transaction: what counts is what the registry holds.
        const written = await reader.factorRecord(key);
        if (written.gate !== gate || written.factors.join() !== entries.join()) throw recordNotWritten();
      });
      await settle(role, held, to.record);
    },
  };
}

/** What a relay says that it sent did not write a record. */
export const recordNotWritten = () =>
  new WalletError(
    "record-not-written",
    "The factor registry does not hold this key's record: what the relay sent did not write it.",
    "Continue to send it again. Nothing is lost.",
  );

const notInNetwork = () =>
  new WalletError(
    "key-not-in-network",
    "The network does not hold this key, so it has no factors there.",
    "See the keys screen for who holds it.",
  );
