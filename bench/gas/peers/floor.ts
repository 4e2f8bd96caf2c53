import { encodeAbiParameters, encodeFunctionData, keccak256, parseAbi, parseAbiParameters } from "viem";
import { submitUserOperation, userOperation, userOperationHash } from "#contracts/testing/user-operation.ts";
import type { TestSigner, World } from "#contracts/testing/world.ts";
import type { Address } from "#core/primitives/address.ts";
import { compiledArtifact, deploy } from "../artifacts.ts";
import { createBy } from "./clone.ts";
import type { Peer, PeerAccount } from "./peer.ts";
import { lastOwner, signedByAddress } from "./signing.ts";

const abi = parseAbi([
  "struct Call { address target; uint256 value; bytes data; }",
  "function create(address first, address second) returns (address account)",
  "function withdraw(address token, address to, uint256 amount, uint256 nonce, bytes signatures)",
  "function execute(Call[] calls, uint256 nonce, bytes signatures)",
  "function replaceOwner(address oldOwner, address newOwner, uint256 nonce, bytes signatures)",
  "function withdrawByEntryPoint(address token, address to, uint256 amount)",
]);

const TO_SIGN = {
  withdraw: parseAbiParameters("uint256, address, address, address, uint256, uint256"),
  execute: parseAbiParameters([
    "uint256, address, Call[], uint256",
    "struct Call { address target; uint256 value; bytes data; }",
  ]),
  replaceOwner: parseAbiParameters("uint256, address, address, address, uint256"),
};

/** The least that several owners can cost: no policy at all. */
export const floor: Peer = {
  name: "policy-free floor",
  notes: { deploy: "clone with two owners, nothing else" },
  thresholds: [1, 2],
  async setUp(world) {
    const artifact = await compiledArtifact("FloorFactory");
    return async (owners, threshold) => {
      const factory = await deploy(world.chain, artifact, [BigInt(threshold)]);
      const [first, second] = owners;
      if (first === undefined || second === undefined) throw new RangeError("the floor has two owners");
      const args = [first.account.address, second.account.address] as const;
      const call = encodeFunctionData({ abi, functionName: "create", args });
      const { address, deployment } = await createBy(world, factory, call);
      return { account: floorAccount(world, address, owners, threshold), deployment };
    };
  },
};

function floorAccount(
  world: World,
  address: Address,
  owners: readonly TestSigner[],
  threshold: number,
): PeerAccount {
  const chainId = BigInt(world.chain.walletClient.chain.id);
  let nonce = 0n;
  return {
    address,
    async send(token, to, amount) {
      const toSign = encodeAbiParameters(TO_SIGN.withdraw, [chainId, address, token, to, amount, nonce]);
      const signatures = await signedByAddress(owners, threshold, keccak256(toSign));
      const args = [token, to, amount, nonce++, signatures] as const;
      return await world.send(address, encodeFunctionData({ abi, functionName: "withdraw", args }));
    },
    async batch(calls) {
      const toSign = encodeAbiParameters(TO_SIGN.execute, [chainId, address, calls, nonce]);
      const signatures = await signedByAddress(owners, threshold, keccak256(toSign));
      const args = [calls, nonce++, signatures] as const;
      return await world.send(address, encodeFunctionData({ abi, functionName: "execute", args }));
    },
    async replaceLastOwner(newOwner) {
      const oldOwner = lastOwner(owners);
      const toSign = encodeAbiParameters(TO_SIGN.replaceOwner, [chainId, address, oldOwner, newOwner, nonce]);
      const signatures = await signedByAddress(owners, threshold, keccak256(toSign));
      const args = [oldOwner, newOwner, nonce++, signatures] as const;
      return await world.send(address, encodeFunctionData({ abi, functionName: "replaceOwner", args }));
    },
    async sendByEntryPoint(token, to, amount) {
      const call = { abi, functionName: "withdrawByEntryPoint", args: [token, to, amount] } as const;
      const operation = await userOperation(world.chain, address, encodeFunctionData(call));
      const hash = userOperationHash(world.chain, operation);
      return await submitUserOperation(
        world.chain,
        operation,
        await signedByAddress(owners, threshold, hash),
      );
    },
  };
}
