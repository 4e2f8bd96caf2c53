import {
  concat,
  encodeAbiParameters,
  encodeFunctionData,
  keccak256,
  pad,
  parseAbi,
  parseAbiParameters,
  slice,
} from "viem";
import { submitUserOperation, userOperation, userOperationHash } from "#contracts/testing/user-operation.ts";
import type { TestSigner, World } from "#contracts/testing/world.ts";
import type { Address } from "#core/primitives/address.ts";
import type { Hex } from "#core/primitives/hex.ts";
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

/** What owners sign begins with these; the data in front of the signatures follows. */
const CHAIN_AND_ACCOUNT = parseAbiParameters("uint256, address");

/** The least that several owners can cost: no policy at all. */
export const floor: Peer = {
  name: "policy-free floor",
  notes: { deploy: "clone with two owners, nothing else" },
  thresholds: [1, 2],
  isFloor: true,
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
  /** Sends a call signed over its own data up to where the signatures begin, which come last. */
  const submit = async (encode: (nonce: bigint, signatures: Hex) => Hex) => {
    const size = 65 * threshold;
    const unsigned = encode(nonce, pad("0x", { size }));
    // Bytes come with zeros up to a whole word.
    const covered = slice(unsigned, 0, -32 * Math.ceil(size / 32));
    const digest = keccak256(concat([encodeAbiParameters(CHAIN_AND_ACCOUNT, [chainId, address]), covered]));
    return await world.send(address, encode(nonce++, await signedByAddress(owners, threshold, digest)));
  };
  return {
    address,
    send: async (token, to, amount) =>
      await submit((...last) =>
        encodeFunctionData({ abi, functionName: "withdraw", args: [token, to, amount, ...last] }),
      ),
    batch: async (calls) =>
      await submit((...last) => encodeFunctionData({ abi, functionName: "execute", args: [calls, ...last] })),
    replaceLastOwner: async (newOwner) =>
      await submit((...last) => {
        const args = [lastOwner(owners), newOwner, ...last] as const;
        return encodeFunctionData({ abi, functionName: "replaceOwner", args });
      }),
    async sendByEntryPoint(token, to, amount) {
      const call = { abi, functionName: "withdrawByEntryPoint", args: [token, to, amount] } as const;
      const operation = await userOperation(world.chain, address, encodeFunctionData(call));
      const signatures = await signedByAddress(owners, threshold, userOperationHash(world.chain, operation));
      return await submitUserOperation(world.chain, operation, signatures);
    },
  };
}
