import type { PublicClient } from "viem";
import { accountAbi } from "#contracts/abi.ts";
import { roleFromNumber } from "#core/keys/role.ts";
import type { Address } from "#core/primitives/address.ts";
import type { KeyId } from "#core/primitives/hex.ts";

/**
 * What the account says of each of these keys.
 * @param account one that is on the chain
 * @returns those that have a role; a key that was removed has none any more
 */
export async function readAccountKeys(client: PublicClient, account: Address, ids: Iterable<KeyId>) {
  const keys = await Promise.all(
    [...ids].map(async (id) => {
      const [key, active] = await client.readContract({
        address: account,
        abi: accountAbi,
        functionName: "getKeyDetails",
        args: [id],
      });
      return { id, key, active };
    }),
  );
  return keys.flatMap(({ id, key, active }) => {
    const role = roleFromNumber(key.role);
    return role ? [{ id, role, key, active }] : [];
  });
}
