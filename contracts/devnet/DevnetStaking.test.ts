import datil from "@lit-protocol/contracts/dev/datil.json" with { type: "json" };
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { devnetStakingAbi } from "../abi.ts";
import { World } from "../testing/world.ts";

/** The parts of an ABI entry that make up how it is encoded and what its fields are called. */
const zParameter = z.object({
  name: z.string(),
  type: z.string(),
  get components() {
    return z.array(zParameter).optional();
  },
});
const zEntry = z.object({
  type: z.string(),
  name: z.string().optional(),
  inputs: z.array(zParameter).optional(),
  outputs: z.array(zParameter).optional(),
});
type Parameter = z.output<typeof zParameter>;

const litAbi = z.array(zEntry).parse(datil.data.find(({ name }) => name === "Staking")?.contracts[0]?.ABI);

/** What counts for the client: types in their order, and the names within structs. */
const shape = (parameters: readonly Parameter[] = [], named = false): unknown =>
  parameters.map(({ name, type, components }) => ({
    type,
    ...(named ? { name } : {}),
    ...(components ? { components: shape(components, true) } : {}),
  }));

describe("the devnet's staking contract", () => {
  test.each(["getActiveUnkickedValidatorStructsAndCounts", "StateChanged"])(
    "has %s in the shape of Lit's, so that the unmodified client reads it",
    (name) => {
      const lits = litAbi.find((entry) => entry.name === name);
      const ours = z
        .array(zEntry)
        .parse(devnetStakingAbi)
        .find((entry) => entry.name === name);
      expect(lits).toBeDefined();
      expect(ours?.type).toBe(lits?.type);
      expect(shape(ours?.inputs)).toEqual(shape(lits?.inputs));
      expect(shape(ours?.outputs)).toEqual(shape(lits?.outputs));
    },
  );

  describe("on a chain", () => {
    let world: World;
    beforeAll(async () => {
      world = await World.start();
    });
    afterAll(async () => await world.stop());

    test("answers with the nodes that were listed last", async () => {
      const { publicClient, walletClient } = world.chain;
      const staking = { address: world.contracts.staking, abi: devnetStakingAbi } as const;
      const node = (port: number) => ({
        ip: 0x7f000001,
        ipv6: 0n,
        port,
        nodeAddress: world.contracts.factory,
        reward: 0n,
        senderPubKey: 0n,
        receiverPubKey: 0n,
        lastActiveEpoch: 0n,
      });
      for (const ports of [
        [1, 2, 3, 4],
        [4, 2, 3],
      ]) {
        const args = [ports.map(node)] as const;
        const hash = await walletClient.writeContract({
          ...staking,
          functionName: "setActiveValidators",
          args,
        });
        await publicClient.waitForTransactionReceipt({ hash });
      }
      const [epoch, minimum, nodes] = await publicClient.readContract({
        ...staking,
        functionName: "getActiveUnkickedValidatorStructsAndCounts",
      });
      expect(epoch.number).toBe(3n);
      expect(minimum).toBe(3n);
      expect(nodes.map(({ port }) => port)).toEqual([4, 2, 3]);
    });
  });
});
