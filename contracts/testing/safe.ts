import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import {
  type Abi,
  concat,
  encodeAbiParameters,
  hashTypedData,
  hexToBigInt,
  parseAbi,
  parseEventLogs,
} from "viem";
import { encodeFunctionData, zeroAddress } from "viem";
import type { PrivateKeyAccount } from "viem/accounts";
import { z } from "zod";
import { type Address, toAddress } from "#core/primitives/address.ts";
import { type Hex, zHex } from "#core/primitives/hex.ts";
import type { World } from "./world.ts";

const SAFE_ABI = parseAbi([
  "function setup(address[] owners, uint256 threshold, address to, bytes data, address fallbackHandler, address paymentToken, uint256 payment, address paymentReceiver)",
  "function createProxyWithNonce(address singleton, bytes initializer, uint256 saltNonce) returns (address)",
  "event ProxyCreation(address indexed proxy, address singleton)",
]);

const zArtifact = z.object({ bytecode: zHex });

/** Deploys one of Safe's contracts, the very code its authors published to npm. */
async function deployOfficial(world: World, path: string): Promise<Address> {
  const url = import.meta.resolve(`@safe-global/safe-contracts/build/artifacts/contracts/${path}.json`);
  const { bytecode } = zArtifact.parse(JSON.parse(await readFile(fileURLToPath(url), "utf8")));
  const { publicClient, walletClient } = world.chain;
  const abi: Abi = [];
  const hash = await walletClient.deployContract({ abi, bytecode });
  const { contractAddress } = await publicClient.waitForTransactionReceipt({ hash });
  if (!contractAddress) throw new Error(`${path} was not deployed`);
  return toAddress(contractAddress);
}

/** A Safe 1.4.1 with its usual fallback handler, as its own app creates one. */
export class Safe {
  readonly address: Address;
  readonly #chainId: number;

  private constructor(address: Address, chainId: number) {
    this.address = address;
    this.#chainId = chainId;
  }

  static async create(world: World, owners: readonly PrivateKeyAccount[], threshold: number): Promise<Safe> {
    const singleton = await deployOfficial(world, "Safe.sol/Safe");
    const factory = await deployOfficial(world, "proxies/SafeProxyFactory.sol/SafeProxyFactory");
    const handler = await deployOfficial(
      world,
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
    const { logs } = await world.send(
      factory,
      encodeFunctionData({
        abi: SAFE_ABI,
        functionName: "createProxyWithNonce",
        args: [singleton, initializer, 0n],
      }),
    );
    const [created] = parseEventLogs({ abi: SAFE_ABI, eventName: "ProxyCreation", logs });
    if (!created) throw new Error("the Safe was not created");
    return new Safe(toAddress(created.args.proxy), world.domain.chainId);
  }

  /** What these owners sign for the Safe to say yes to a digest (ERC-1271), ascending by address as a Safe wants. */
  async sign(digest: Hex, owners: readonly PrivateKeyAccount[]): Promise<Hex> {
    const hash = hashTypedData({
      domain: { chainId: this.#chainId, verifyingContract: this.address },
      types: { SafeMessage: [{ name: "message", type: "bytes" }] },
      primaryType: "SafeMessage",
      message: { message: encodeAbiParameters([{ type: "bytes32" }], [digest]) },
    });
    const ascending = [...owners].sort((a, b) => (hexToBigInt(a.address) < hexToBigInt(b.address) ? -1 : 1));
    return concat(await Promise.all(ascending.map(async (owner) => await owner.sign({ hash }))));
  }
}
