import { accountAbi } from "#contracts/abi.ts";
import { keyId } from "#core/keys/key.ts";
import { ROLES } from "#core/keys/role.ts";
import { FROZEN } from "#core/policy/policy.ts";
import { NATIVE_TOKEN, sameAddress, toAddress } from "#core/primitives/address.ts";
import type { FreezeView } from "#core/wallet-api/freeze.ts";
import type { AccountReader } from "../chain/account-reader.ts";
import type { ChainClient } from "../chain/client.ts";
import { chainAhead } from "../chain/clock.ts";
import type { Profile } from "../profile.ts";

export interface FreezeOptions {
  readonly chain: ChainClient;
  readonly reader: AccountReader;
  readonly profile: { readonly get: () => Promise<Profile> };
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Whether the account stands still, and which of this computer's keys can lock it; as the chain has it now. */
export interface Freeze {
  readonly view: () => Promise<FreezeView>;
}

export function createFreeze({ chain, reader, profile, now }: FreezeOptions): Freeze {
  return {
    async view() {
      const { account, keys } = await profile.get();
      if (!account) throw new Error("the account is not complete");
      const { address } = account;
      const held = ROLES.flatMap((role) => keys[role].map((one) => ({ role, held: one })));
      const [{ timestamp }, lockable] = await Promise.all([
        chain.read((client) => client.getBlock()),
        Promise.all(held.map(({ held: { key } }) => reader.lockableFrom(address, keyId(key)))),
      ]);
      const ahead = chainAhead(timestamp, now());
      const locks = held.map(({ role, held: { holder } }, index) => {
        const from = lockable[index];
        return { role, holder, ...(from !== undefined && { from: from - ahead }) };
      });
      if (!(await reader.isDeployed(address))) return { frozen: "no", locks };
      const at = { address, abi: accountAbi } as const;
      const [[number, until], [, successor]] = await chain.read((client) =>
        Promise.all([
          client.readContract({ ...at, functionName: "getFreeze" }),
          client.readContract({ ...at, functionName: "getSettings" }),
        ]),
      );
      const frozen = FROZEN[number] ?? "archived";
      const named = toAddress(successor);
      return {
        frozen,
        ...(frozen === "locked" && { until: Number(until) - ahead }),
        ...(!sameAddress(named, NATIVE_TOKEN) && { successor: named }),
        locks,
      };
    },
  };
}
