import { encodeAbiParameters, encodeFunctionData, keccak256, pad, parseAbi, parseAbiParameters } from "viem";
import { submitUserOperation, userOperation, userOperationHash } from "#contracts/testing/user-operation.ts";
import type { TestSigner, World } from "#contracts/testing/world.ts";
import type { Address } from "#core/primitives/address.ts";
import type { Hex } from "#core/primitives/hex.ts";
import { compiledArtifact, deploy } from "../artifacts.ts";
import { cloneFactory, createClone } from "./clone.ts";
import type { Call, Peer, PeerAccount } from "./peer.ts";
import { lastOwner, transferCall } from "./signing.ts";

const abi = parseAbi([
  "function initialize(bytes[] signers, uint64 threshold)",
  "function execute(bytes32 mode, bytes executionData) payable",
  "function addSigners(bytes[] signers)",
  "function removeSigners(bytes[] signers)",
]);

/** ERC-7821's mode for a batch in which any failing call undoes all of them. */
const BATCH = pad("0x01", { dir: "right", size: 32 });
const CALLS = parseAbiParameters(["Call[]", "struct Call { address target; uint256 value; bytes data; }"]);
const SIGNATURES = parseAbiParameters("bytes[], bytes[]");

/** OpenZeppelin's parts for accounts, put together. Its only door is the EntryPoint. */
export const openZeppelin: Peer = {
  name: "OpenZeppelin 5.7",
  notes: {
    deploy: "composed of Account, MultiSignerERC7913, ERC7739 and ERC7821, clone with two signers",
    "eth-1-unlimited": "through ERC-4337, one of two signers",
    "erc20-1-unlimited": "through ERC-4337, one of two signers",
    "erc20-2": "through ERC-4337",
    "batch5-2": "through ERC-4337",
    "replace-key-2": "through ERC-4337, a batch that adds one and removes the other",
  },
  thresholds: [1, 2],
  async setUp(world) {
    const anySigner = [world.chain.walletClient.account.address];
    const implementation = await deploy(world.chain, await compiledArtifact("OpenZeppelinAccount"), [
      anySigner,
    ]);
    const factory = await cloneFactory(world, implementation);
    return async (owners, threshold) => {
      const signers = owners.map(({ account }) => account.address);
      const initialize = { abi, functionName: "initialize", args: [signers, BigInt(threshold)] } as const;
      const { address, deployment } = await createClone(world, factory, encodeFunctionData(initialize));
      return { account: openZeppelinAccount(world, address, owners, threshold), deployment };
    };
  },
};

/** The signers and their signatures in the order of the signers' hashes, which is the cheapest. */
async function signed(owners: readonly TestSigner[], threshold: number, hash: Hex): Promise<Hex> {
  const order = ({ account }: TestSigner) => BigInt(keccak256(account.address));
  const signers = owners.slice(0, threshold).sort((a, b) => (order(a) < order(b) ? -1 : 1));
  return encodeAbiParameters(SIGNATURES, [
    signers.map(({ account }) => account.address),
    await Promise.all(signers.map(async ({ account }) => await account.sign({ hash }))),
  ]);
}

function openZeppelinAccount(
  world: World,
  address: Address,
  owners: readonly TestSigner[],
  threshold: number,
): PeerAccount {
  const batch = async (calls: readonly Call[]) => {
    const args = [BATCH, encodeAbiParameters(CALLS, [calls])] as const;
    const callData = encodeFunctionData({ abi, functionName: "execute", args });
    const operation = await userOperation(world.chain, address, callData);
    const hash = userOperationHash(world.chain, operation);
    return await submitUserOperation(world.chain, operation, await signed(owners, threshold, hash));
  };
  const send: PeerAccount["send"] = async (token, to, amount) =>
    await batch([transferCall(token, to, amount)]);
  return {
    address,
    send,
    batch,
    async replaceLastOwner(newOwner) {
      const change = (functionName: "addSigners" | "removeSigners", signer: Address): Call => ({
        target: address,
        value: 0n,
        data: encodeFunctionData({ abi, functionName, args: [[signer]] }),
      });
      return await batch([change("addSigners", newOwner), change("removeSigners", lastOwner(owners))]);
    },
    sendByEntryPoint: send,
  };
}
