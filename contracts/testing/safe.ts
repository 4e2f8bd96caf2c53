import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import {
  type Abi,
  type Account,
  type Chain,
  concat,
  encodeAbiParameters,
  encodeFunctionData,
  hashTypedData,
  hexToBigInt,
  parseAbi,
  parseEventLogs,
  type PublicClient,
  type TransactionReceipt,
  type Transport,
  type TypedDataDefinition,
  type WalletClient,
  zeroAddress,
} from "viem";
import type { PrivateKeyAccount } from "viem/accounts";
import { z } from "zod";
import { type Address, toAddress } from "#core/primitives/address.ts";
import { type Hex, zHex } from "#core/primitives/hex.ts";

const SAFE_ABI = parseAbi([
  "function setup(address[] owners, uint256 threshold, address to, bytes data, address fallbackHandler, address paymentToken, uint256 payment, address paymentReceiver)",
  "function createProxyWithNonce(address singleton, bytes initializer, uint256 saltNonce) returns (address)",
  "event ProxyCreation(address indexed proxy, address singleton)",
  "function nonce() view returns (uint256)",
  "function changeThreshold(uint256 threshold)",
  "function signMessage(bytes message)",
  "function execTransaction(address to, uint256 value, bytes data, uint8 operation, uint256 safeTxGas, uint256 baseGas, uint256 gasPrice, address gasToken, address refundReceiver, bytes signatures) payable returns (bool)",
]);

const zArtifact = z.object({ bytecode: zHex });

/** The chain on which Safes are made, and who pays there. */
export interface SafeHost {
  readonly publicClient: PublicClient;
  readonly walletClient: WalletClient<Transport, Chain, Account>;
}

async function send(
  { publicClient, walletClient }: SafeHost,
  to: Address,
  data: Hex,
): Promise<TransactionReceipt> {
  const hash = await walletClient.sendTransaction({ to, data });
  return publicClient.waitForTransactionReceipt({ hash });
}

/** Deploys one of Safe's contracts, the very code its authors published to npm. */
async function deployOfficial({ publicClient, walletClient }: SafeHost, path: string): Promise<Address> {
  const url = import.meta.resolve(`@safe-global/safe-contracts/build/artifacts/contracts/${path}.json`);
  const { bytecode } = zArtifact.parse(JSON.parse(await readFile(fileURLToPath(url), "utf8")));
  const abi: Abi = [];
  const hash = await walletClient.deployContract({ abi, bytecode });
  const { contractAddress } = await publicClient.waitForTransactionReceipt({ hash });
  if (!contractAddress) throw new Error(`${path} was not deployed`);
  return toAddress(contractAddress);
}

/** A Safe 1.4.1 with its usual fallback handler, as its own app creates one. */
export class Safe {
  readonly address: Address;
  readonly #host: SafeHost;

  private constructor(address: Address, host: SafeHost) {
    this.address = address;
    this.#host = host;
  }

  static async create(
    host: SafeHost,
    owners: readonly PrivateKeyAccount[],
    threshold: number,
  ): Promise<Safe> {
    const singleton = await deployOfficial(host, "Safe.sol/Safe");
    const factory = await deployOfficial(host, "proxies/SafeProxyFactory.sol/SafeProxyFactory");
    const handler = await deployOfficial(
      host,
      "handler/CompatibilityFallbackHandler.sol/CompatibilityFallbackHandler",
    );
    const initializer = encodeFunctionData({
      abi: SAFE_ABI,
      functionName: "setup",
      args: [
        owners.map(({ address }) => address),
        BigInt(threshold),
        zeroAddress,
        "0x",
        handler,
        zeroAddress,
        0n,
        zeroAddress,
      ],
    });
    const { logs } = await send(
      host,
      factory,
      encodeFunctionData({
        abi: SAFE_ABI,
        functionName: "createProxyWithNonce",
        args: [singleton, initializer, 0n],
      }),
    );
    const [created] = parseEventLogs({ abi: SAFE_ABI, eventName: "ProxyCreation", logs });
    if (!created) throw new Error("the Safe was not created");
    return new Safe(toAddress(created.args.proxy), host);
  }

