import { concat, encodeFunctionData, encodePacked, hashTypedData, parseAbi, size, zeroAddress } from "viem";
import { SAFE_TX } from "#contracts/testing/safe.ts";
import type { TestSigner, World } from "#contracts/testing/world.ts";
import { type Address, toAddress } from "#core/primitives/address.ts";
import { type Hex, zHex } from "#core/primitives/hex.ts";
import { deploy, publishedArtifact } from "../artifacts.ts";
import { createBy } from "./clone.ts";
import type { Call, Peer, PeerAccount } from "./peer.ts";
import { lastOwner, signedByAddress, transferCall } from "./signing.ts";

const abi = parseAbi([
  "function setup(address[] owners, uint256 threshold, address to, bytes data, address fallbackHandler, address paymentToken, uint256 payment, address paymentReceiver)",
  "function createProxyWithNonce(address singleton, bytes initializer, uint256 saltNonce) returns (address proxy)",
  "function execTransaction(address to, uint256 value, bytes data, uint8 operation, uint256 safeTxGas, uint256 baseGas, uint256 gasPrice, address gasToken, address refundReceiver, bytes signatures) payable returns (bool success)",
  "function multiSend(bytes transactions) payable",
  "function swapOwner(address prevOwner, address oldOwner, address newOwner)",
]);

/** What the Safe's relay is refunded: nothing, like ours. */
const NO_REFUND = {
  safeTxGas: 0n,
  baseGas: 0n,
  gasPrice: 0n,
  gasToken: zeroAddress,
  refundReceiver: zeroAddress,
};

/** Where the shared contracts of a release are. */
export interface SafeContracts {
  readonly singleton: Address;
  readonly factory: Address;
  readonly fallbackHandler: Address;
  readonly multiSend: Address;
}

/** Deploys a release as it was published. */
export async function deploySafe({ chain }: World, packageName: string): Promise<SafeContracts> {
  const put = async (path: string) =>
    await deploy(chain, await publishedArtifact(`${packageName}/build/artifacts/contracts/${path}`));
  return {
    singleton: await put("Safe.sol/Safe.json"),
    factory: await put("proxies/SafeProxyFactory.sol/SafeProxyFactory.json"),
    fallbackHandler: await put("handler/CompatibilityFallbackHandler.sol/CompatibilityFallbackHandler.json"),
    multiSend: await put("libraries/MultiSendCallOnly.sol/MultiSendCallOnly.json"),
  };
}

/** What is called while a Safe is set up, for modules. */
export interface SafeSetup {
  readonly to: Address;
  readonly data: Hex;
}

/** Creates a Safe through the release's own proxy factory. */
export async function createSafe(
  world: World,
  { singleton, factory, fallbackHandler }: SafeContracts,
  owners: readonly TestSigner[],
  threshold: number,
  setup: SafeSetup = { to: toAddress(zeroAddress), data: "0x" },
) {
  const addresses = owners.map(({ account }) => account.address);
  const initializer = encodeFunctionData({
    abi,
    functionName: "setup",
    args: [addresses, BigInt(threshold), setup.to, setup.data, fallbackHandler, zeroAddress, 0n, zeroAddress],
  });
  const call = { abi, functionName: "createProxyWithNonce", args: [singleton, initializer, 0n] } as const;
  return await createBy(world, factory, encodeFunctionData(call));
}

/** A release of Safe, used directly: anyone may send what the owners signed. */
const safe = (version: string, packageName: string): Peer => ({
  name: `Safe ${version}`,
  notes: {
    deploy: "two owners, through its proxy factory, with its fallback handler",
    "eth-1-unlimited": "one of two owners",
    "erc20-1-unlimited": "one of two owners",
    "batch5-2": "through MultiSendCallOnly",
  },
  thresholds: [1, 2],
  async setUp(world) {
    const contracts = await deploySafe(world, packageName);
    return async (owners, threshold) => {
      const { address, deployment } = await createSafe(world, contracts, owners, threshold);
      return { account: safeAccount(world, contracts, address, owners, threshold), deployment };
    };
  },
});

export const safe141 = safe("1.4.1", "@safe-global/safe-contracts");
export const safe150 = safe("1.5.0", "@safe-global/safe-smart-account");

/** What MultiSend reads: each call packed. */
const packed = (calls: readonly Call[]): Hex =>
  concat(
    calls.map(({ target, value, data }) =>
      encodePacked(
        ["uint8", "address", "uint256", "uint256", "bytes"],
        [0, target, value, BigInt(size(data)), data],
      ),
    ),
  );

function safeAccount(
  world: World,
  { multiSend }: SafeContracts,
  address: Address,
  owners: readonly TestSigner[],
  threshold: number,
): PeerAccount {
  const chainId = world.chain.walletClient.chain.id;
  let nonce = 0n;
  const execute = async ({ target, value, data }: Call, operation = 0) => {
    const hash = zHex.parse(
      hashTypedData({
        domain: { chainId, verifyingContract: address },
        types: { SafeTx: SAFE_TX },
        primaryType: "SafeTx",
        message: { to: target, value, data, operation, ...NO_REFUND, nonce: nonce++ },
      }),
    );
    const { safeTxGas, baseGas, gasPrice, gasToken, refundReceiver } = NO_REFUND;
    const refund = [safeTxGas, baseGas, gasPrice, gasToken, refundReceiver] as const;
    const signatures = await signedByAddress(owners, threshold, hash);
    const args = [target, value, data, operation, ...refund, signatures] as const;
    return await world.send(address, encodeFunctionData({ abi, functionName: "execTransaction", args }));
  };
  return {
    address,
    send: async (token, to, amount) => await execute(transferCall(token, to, amount)),
    async batch(calls) {
      const data = encodeFunctionData({ abi, functionName: "multiSend", args: [packed(calls)] });
      return await execute({ target: multiSend, value: 0n, data }, 1);
    },
    async replaceLastOwner(newOwner) {
      const previous = owners.at(-2);
      if (previous === undefined) throw new RangeError("the Safe needs two owners");
      const args = [previous.account.address, lastOwner(owners), newOwner] as const;
      const data = encodeFunctionData({ abi, functionName: "swapOwner", args });
      return await execute({ target: address, value: 0n, data });
    },
  };
}
