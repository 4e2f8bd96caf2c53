import { network } from "hardhat";
import {
  type Account,
  type Chain,
  createPublicClient,
  createTestClient,
  createWalletClient,
  custom,
  type PublicClient,
  type TestClient,
  type Transport,
  type WalletClient,
} from "viem";
import { type HDAccount, mnemonicToAccount } from "viem/accounts";
import { hardhat } from "viem/chains";

const MNEMONIC = "test test test test test test test test test test test junk";

/** The n-th account of the chain that begins with ether. */
export const richAccount = (index: number): HDAccount => mnemonicToAccount(MNEMONIC, { addressIndex: index });

/** A chain of its own in this process, mining every transaction at once; account 0 deploys and relays. */
export interface TestChain {
  readonly publicClient: PublicClient;
  readonly walletClient: WalletClient<Transport, Chain, Account>;
  readonly testClient: TestClient<"hardhat", Transport, Chain>;
  readonly close: () => Promise<void>;
}

/** Starts a fresh chain; two with different ids are as far apart as any two chains. */
export async function startTestChain(id: number = hardhat.id): Promise<TestChain> {
  const connection = await network.create({ network: "default", override: { chainId: id } });
  const transport = custom(connection.provider, { retryCount: 0 });
  const common = { chain: { ...hardhat, id }, transport, pollingInterval: 10, cacheTime: 0 };
  return {
    publicClient: createPublicClient(common),
    walletClient: createWalletClient({ ...common, account: richAccount(0) }),
    testClient: createTestClient({ ...common, mode: "hardhat" }),
    close: async () => await connection.close(),
  };
}
