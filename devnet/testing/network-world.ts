import { createPublicClient, createWalletClient, encodeFunctionData, type Hex, http } from "viem";
import {
  generatePrivateKey,
  mnemonicToAccount,
  type PrivateKeyAccount,
  privateKeyToAccount,
} from "viem/accounts";
import { hardhat } from "viem/chains";
import { accountFactoryAbi, factorRegistryAbi } from "#contracts/abi.ts";
import { type NetworkConfig, zNetworkConfig } from "#core/config/network.ts";
import type { SessionGrant } from "#core/key-network/session-message.ts";
import { sessionMessage } from "#core/key-network/session-message.ts";
import { accountAddress } from "#core/keys/account-address.ts";
import { keyId, keyOfAddress } from "#core/keys/key.ts";
import { gateRequestTypedData, operationDigest, typedDataDigest } from "#core/operations/typed-data.ts";
import type { Operation } from "#core/operations/operation.ts";
import { type Address, toAddress } from "#core/primitives/address.ts";
import { type Digest, NO_SALT } from "#core/primitives/hex.ts";
import { DEVNET_AUTHENTICATOR } from "#core/security/devnet-authenticator.ts";
import { jwtHash } from "#core/security/jwt-hash.ts";
import { type FactorRecord, recordDigest } from "#core/security/record.ts";
import { buildGate, type Gate } from "#lit-actions/build.ts";
import { TEST_MNEMONIC } from "../chain/accounts.ts";
import { TestNetwork } from "../key-network/testing/network.ts";
import { TokenIssuer } from "./token-issuer.ts";

/**
 * The key network as a wallet meets it: four node processes, the chain, the gate published, and an authenticator that
 * says what a test wants; and a device key, as the vault would use it.
 */
export class NetworkWorld {
  readonly network: TestNetwork;
  readonly issuer: TokenIssuer;
  readonly gate: Gate;
  readonly config: NetworkConfig;
  readonly device: PrivateKeyAccount = privateKeyToAccount(generatePrivateKey());

  private constructor(network: TestNetwork, issuer: TokenIssuer, gate: Gate) {
    this.network = network;
    this.issuer = issuer;
    this.gate = gate;
    this.config = configOf(network);
  }

  static async start(): Promise<NetworkWorld> {
    const issuer = await TokenIssuer.start();
    const network = await TestNetwork.start({ [DEVNET_AUTHENTICATOR.host]: issuer.address });
    const gate = await buildGate();
    await network.publish(gate.code);
    return new NetworkWorld(network, issuer, gate);
  }

  async stop(): Promise<void> {
    await this.network.stop();
    await this.issuer.stop();
  }

  get deviceAddress(): Address {
    return toAddress(this.device.address);
  }

  /** What the vault does to open a session. */
  readonly signSession = async (grant: SessionGrant): Promise<Hex> =>
    this.device.signMessage({ message: sessionMessage(grant) });

  /** What the vault does to allow a request: it binds a session JWT to a digest. */
  async authorize(digest: Digest, jwt: string, device = this.device) {
    const { chainId, implementation } = this.#domain;
    const hash = typedDataDigest(gateRequestTypedData({ chainId, implementation }, digest, jwtHash(jwt)));
    return {
      jwt,
      deviceKey: keyOfAddress(device.address),
      deviceSignature: await device.sign({ hash }),
    };
  }

  /** The same for an operation. */
  async authorizeOperation(operation: Operation, jwt: string, device = this.device) {
    return this.authorize(operationDigest(operation, "compact", this.#domain), jwt, device);
  }

  /** The same for a record. */
  async authorizeRecord(record: FactorRecord, jwt: string, device = this.device) {
    const { factorRegistry } = this.config.contracts;
    const domain = { chainId: this.config.chain.id, factorRegistry };
    return this.authorize(recordDigest(record, domain), jwt, device);
  }

  /** Writes a record that its key signed into the factor registry. */
  async setRecord({ key, gate, factors }: FactorRecord, signature: Hex): Promise<void> {
    const args = [key, gate, [...factors], signature] as const;
    const data = encodeFunctionData({ abi: factorRegistryAbi, functionName: "setRecord", args });
    await this.send(this.config.contracts.factorRegistry, data);
  }

  /** Puts the account of three keys on the chain. */
  async createAccount(mfa: Address, recovery: Address): Promise<Address> {
    const { factory, implementation } = this.network.contracts;
    const ids = [this.deviceAddress, mfa, recovery].map((address) => keyId(keyOfAddress(address)));
    const [device, second, third] = ids;
    if (!device || !second || !third) throw new Error("an account has three keys");
    await this.send(
      factory,
      encodeFunctionData({
        abi: accountFactoryAbi,
        functionName: "createAccount",
        args: [device, second, third, NO_SALT],
      }),
    );
    return accountAddress(factory, implementation, { device, mfa: second, recovery: third, salt: NO_SALT });
  }

  /** Sends a transaction from an account of the devnet and waits for it. */
  async send(to: Address, data: Hex): Promise<void> {
    const common = { chain: hardhat, transport: http(this.network.rpcUrl), pollingInterval: 10 };
    const account = mnemonicToAccount(TEST_MNEMONIC, { addressIndex: 1 });
    const hash = await createWalletClient({ ...common, account }).sendTransaction({ to, data });
    const receipt = await createPublicClient(common).waitForTransactionReceipt({ hash });
    if (receipt.status !== "success") throw new Error(`transaction ${hash} reverted`);
  }

  get #domain() {
    return { chainId: this.config.chain.id, implementation: this.config.contracts.implementation };
  }
}

function configOf({ rpcUrl, contracts, nodes }: TestNetwork): NetworkConfig {
  const { factory, implementation, factorRegistry, gateRegistry, staking } = contracts;
  const { issuer, projectId, publicToken } = DEVNET_AUTHENTICATOR;
  return zNetworkConfig.parse({
    name: "Trivet devnet",
    kind: "devnet",
    chain: { id: 31337, name: "Devnet", rpcUrls: [rpcUrl], nativeSymbol: "ETH" },
    contracts: { factory, implementation, factorRegistry, gateRegistry },
    tokens: [],
    relayUrl: rpcUrl,
    keyNetwork: {
      adapter: "local",
      rpcUrl,
      staking,
      nodes: nodes.map(({ index, url }) => ({ index, url })),
    },
    authenticator: { baseUrl: rpcUrl, publicToken, projectId, issuer },
    ledger: { transport: "usb" },
  });
}
