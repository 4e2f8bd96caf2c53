import { encodeFunctionData, hashMessage, pad, parseAbi } from "viem";
import { submitUserOperation, userOperation, userOperationHash } from "#contracts/testing/user-operation.ts";
import type { TestSigner, World } from "#contracts/testing/world.ts";
import type { Address } from "#core/primitives/address.ts";
import { zHex } from "#core/primitives/hex.ts";
import { compiledArtifact, deploy } from "../artifacts.ts";
import { createBy } from "./clone.ts";
import type { Peer, PeerAccount } from "./peer.ts";
import { lastOwner, transferCall } from "./signing.ts";

const abi = parseAbi([
  "function createAccount(bytes32 ownSalt) payable returns (address)",
  "function execute(address target, uint256 value, bytes data) payable returns (bytes result)",
]);

/** Solady's ERC-4337 account: one owner, and the EntryPoint as the door for others than the owner. */
export const solady: Peer = {
  name: "Solady",
  notes: {
    deploy: "one owner, proxy by its own factory",
    "eth-1-unlimited": "through ERC-4337, the only owner",
    "erc20-1-unlimited": "through ERC-4337, the only owner",
  },
  thresholds: [1],
  async setUp(world) {
    const implementation = await deploy(world.chain, await compiledArtifact("SoladyAccount"));
    const factory = await deploy(world.chain, await compiledArtifact("SoladyFactory"), [implementation]);
    return async (owners) => {
      // The salt begins with the owner.
      const ownSalt = pad(lastOwner(owners), { dir: "right", size: 32 });
      const create = { abi, functionName: "createAccount", args: [ownSalt] } as const;
      const { address, deployment } = await createBy(world, factory, encodeFunctionData(create));
      return { account: soladyAccount(world, address, owners), deployment };
    };
  },
};

function soladyAccount(world: World, address: Address, owners: readonly TestSigner[]): PeerAccount {
  return {
    address,
    async send(token, to, amount) {
      const { target, value, data } = transferCall(token, to, amount);
      const call = { abi, functionName: "execute", args: [target, value, data] } as const;
      const operation = await userOperation(world.chain, address, encodeFunctionData(call));
      const raw = userOperationHash(world.chain, operation);
      const owner = owners.at(-1);
      if (owner === undefined) throw new RangeError("the account needs an owner");
      const signature = await owner.account.sign({ hash: zHex.parse(hashMessage({ raw })) });
      return await submitUserOperation(world.chain, operation, signature);
    },
  };
}
