import { encodeFunctionData } from "viem";
import { factorRegistryAbi } from "#contracts/abi.ts";
import { unexpectedError, WalletError, type WalletErrorData } from "#core/errors/wallet-error.ts";
import type { NetworkConfig } from "#core/config/network.ts";
import { accountAddress } from "#core/keys/account-address.ts";
import { addressOfKey, keyId, keyOfAddress } from "#core/keys/key.ts";
import { REPLACEABLE_ROLES, type ReplaceableRole } from "#core/keys/role.ts";
import type { Address } from "#core/primitives/address.ts";
import { NO_SALT } from "#core/primitives/hex.ts";
import type { OpenedRecord } from "#core/security/opened-record.ts";
import { CREATION_STEPS, type CreationStep } from "#core/wallet-api/state.ts";
import type { AccountReader } from "../chain/account-reader.ts";
import type { ChainClient } from "../chain/client.ts";
import type { Relay } from "../chain/relay.ts";
import { readCanonicalGate } from "../gates/registry.ts";
import type { KeyNetworkService } from "../key-network.ts";
import { type HeldKey, isComplete, type Profile, type ProfileStore } from "../profile.ts";
import type { VaultClient } from "../vault.ts";

type StepId = CreationStep["id"];

export interface CreationOptions {
  readonly chain: ChainClient;
  readonly reader: AccountReader;
  readonly relay: Relay;
  readonly vault: VaultClient;
  readonly keyNetwork: KeyNetworkService;
  readonly profile: ProfileStore;
  readonly onChange: () => void;
  readonly onUnexpected: (where: string, cause: unknown) => void;
}

/** Makes an account's three keys one after another; what exists is kept, so an interrupted creation goes on. */
export interface Creation {
  readonly isRunning: () => boolean;
  readonly steps: (profile: Profile) => CreationStep[];
  /** Goes on from the first step that is not done. Resolves when the account is complete or a step failed. */
  readonly run: () => Promise<void>;
}

const isDone = (profile: Profile, step: StepId): boolean => {
  switch (step) {
    case "device-key":
      return profile.keys.device !== undefined;
    case "mfa-key":
      return profile.keys.mfa !== undefined;
    case "recovery-key":
      return profile.keys.recovery !== undefined;
    case "address":
      return profile.account !== undefined;
    case "records":
      return isComplete(profile);
  }
};

const heldBy = (profile: Profile, step: StepId): HeldKey | undefined => {
  switch (step) {
    case "device-key":
      return profile.keys.device;
    case "mfa-key":
      return profile.keys.mfa;
    case "recovery-key":
      return profile.keys.recovery;
    case "address":
    case "records":
      return undefined;
  }
};

