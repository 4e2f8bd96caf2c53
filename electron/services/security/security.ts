import { readContractWallet } from "#core/friends/contract-wallet.ts";
import { addressOfKey } from "#core/keys/key.ts";
import { REPLACEABLE_ROLES } from "#core/keys/role.ts";
import type { SecurityReport, SecurityStanding } from "#core/wallet-api/security.ts";
import { WalletError } from "#core/errors/wallet-error.ts";
import type { ApiKeys } from "../api-keys/api-keys.ts";
import type { ChainClient } from "../chain/client.ts";
import { chainRequest } from "../chain/contracts-asked.ts";
import { type HeldKeys, type Profile, signsByLetter } from "../profile.ts";
import type { Records } from "../records/records.ts";
import type { VaultClient } from "../vault.ts";
import type { Value } from "../value/value.ts";
import { readContractState } from "./contract-state.ts";
import { describeAccount, type KnownAccount, levelOfRecords } from "./describe.ts";
import type { ExplorerService } from "./explorer-service.ts";

export interface SecurityOptions {
  readonly chain: ChainClient;
  readonly profile: { readonly get: () => Promise<Profile> };
  readonly records: Pick<Records, "read">;
  readonly value: Value;
  readonly vault: VaultClient;
  readonly explorer: Pick<ExplorerService, "explore">;
  readonly scripts: ApiKeys["byId"];
}

/** How secure the account is, as it stands on the chain and in the records now. */
export interface Security {
  readonly standing: () => Promise<SecurityStanding>;
  readonly report: () => Promise<SecurityReport>;
}

export function createSecurity({
  chain,
  profile,
  records,
  value,
  vault,
  explorer,
  scripts,
}: SecurityOptions): Security {
  async function account() {
    const { account: found } = await profile.get();
    if (!found) throw new WalletError("no-account", "There is no account yet.", "Finish creating it first.");
    return found;
  }

  async function openedRecords(): Promise<KnownAccount["records"]> {
    const states = await Promise.all(
      REPLACEABLE_ROLES.map(async (role) => [role, (await records.read(role))?.record] as const),
    );
    return Object.fromEntries(states.filter(([, record]) => record !== undefined));
  }

  /** Signers that answer as a Safe does. */
  async function safesOf(keys: HeldKeys): Promise<NonNullable<KnownAccount["safes"]>> {
    const signers = REPLACEABLE_ROLES.flatMap((role) =>
      keys[role].flatMap((held) => (signsByLetter(held) ? (addressOfKey(held.key) ?? []) : [])),
    );
    const wallets = await Promise.all(
      signers.map(async (signer) => ({
        signer,
        safe: (await readContractWallet(chainRequest(chain), signer))?.safe,
      })),
    );
    return new Map(wallets.flatMap(({ signer, safe }) => (safe ? [[signer.toLowerCase(), safe]] : [])));
  }

  return {
    async standing() {
      const { address } = await account();
      const [opened, worth] = await Promise.all([openedRecords(), value.read(address)]);
      return { level: levelOfRecords(opened), value: worth };
    },
    async report() {
      const { keys } = await profile.get();
      const [contract, opened, safes, unlockCode, scriptKeys] = await Promise.all([
        account().then((found) => readContractState(chain, found)),
        openedRecords(),
        safesOf(keys),
        vault.call("hasUnlockCode", undefined),
        scripts(),
      ]);
      const { descriptions, remarks } = describeAccount({
        keys,
        contract,
        records: opened,
        unlockCode,
        scripts: scriptKeys,
        safes,
        oneMachine: chain.config.kind === "devnet",
      });
      return { ...(await explorer.explore(descriptions)), remarks: [...remarks] };
    },
  };
}
