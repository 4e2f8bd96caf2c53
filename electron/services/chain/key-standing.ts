import { accountAbi } from "#contracts/abi.ts";
import { roleFromNumber, type Role } from "#core/keys/role.ts";
import type { Address } from "#core/primitives/address.ts";
import type { KeyId } from "#core/primitives/hex.ts";
import type { ChainClient } from "./client.ts";

/** What the account says of a key that only an active device key can wake (AccountViews.sol, getKey). */
const ASLEEP = 2 ** 48 - 1;

/** How a key stands with its account. Times are the chain's, in seconds since 1970. */
export interface KeyStanding {
  readonly role: Role;
  readonly state: "active" | "pending" | "asleep" | "expired";
  readonly activeFrom: number;
  /** 0: never. */
  readonly expires: number;
  /** Device keys cannot reject it while it is pending. */
  readonly vetoProof: boolean;
  /** The chain's time at which this was so. */
  readonly time: number;
}

/**
 * Reads how a key stands.
 * @param account one that is on the chain
 * @returns undefined when the account does not know the key
 */
export async function readKeyStanding(
  { read }: Pick<ChainClient, "read">,
  account: Address,
  key: KeyId,
): Promise<KeyStanding | undefined> {
  const at = { address: account, abi: accountAbi, args: [key] } as const;
  return read(async (client) => {
    const [[number, activeFrom, expires], [details, active], block] = await Promise.all([
      client.readContract({ ...at, functionName: "getKey" }),
      client.readContract({ ...at, functionName: "getKeyDetails" }),
      client.getBlock(),
    ]);
    const role = roleFromNumber(number);
    if (!role) return undefined;
    const time = Number(block.timestamp);
    const waiting = activeFrom > time ? "pending" : "expired";
    return {
      role,
      state: active ? "active" : activeFrom === ASLEEP ? "asleep" : waiting,
      activeFrom,
      expires,
      vetoProof: details.vetoProof,
      time,
    };
  });
}
