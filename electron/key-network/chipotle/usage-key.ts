import { randomBytes } from "node:crypto";
import { keccak256, stringToHex } from "viem/utils";
import { usageKeyTooStrong } from "#core/key-network/errors.ts";
import { type ServiceClient, ServiceFailure, type UsageKey } from "./client.ts";

const TAKES_MONEY = "It may run or permit programs other than the gates, and so is a key to the money.";

/** What a usage key may do that a wallet's may not; undefined when there is nothing. */
export function findExcess(key: UsageKey | undefined, group: number): string | undefined {
  if (!key) return "It is the key of the account itself, which administers everything.";
  const isOnly = (groups: readonly number[]) => groups.every((one) => one === group);
  if (!isOnly(key.can_execute_in_groups) || key.can_manage_ipfs_ids_in_groups.length > 0) return TAKES_MONEY;
  const administers =
    key.can_create_groups || key.can_delete_groups || key.can_remove_pkp_from_groups.length > 0;
  if (administers || !isOnly(key.can_add_pkp_to_groups)) {
    return "It may change or delete what others need to sign.";
  }
  return undefined;
}

/**
 * Refuses a usage key that may do more than run the gates of one group and make keys for it: by what the service lists,
 * and by asking for a program that is in no group. Whoever gets an answer to that may run any program on any key.
 * @throws WalletError usage-key-too-strong
 * @throws ServiceFailure when the service does not say
 */
export async function demandHarmless(client: ServiceClient, usageKey: string, group: number): Promise<void> {
  const hash = keccak256(stringToHex(usageKey));
  const listed = await client.usageKeys();
  const excess = findExcess(
    listed.find((key) => key.api_key_hash.toLowerCase() === hash),
    group,
  );
  if (excess) throw usageKeyTooStrong(excess);
  if (await runsAnything(client)) throw usageKeyTooStrong(TAKES_MONEY);
}

async function runsAnything(client: ServiceClient): Promise<boolean> {
  // New bytes each time, so that no group can hold it.
  const program = `async function main() { return "${randomBytes(16).toString("hex")}"; }`;
  try {
    await client.run(program, null);
    return true;
  } catch (error) {
    if (error instanceof ServiceFailure && error.status === 403) return false;
    throw error;
  }
}
