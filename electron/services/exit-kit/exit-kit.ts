import type { NetworkConfig } from "#core/config/network.ts";
import { WalletError } from "#core/errors/wallet-error.ts";
import { type ExitKit, fillExitKit, zExitKit } from "#core/exit-kit/exit-kit.ts";
import { keyId } from "#core/keys/key.ts";
import { ROLES } from "#core/keys/role.ts";
import type { Profile } from "../profile.ts";

/**
 * The data of an account's exit kit: all that its keys do not tell, as this computer knows it. Nothing in it is secret.
 * @throws WalletError when the account is not made yet
 */
export function exitKitOf(
  profile: Profile,
  { chain, contracts, tokens }: NetworkConfig,
  now: number,
): ExitKit {
  if (!profile.account) {
    throw new WalletError("no-account", "There is no account yet.", "Make the account first.");
  }
  const { address, firstKeys } = profile.account;
  return zExitKit.parse({
    version: 1,
    createdAt: now,
    chain: { id: chain.id, name: chain.name, nativeSymbol: chain.nativeSymbol },
    account: address,
    implementation: contracts.implementation,
    factory: contracts.factory,
    firstKeys: {
      device: keyId(firstKeys.device),
      mfa: keyId(firstKeys.mfa),
      recovery: keyId(firstKeys.recovery),
      salt: firstKeys.salt,
    },
    keys: ROLES.flatMap((role) => {
      const held = profile.keys[role];
      return held ? [{ role, key: held.key, holder: held.detail.slice(0, 120) }] : [];
    }),
    tokens: tokens.map(({ address: token, symbol, decimals }) => ({ address: token, symbol, decimals })),
  });
}

export interface ExitKitsOptions {
  readonly config: NetworkConfig;
  readonly profile: { readonly get: () => Promise<Profile> };
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

export function createExitKits({ config, profile, template, save, now }: ExitKitsOptions): ExitKits {
  return {
    async create() {
      const kit = exitKitOf(await profile.get(), config, now());
      const page = fillExitKit(await template(), kit);
      return { savedAs: await save(`trivet-exit-kit-${kit.account.slice(2, 10)}.html`, page) };
    },
  };
}
