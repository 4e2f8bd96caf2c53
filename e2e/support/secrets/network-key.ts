import path from "node:path";
import { hexToBytes } from "@noble/hashes/utils.js";
import { type Address, toAddress } from "#core/primitives/address.ts";
import { KeyStore } from "#devnet/key-network/store/key-store.ts";
import { scalarToHex } from "#devnet/key-network/threshold/curve.ts";
import { interpolate, type Party } from "#devnet/key-network/threshold/polynomial.ts";
import { privateKeyToAddress } from "viem/accounts";

const NODES: readonly Party[] = [1, 2, 3, 4];

/**
 * A whole network key, put together from the shares of all nodes: nobody but this test ever does that.
 * @throws Error when the shares do not make the key of that address
 */
export async function readNetworkKey(address: Address, devnetState: string): Promise<Uint8Array> {
  const shares = await Promise.all(
    NODES.map(async (party) => {
      const store = await KeyStore.open(path.join(devnetState, "key-network", `node-${party}`, "keys"));
      const held = store.active(address);
      if (!held) throw new Error(`node ${party} holds no share of ${address}`);
      return [party, held.share.secret] as const;
    }),
  );
  const hex = scalarToHex(interpolate(new Map(shares)));
  if (toAddress(privateKeyToAddress(`0x${hex}`)) !== address) throw new Error("the shares do not fit");
  return hexToBytes(hex);
}
