import { decodeFunctionData, recoverPublicKey } from "viem/utils";
import { factorRegistryAbi } from "#contracts/abi.ts";
import { keysNaming } from "#core/joining/network-keys.ts";
import { addressOfPublicKey, type PublicKey, zPublicKey } from "#core/keys/public-key.ts";
import { type Address, sameAddress, toAddress } from "#core/primitives/address.ts";
import { type Hex, zFactorId, zGateDigest, zHex } from "#core/primitives/hex.ts";
import { recordDigest } from "#core/security/record.ts";
import type { ChainClient } from "../chain/client.ts";

/** A key whose record names the account; whether the account knows it, the account says. */
export interface NamingKey {
  readonly key: Address;
  /** By it the network finds the key; undefined where no transaction shows it. */
  readonly publicKey: PublicKey | undefined;
}

/** The signature with which a record was set, where the registry was called directly. */
function signatureIn(to: string | null | undefined, registry: Address, input: Hex): Hex | undefined {
  if (!to || !sameAddress(to, registry)) return undefined;
  try {
    const { functionName, args } = decodeFunctionData({ abi: factorRegistryAbi, data: input });
    return functionName === "setRecord" ? args[3] : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The keys of the key network that an account may have, found with nothing but its address: each has a record in the
 * factor registry that names the account, and has signed that record, which shows its public key.
 */
export async function findNetworkKeys({ config, read }: ChainClient, account: Address): Promise<NamingKey[]> {
  const { factorRegistry } = config.contracts;
  const domain = { chainId: config.chain.id, factorRegistry };
  return read(async (client) => {
    const logs = await client.getContractEvents({
      address: factorRegistry,
      abi: factorRegistryAbi,
      eventName: "RecordSet",
      fromBlock: "earliest",
      strict: true,
    });
    const events = logs.map(({ args, transactionHash }) => ({
      key: toAddress(args.key),
      gate: zGateDigest.parse(args.gate),
      version: args.version,
      factors: args.factors.map((factor) => zFactorId.parse(factor)),
      transactionHash,
    }));

    async function publicKeyOf(key: Address): Promise<PublicKey | undefined> {
      for (const { transactionHash, ...record } of events.filter((event) => sameAddress(event.key, key))) {
        const { to, input } = await client.getTransaction({ hash: transactionHash });
        const signature = signatureIn(to, factorRegistry, zHex.parse(input));
        if (signature === undefined) continue;
        const hash = recordDigest(record, domain);
        const recovered = await recoverPublicKey({ hash, signature }).catch(() => undefined);
        const publicKey = zPublicKey.safeParse(recovered);
        // The registry took this very signature, so it is the key's; a server that answers otherwise is not believed.
        if (publicKey.success && sameAddress(addressOfPublicKey(publicKey.data), key)) return publicKey.data;
      }
      return undefined;
    }

    return Promise.all(
      keysNaming(account, config.chain.id, events).map(async ({ key }) => ({
        key,
        publicKey: await publicKeyOf(key),
      })),
    );
  });
}
