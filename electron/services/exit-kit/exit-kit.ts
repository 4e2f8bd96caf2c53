import type { NetworkConfig } from "#core/config/network.ts";
import { WalletError } from "#core/errors/wallet-error.ts";
import { type ExitKit, fillExitKit, zExitKit } from "#core/exit-kit/exit-kit.ts";
import { keyId, keyOfAddress } from "#core/keys/key.ts";
import { ROLES } from "#core/keys/role.ts";
import type { ChainClient } from "../chain/client.ts";
import { type DeviceNames, NO_NAMES } from "../devices/names.ts";
import type { Profile } from "../profile.ts";
import { type ContractState, readContractState } from "../security/contract-state.ts";
import type { JsonFile } from "../storage/json-file.ts";

/** What is known of the account beside this computer's own keys. */
export interface KnownBeside {
  /** Undefined where the chain could not be asked. */
  readonly contract?: Pick<ContractState, "keys"> | undefined;
  /** Computers whose request was compared on this one. */
  readonly computers: DeviceNames["computers"];
}

/**
 * The data of an account's exit kit: all that its keys do not tell, as this computer knows it. Nothing in it is secret.
 * @throws WalletError when the account is not made yet
 */
export function exitKitOf(
  profile: Profile,
  { chain, contracts, tokens }: NetworkConfig,
  now: number,
  { contract, computers }: KnownBeside = { computers: [] },
): ExitKit {
  if (!profile.account) {
    throw new WalletError("no-account", "There is no account yet.", "Make the account first.");
  }
  const { address, firstKeys } = profile.account;
  const own = ROLES.flatMap((role) =>
    profile.keys[role].map(({ key, holder, detail, credential }) => ({
      role,
      key,
      holder: (holder === "passkey" ? `Passkey ${detail}` : detail).slice(0, 120),
      ...(credential && { credential }),
    })),
  );
  const isOwn = (id: string) => own.some(({ key }) => keyId(key) === id);
  const isOnChain = (id: string) => !contract || contract.keys.some((key) => key.id === id);
  const elsewhere = computers
    .filter(({ id }) => !isOwn(id) && isOnChain(id))
    .map(({ signer, name }) => ({ role: "device" as const, key: keyOfAddress(signer), holder: name }));
  const keys = [...own, ...elsewhere];
  const known = new Set<string>(keys.map(({ key }) => keyId(key)));
  return zExitKit.parse({
    version: 1,
    createdAt: now,
    chain: { id: chain.id, name: chain.name, nativeSymbol: chain.nativeSymbol },
    account: address,
    implementation: contracts.implementation,
    factory: contracts.factory,
    webAuthnVerifier: contracts.webAuthnVerifier,
    firstKeys,
    keys,
    ...(contract && {
      others: contract.keys.filter(({ id }) => !known.has(id)).map(({ role, id }) => ({ role, id })),
    }),
    tokens: tokens.map(({ address: token, symbol, decimals }) => ({ address: token, symbol, decimals })),
  });
}

export interface ExitKitsOptions {
  readonly chain: ChainClient;
  readonly profile: { readonly get: () => Promise<Profile> };
  readonly names: Pick<JsonFile<DeviceNames>, "read">;
  /** The built page, without data. */
  readonly template: () => Promise<string>;
  /** Asks the person where to, and writes; resolves to the chosen file's name, or to nothing. */
  readonly save: (suggestedName: string, content: string) => Promise<string | undefined>;
  readonly now: () => number;
}

/** Makes exit kits. */
export interface ExitKits {
  readonly create: () => Promise<{ savedAs?: string | undefined }>;
}

export function createExitKits({ chain, profile, names, template, save, now }: ExitKitsOptions): ExitKits {
  /** A kit can be made without the chain, too: it then says so. */
  async function contractOf({ account }: Profile): Promise<ContractState | undefined> {
    try {
      return account && (await readContractState(chain, account));
    } catch (cause) {
      if (cause instanceof WalletError) return undefined;
      throw cause;
    }
  }

  return {
    async create() {
      const current = await profile.get();
      const [contract, kept] = await Promise.all([contractOf(current), names.read()]);
      const { computers } = kept ?? NO_NAMES;
      const kit = exitKitOf(current, chain.config, now(), { contract, computers });
      const page = fillExitKit(await template(), kit);
      return { savedAs: await save(`trivet-exit-kit-${kit.account.slice(2, 10)}.html`, page) };
    },
  };
}
