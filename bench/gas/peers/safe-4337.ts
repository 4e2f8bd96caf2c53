import { concat, encodeFunctionData, hashTypedData, pad, parseAbi } from "viem";
import { ENTRY_POINT } from "#contracts/testing/entry-point.ts";
import { submitUserOperation, userOperation } from "#contracts/testing/user-operation.ts";
import type { TestSigner, World } from "#contracts/testing/world.ts";
import type { Address } from "#core/primitives/address.ts";
import { zHex } from "#core/primitives/hex.ts";
import { deploy, publishedArtifact } from "../artifacts.ts";
import type { Peer, PeerAccount } from "./peer.ts";
import { createSafe, deploySafe } from "./safe.ts";
import { signedByAddress, transferCall } from "./signing.ts";

const PACKAGE = "@safe-global/safe-4337/build/artifacts/contracts";

const abi = parseAbi([
  "function enableModules(address[] modules)",
  "function executeUserOp(address to, uint256 value, bytes data, uint8 operation)",
]);

const SAFE_OP = [
  { name: "safe", type: "address" },
  { name: "nonce", type: "uint256" },
  { name: "initCode", type: "bytes" },
  { name: "callData", type: "bytes" },
  { name: "verificationGasLimit", type: "uint128" },
  { name: "callGasLimit", type: "uint128" },
  { name: "preVerificationGas", type: "uint256" },
  { name: "maxPriorityFeePerGas", type: "uint128" },
  { name: "maxFeePerGas", type: "uint128" },
  { name: "paymasterAndData", type: "bytes" },
  { name: "validAfter", type: "uint48" },
  { name: "validUntil", type: "uint48" },
  { name: "entryPoint", type: "address" },
] as const;

/** Safe with its own ERC-4337 module, both as published. The module is for the release before the newest. */
export const safe4337: Peer = {
  name: "Safe 1.4.1 + 4337 module",
  notes: {
    deploy: "two owners, through its proxy factory, with its 4337 module 0.3.0",
    "eth-1-unlimited": "through ERC-4337, one of two owners",
    "erc20-1-unlimited": "through ERC-4337, one of two owners",
    "erc20-2": "through ERC-4337",
    "erc4337-erc20-2": "through its 4337 module 0.3.0",
  },
  thresholds: [1, 2],
  async setUp(world) {
    const contracts = await deploySafe(world, "@safe-global/safe-contracts");
    const module = await deploy(
      world.chain,
      await publishedArtifact(`${PACKAGE}/Safe4337Module.sol/Safe4337Module.json`),
      [ENTRY_POINT],
    );
    const moduleSetup = await deploy(
      world.chain,
      await publishedArtifact(`${PACKAGE}/SafeModuleSetup.sol/SafeModuleSetup.json`),
    );
    const enable = { abi, functionName: "enableModules", args: [[module]] } as const;
    const setup = { to: moduleSetup, data: encodeFunctionData(enable) };
    return async (owners, threshold) => {
      const withModule = { ...contracts, fallbackHandler: module };
      const { address, deployment } = await createSafe(world, withModule, owners, threshold, setup);
      return { account: safe4337Account(world, module, address, owners, threshold), deployment };
    };
  },
};

function safe4337Account(
  world: World,
  module: Address,
  address: Address,
  owners: readonly TestSigner[],
  threshold: number,
): PeerAccount {
  const chainId = world.chain.walletClient.chain.id;
  const send: PeerAccount["send"] = async (token, to, amount) => {
    const { target, value, data } = transferCall(token, to, amount);
    const call = { abi, functionName: "executeUserOp", args: [target, value, data, 0] } as const;
    const operation = await userOperation(world.chain, address, encodeFunctionData(call));
    const hash = hashTypedData({
      domain: { chainId, verifyingContract: module },
      types: { SafeOp: SAFE_OP },
      primaryType: "SafeOp",
      message: {
        ...operation,
        safe: address,
        initCode: "0x",
        paymasterAndData: "0x",
        validAfter: 0,
        validUntil: 0,
        entryPoint: ENTRY_POINT,
      },
    });
    const signatures = await signedByAddress(owners, threshold, zHex.parse(hash));
    // Valid from and until, 6 bytes each: always.
    return await submitUserOperation(world.chain, operation, concat([pad("0x", { size: 12 }), signatures]));
  };
  return { address, send, sendByEntryPoint: send };
}
