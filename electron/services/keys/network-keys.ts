import { encodeFunctionData } from "viem";
import { factorRegistryAbi } from "#contracts/abi.ts";
import { WalletError } from "#core/errors/wallet-error.ts";
import { addressOfKey, keyOfAddress } from "#core/keys/key.ts";
import type { ReplaceableRole } from "#core/keys/role.ts";
import type { Address } from "#core/primitives/address.ts";
import type { OpenedRecord } from "#core/security/opened-record.ts";
import type { AccountReader } from "../chain/account-reader.ts";
import type { ChainClient } from "../chain/client.ts";
import type { Relay } from "../chain/relay.ts";
import { readCanonicalGate } from "../gates/registry.ts";
import type { KeyNetworkService } from "../key-network.ts";
import { networkHolder } from "../network-holder.ts";
import type { HeldKey } from "../profile.ts";
import { recordNotWritten } from "../records/records.ts";
import type { VaultClient } from "../vault.ts";

export interface NetworkKeysOptions {
  readonly chain: ChainClient;
  readonly reader: AccountReader;
  readonly relay: Relay;
  readonly vault: VaultClient;
  readonly keyNetwork: KeyNetworkService;
}

/** Makes keys that the network holds. */
export interface NetworkKeys {
  /** @param device the device key of this computer, which may ask for the key's signatures */
  readonly make: (device: Address) => Promise<HeldKey>;
  /**
   * Writes the first record of a key that has none, signed by the key itself, into the factor registry: the account,
   * the factors that this session proved lately, and the gate. Written already, it is only read.
   */
  readonly writeFirstRecord: (
    role: ReplaceableRole,
    held: HeldKey,
    account: Address,
  ) => Promise<OpenedRecord>;
}

export function createNetworkKeys(options: NetworkKeysOptions): NetworkKeys {
  const { chain, reader, relay, vault, keyNetwork } = options;
  return {
    async make(device) {
      const { publicKey, address } = await keyNetwork.createKey(device);
      const detail = networkHolder(chain.config);
      return { key: keyOfAddress(address), holder: "network", detail, publicKey };
    },
    async writeFirstRecord(role, held, account) {
      const key = addressOfKey(held.key);
      if (!key || !held.publicKey) throw new Error("a network key has an address and a public key");
      const gate = await readCanonicalGate(chain);
      if (!gate) throw noGate();
      const { authorization, next, entries } = await vault.call("authorizeFirstRecord", {
        key,
        account,
        gate,
      });
      const registered = await reader.factorRecord(key);
      if (registered.version > 0n) {
        // Written before an interruption. What it holds is known only if the person proved the same again.
        if (registered.factors.join() === entries.join()) return next.record;
        throw recordUnknown();
      }
      const { signature } = await keyNetwork.signRecord({
        role,
        publicKey: held.publicKey,
        authorization,
        next,
        expected: entries,
      });
      const hash = await relay({
        to: chain.config.contracts.factorRegistry,
        data: encodeFunctionData({
          abi: factorRegistryAbi,
          functionName: "setRecord",
          args: [key, next.gate, entries, signature],
        }),
      });
      await chain.receipt(hash);
      // A relay can name any transaction: without its record the key would sign nothing, ever.
      const written = await reader.factorRecord(key);
      if (written.factors.join() !== entries.join()) throw recordNotWritten();
      return next.record;
    },
  };
}

const recordUnknown = () =>
  new WalletError(
    "record-unknown",
    "The factor registry holds another record for this key than the one you would write now.",
    "Sign in with the same factors as when you began to create the account, then continue.",
  );

const noGate = () =>
  new WalletError(
    "no-gate",
    "No gate is published on this network yet, so its keys cannot sign.",
    "Try again later, or ask whoever runs the network. Nothing is lost.",
  );
