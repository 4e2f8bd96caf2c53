import { unexpectedError, type WalletErrorData } from "#core/errors/wallet-error.ts";
import { accountAddress } from "#core/keys/account-address.ts";
import { addressOfKey, keyId, keyOfAddress } from "#core/keys/key.ts";
import { REPLACEABLE_ROLES, type ReplaceableRole } from "#core/keys/role.ts";
import { NO_SALT } from "#core/primitives/hex.ts";
import { CREATION_STEPS, type CreationStep } from "#core/wallet-api/state.ts";
import { createNetworkKeys, type NetworkKeysOptions } from "../keys/network-keys.ts";
import {
  type HeldKey,
  isComplete,
  networkKey,
  ownDeviceKey,
  type Profile,
  type ProfileStore,
  withKey,
} from "../profile.ts";

type StepId = CreationStep["id"];

export interface CreationOptions extends NetworkKeysOptions {
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
    case "mfa-key":
    case "recovery-key":
      return heldBy(profile, step) !== undefined;
    case "address":
      return profile.account !== undefined;
    case "records":
      return isComplete(profile);
  }
};

const heldBy = (profile: Profile, step: StepId): HeldKey | undefined => {
  switch (step) {
    case "device-key":
      return ownDeviceKey(profile.keys);
    case "mfa-key":
      return profile.keys.mfa[0];
    case "recovery-key":
      return profile.keys.recovery[0];
    case "address":
    case "records":
      return undefined;
  }
};

export function createCreation(options: CreationOptions): Creation {
  const { chain, vault, profile, onChange, onUnexpected } = options;
  const { contracts } = chain.config;
  const networkKeys = createNetworkKeys(options);
  let running: StepId | undefined;
  let failure: { step: StepId; error: WalletErrorData } | undefined;

  async function makeDeviceKey(): Promise<void> {
    const { device } = await vault.call("createDeviceKey", undefined);
    const held: HeldKey = { key: keyOfAddress(device), holder: "this-computer", detail: "This computer" };
    await profile.update((old) => ({ ...old, keys: withKey(old.keys, "device", held) }));
  }

  async function makeNetworkKey(role: ReplaceableRole): Promise<void> {
    const device = ownDeviceKey((await profile.get()).keys);
    const creator = device && addressOfKey(device.key);
    if (!creator) throw new Error("the device key is made first");
    const held = await networkKeys.make(creator);
    await profile.update((old) => ({ ...old, keys: withKey(old.keys, role, held) }));
  }

  /**
   * Writes the first record of each network key that has none, signed by the key itself, into the factor registry. The
   * records name the account, so they come after its address.
   */
  async function writeRecords(): Promise<void> {
    for (const role of REPLACEABLE_ROLES) {
      const { keys, account } = await profile.get();
      if (!account || keys[role].length === 0) throw new Error("the keys and the address are made first");
      const held = networkKey(keys, role);
      if (!held || held.record) continue;
      const record = await networkKeys.writeFirstRecord(role, held, account.address);
      await profile.update((old) => ({ ...old, keys: withKey(old.keys, role, { ...held, record }) }));
    }
  }

  async function fixAddress(): Promise<void> {
    const current = await profile.get();
    const device = heldBy(current, "device-key");
    const mfa = heldBy(current, "mfa-key");
    const recovery = heldBy(current, "recovery-key");
    if (!device || !mfa || !recovery) throw new Error("a key is missing");
    const firstKeys = {
      device: keyId(device.key),
      mfa: keyId(mfa.key),
      recovery: keyId(recovery.key),
      salt: NO_SALT,
    };
    const address = accountAddress(contracts.factory, contracts.implementation, firstKeys);
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
