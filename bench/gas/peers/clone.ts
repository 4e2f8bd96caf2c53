import { encodeFunctionData, parseAbi, type TransactionReceipt } from "viem";
import type { World } from "#contracts/testing/world.ts";
import { type Address, toAddress } from "#core/primitives/address.ts";
import type { Hex } from "#core/primitives/hex.ts";
import { compiledArtifact, deploy } from "../artifacts.ts";

const abi = parseAbi(["function create(bytes initialization) returns (address clone)"]);

/** A factory of clones of one implementation. */
export const cloneFactory = async (world: World, implementation: Address): Promise<Address> =>
  await deploy(world.chain, await compiledArtifact("CloneFactory"), [implementation]);

/** Has a factory create an account: where it is, and the transaction. `call` is the factory's own function. */
export async function createBy(
  world: World,
  factory: Address,
  call: Hex,
): Promise<{ address: Address; deployment: TransactionReceipt }> {
  const { publicClient } = world.chain;
  const { data } = await publicClient.call({ to: factory, data: call });
  // Every factory here answers with the account's address, one word.
  if (data?.length !== 66) throw new Error(`the factory ${factory} does not answer with an address`);
  return { address: toAddress(`0x${data.slice(26)}`), deployment: await world.send(factory, call) };
}

/** Creates a clone and begins it. */
export const createClone = async (world: World, factory: Address, initialization: Hex) =>
  await createBy(world, factory, encodeFunctionData({ abi, functionName: "create", args: [initialization] }));