  /** What these owners sign for the Safe to say yes to a digest (ERC-1271), ascending by address as a Safe wants. */
  sign(digest: Hex, owners: readonly PrivateKeyAccount[]): Promise<Hex> {
    return this.#signedBy(owners, {
      types: { SafeMessage: [{ name: "message", type: "bytes" }] },
      primaryType: "SafeMessage",
      message: { message: messageOf(digest) },
    });
  }

  /** Has the Safe keep on the chain that it signed a digest: it then says yes to an empty signature. */
  async markSigned(digest: Hex, owners: readonly PrivateKeyAccount[]): Promise<void> {
    const library = await deployOfficial(this.#host, "libraries/SignMessageLib.sol/SignMessageLib");
    const data = encodeFunctionData({
      abi: SAFE_ABI,
      functionName: "signMessage",
      args: [messageOf(digest)],
    });
    await this.#execute({ to: library, data, operation: DELEGATE_CALL }, owners);
  }

  async changeThreshold(threshold: number, owners: readonly PrivateKeyAccount[]): Promise<void> {
    const data = encodeFunctionData({
      abi: SAFE_ABI,
      functionName: "changeThreshold",
      args: [BigInt(threshold)],
    });
    await this.#execute({ to: this.address, data, operation: CALL }, owners);
  }

  async #execute(
    { to, data, operation }: { readonly to: Address; readonly data: Hex; readonly operation: 0 | 1 },
    owners: readonly PrivateKeyAccount[],
  ): Promise<void> {
    const nonce = await this.#host.publicClient.readContract({
      address: this.address,
      abi: SAFE_ABI,
      functionName: "nonce",
    });
    const free = { value: 0n, safeTxGas: 0n, baseGas: 0n, gasPrice: 0n } as const;
    const signatures = await this.#signedBy(owners, {
      types: { SafeTx: SAFE_TX },
      primaryType: "SafeTx",
      message: { to, data, operation, nonce, ...free, gasToken: zeroAddress, refundReceiver: zeroAddress },
    });
    const call = encodeFunctionData({
      abi: SAFE_ABI,
      functionName: "execTransaction",
      args: [to, 0n, data, operation, 0n, 0n, 0n, zeroAddress, zeroAddress, signatures],
    });
    await send(this.#host, this.address, call);
  }

  async #signedBy(
    owners: readonly PrivateKeyAccount[],
    typedData: Omit<TypedDataDefinition, "domain">,
  ): Promise<Hex> {
    const domain = { chainId: this.#host.walletClient.chain.id, verifyingContract: this.address };
    // Whole again only here: viem cannot tell the types of a message whose parts come apart.
    const hash = hashTypedData({ ...typedData, domain });
    const ascending = [...owners].sort((a, b) => (hexToBigInt(a.address) < hexToBigInt(b.address) ? -1 : 1));
    return concat(await Promise.all(ascending.map((owner) => owner.sign({ hash }))));
  }
}

/** How a Safe wraps what it is asked about by ERC-1271. */
const messageOf = (digest: Hex): Hex => encodeAbiParameters([{ type: "bytes32" }], [digest]);

const CALL = 0;
const DELEGATE_CALL = 1;
/** The fields of what a Safe's owners sign for a transaction (EIP-712). */
export const SAFE_TX = [
  { name: "to", type: "address" },
  { name: "value", type: "uint256" },
  { name: "data", type: "bytes" },
  { name: "operation", type: "uint8" },
  { name: "safeTxGas", type: "uint256" },
  { name: "baseGas", type: "uint256" },
  { name: "gasPrice", type: "uint256" },
  { name: "gasToken", type: "address" },
  { name: "refundReceiver", type: "address" },
  { name: "nonce", type: "uint256" },
] as const;