export function createCreation(options: CreationOptions): Creation {
  const { chain, reader, relay, vault, keyNetwork, profile, onChange, onUnexpected } = options;
  const { contracts } = chain.config;
  const networkDetail = holderOf(chain.config);
  let running: StepId | undefined;
  let failure: { step: StepId; error: WalletErrorData } | undefined;

  async function makeDeviceKey(): Promise<void> {
    const { device } = await vault.call("createDeviceKey", undefined);
    const held: HeldKey = { key: keyOfAddress(device), holder: "this-computer", detail: "This computer" };
    await profile.update((old) => ({ ...old, keys: { ...old.keys, device: held } }));
  }

  async function makeNetworkKey(role: ReplaceableRole): Promise<void> {
    const { device } = (await profile.get()).keys;
    const creator = device && addressOfKey(device.key);
    if (!creator) throw new Error("the device key is made first");
    const { publicKey, address } = await keyNetwork.createKey(creator);
    const held: HeldKey = {
      key: keyOfAddress(address),
      holder: "network",
      detail: networkDetail,
      publicKey,
    };
    await profile.update((old) => ({ ...old, keys: { ...old.keys, [role]: held } }));
  }

  /**
   * Writes the first record of each network key that has none, signed by the key itself, into the factor registry. The
   * records name the account, so they come after its address.
   */
  async function writeRecords(): Promise<void> {
    for (const role of REPLACEABLE_ROLES) {
      const { keys, account } = await profile.get();
      const held = keys[role];
      if (!account || !held) throw new Error("the keys and the address are made first");
      if (held.holder !== "network" || held.record) continue;
      const record = await writeRecord(role, held, account.address);
      await profile.update((old) => ({ ...old, keys: { ...old.keys, [role]: { ...held, record } } }));
    }
  }

  async function writeRecord(role: ReplaceableRole, held: HeldKey, account: Address): Promise<OpenedRecord> {
    const key = addressOfKey(held.key);
    if (!key || !held.publicKey) throw new Error("a network key has an address and a public key");
    const gate = await readCanonicalGate(chain);
    if (!gate) throw noGate();
    const { authorization, next, entries } = await vault.call("authorizeFirstRecord", { key, account, gate });
    const registered = await reader.factorRecord(key);
    if (registered.version > 0n) {
      // Written before an interruption. What it holds is known only if the person proved the same again.
      if (registered.factors.join() === entries.join()) return next.record;
      throw new WalletError(
        "record-unknown",
        "The factor registry holds another record for this key than the one you would write now.",
        "Sign in with the same factors as when you began to create the account, then continue.",
      );
    }
    const { publicKey } = held;
    const { signature } = await keyNetwork.signRecord({
      role,
      publicKey,
      authorization,
      next,
      expected: entries,
    });
    const hash = await relay({
      to: contracts.factorRegistry,
      data: encodeFunctionData({
        abi: factorRegistryAbi,
        functionName: "setRecord",
        args: [key, next.gate, entries, signature],
      }),
    });
    await chain.read((client) => client.waitForTransactionReceipt({ hash }));
    return next.record;
  }

  async function fixAddress(): Promise<void> {
    const { keys } = await profile.get();
    if (!keys.device || !keys.mfa || !keys.recovery) throw new Error("a key is missing");
    const firstKeys = {
      device: keys.device.key,
      mfa: keys.mfa.key,
      recovery: keys.recovery.key,
      salt: NO_SALT,
    };
    const address = accountAddress(contracts.factory, contracts.implementation, {
      device: keyId(firstKeys.device),
      mfa: keyId(firstKeys.mfa),
      recovery: keyId(firstKeys.recovery),
      salt: firstKeys.salt,
    });
    await profile.update((old) => ({ ...old, account: { address, firstKeys } }));
  }

  const RUN: Record<StepId, () => Promise<void>> = {
    "device-key": makeDeviceKey,
    "mfa-key": () => makeNetworkKey("mfa"),
    "recovery-key": () => makeNetworkKey("recovery"),
    address: fixAddress,
    records: writeRecords,
  };

  return {
    isRunning: () => running !== undefined,
    steps: (current) =>
      CREATION_STEPS.map((id): CreationStep => {
        const held = heldBy(current, id);
        const signer = held && addressOfKey(held.key);
        const failed = failure?.step === id ? failure.error : undefined;
        return {
          id,
          status: isDone(current, id) ? "done" : running === id ? "running" : failed ? "failed" : "waiting",
          ...(held ? { holder: held.holder } : {}),
          ...(signer ? { signer } : {}),
          ...(failed ? { error: failed } : {}),
        };
      }),
    async run() {
      if (running) return;
      failure = undefined;
      try {
        for (const step of CREATION_STEPS) {
          if (isDone(await profile.get(), step)) continue;
          running = step;
          onChange();
          await RUN[step]();
          onChange();
        }
      } catch (cause) {
        const error = unexpectedError(cause);
        if (error !== cause) onUnexpected(running ?? "creation", cause);
        if (running) failure = { step: running, error: error.toJSON() };
      } finally {
        running = undefined;
        onChange();
      }
    },
  };
}

/** Who holds the network's keys, as the profile says it of a key. */
function holderOf({ keyNetwork, kind }: NetworkConfig): string {
  switch (keyNetwork.adapter) {
    case "local":
      return `${keyNetwork.nodes.length} key nodes${kind === "devnet" ? " on this computer (devnet)" : ""}`;
    case "chipotle":
      return "Lit's enclave";
  }
}

const noGate = () =>
  new WalletError(
    "no-gate",
    "No gate is published on this network yet, so its keys cannot sign.",
    "Try again later, or ask whoever runs the network. Nothing is lost.",
  );
