import { randomBytes } from "node:crypto";
import { recoverMessageAddress } from "viem/utils";
import { accountAbi } from "#contracts/abi.ts";
import { rehearsalMessage } from "#core/emergency/rehearsal.ts";
import { WalletError } from "#core/errors/wallet-error.ts";
import { type Address, sameAddress } from "#core/primitives/address.ts";
import type { Hex } from "#core/primitives/hex.ts";
import type { EmergencyAddress } from "#core/wallet-api/emergency.ts";
import type { AccountReader } from "../chain/account-reader.ts";
import type { ChainClient } from "../chain/client.ts";
import type { Profile } from "../profile.ts";
import { readContractState } from "../security/contract-state.ts";
import type { JsonFile } from "../storage/json-file.ts";
import { type EmergencyNotes, NO_NOTES } from "./notes.ts";

export interface EmergencyOptions {
  readonly chain: ChainClient;
  readonly reader: AccountReader;
  readonly profile: { readonly get: () => Promise<Profile> };
  readonly notes: JsonFile<EmergencyNotes>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** The account's emergency addresses, and whether the wallets there work. */
export interface Emergency {
  readonly list: () => Promise<EmergencyAddress[]>;
  /** @returns the text to sign; the one before counts no more */
  readonly rehearse: (address: Address) => Promise<{ message: string }>;
  /**
   * Checks the signature of that text: the address itself signed it, or the contract there says that it did (ERC-1271).
   * @throws WalletError "rehearsal-failed", "no-rehearsal"
   */
  readonly prove: (address: Address, signature: Hex) => Promise<EmergencyAddress>;
}

const unknownAddress = () =>
  new WalletError(
    "emergency-address-unknown",
    "This is no emergency address of the account.",
    "Add it first; then rehearse it.",
  );

const noRehearsal = () =>
  new WalletError(
    "no-rehearsal",
    "No rehearsal was begun for this address, or Trivet was started again since.",
    "Begin the rehearsal again and sign the new text.",
  );

const failed = () =>
  new WalletError(
    "rehearsal-failed",
    "This is not the signature of that wallet over this text.",
    "Sign exactly this text with the wallet at this address, and copy all of the signature. If it fails again, do not rely on this address.",
  );

export function createEmergency({ chain, reader, profile, notes, now }: EmergencyOptions): Emergency {
  /** The texts that were asked to be signed, by address. */
  const asked = new Map<Address, string>();

  async function account() {
    const { account: found } = await profile.get();
    if (!found) throw new Error("the account is not complete");
    return found;
  }

  /** When the address last rehearsed by a transaction of its own. */
  async function onChain(of: Address, address: Address): Promise<number | undefined> {
    return chain.read(async (client) => {
      const logs = await client.getContractEvents({
        address: of,
        abi: accountAbi,
        eventName: "EmergencyRehearsed",
        args: { account: address },
        fromBlock: "earliest",
        strict: true,
      });
      const last = logs.at(-1);
      return last && Number((await client.getBlock({ blockNumber: last.blockNumber })).timestamp);
    });
  }

  async function view(of: Address, address: Address): Promise<EmergencyAddress> {
    const [isContract, transaction, { rehearsed }] = await Promise.all([
      reader.isContract(address),
      onChain(of, address),
      notes.read().then((kept) => kept ?? NO_NOTES),
    ]);
    const isThis = (one: (typeof rehearsed)[number]) =>
      sameAddress(one.account, of) && sameAddress(one.address, address);
    const signature = rehearsed.find(isThis)?.at;
    const seen = [
      ...(signature === undefined ? [] : [{ at: signature, by: "signature" as const }]),
      ...(transaction === undefined ? [] : [{ at: transaction, by: "transaction" as const }]),
    ].sort((a, b) => b.at - a.at);
    return { address, isContract, ...(seen[0] && { rehearsed: seen[0] }) };
  }

  /** The address as the account has it. */
  async function known(address: Address): Promise<{ of: Address; address: Address }> {
    const found = await account();
    const { emergencyAddresses } = await readContractState(chain, found);
    const one = emergencyAddresses.find((each) => sameAddress(each, address));
    if (!one) throw unknownAddress();
    return { of: found.address, address: one };
  }

  async function isSignedBy(address: Address, message: string, signature: Hex): Promise<boolean> {
    const recovered = await recoverMessageAddress({ message, signature }).catch(() => undefined);
    if (recovered && sameAddress(recovered, address)) return true;
    // A contract is asked; what it answers is its own.
    return (await reader.isContract(address))
      ? chain.read((client) => client.verifyMessage({ address, message, signature }))
      : false;
  }

  return {
    async list() {
      const found = await account();
      const { emergencyAddresses } = await readContractState(chain, found);
      return Promise.all(emergencyAddresses.map((address) => view(found.address, address)));
    },
    async rehearse(wanted) {
      const { of, address } = await known(wanted);
      const code = randomBytes(8).toString("hex");
      const message = rehearsalMessage({ account: of, address, chainId: chain.config.chain.id, code });
      asked.set(address, message);
      return { message };
    },
    async prove(wanted, signature) {
      const { of, address } = await known(wanted);
      const message = asked.get(address);
      if (message === undefined) throw noRehearsal();
      if (!(await isSignedBy(address, message, signature))) throw failed();
      asked.delete(address);
      const { rehearsed } = (await notes.read()) ?? NO_NOTES;
      const others = rehearsed.filter(
        (one) => !(sameAddress(one.account, of) && sameAddress(one.address, address)),
      );
      const at = Math.floor(now() / 1000);
      await notes.write({ version: 1, rehearsed: [...others, { account: of, address, at }] });
      return view(of, address);
    },
  };
}
