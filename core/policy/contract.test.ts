import { concatHex, hexToBytes, numberToHex } from "viem/utils";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { World } from "#contracts/testing/world.ts";
import { type Role, ROLE_NUMBER, ROLES } from "../keys/role.ts";
import { type Hex, zHex } from "../primitives/hex.ts";
import { type Circumstances, effectOf, EFFECTS, FROZEN, type PerRole, POLICY_KINDS } from "./policy.ts";

/** More than any rule asks for, so that "one too few", "just enough" and "one more" all occur. */
const COUNTS = [0, 1, 2, 3];

/** No account can ask for more than one device key; that it might have forgotten to ask for one must not matter. */
const DEVICE_THRESHOLDS = [0, 1];

const withDevice = (numbers: readonly number[]): PerRole[] =>
  numbers.flatMap((device) => COUNTS.flatMap((mfa) => COUNTS.map((recovery) => ({ device, mfa, recovery }))));
const everySigned = withDevice(COUNTS);
const everyThresholds = withDevice(DEVICE_THRESHOLDS);

/** The settings in the order in which the harness answers. */
const everySetting = FROZEN.flatMap((frozen) =>
  Array.from({ length: 64 }, (_, bits): Omit<Circumstances, "signed" | "thresholds"> => ({
    frozen,
    vetoByAny: (bits & 32) !== 0,
    overrideOn: (bits & 16) !== 0,
    allowed: (bits & 8) !== 0,
    singleKeyRoles: new Set<Role>(ROLES.filter((role) => (bits & (1 << (ROLE_NUMBER[role] - 1))) !== 0)),
  })),
);

/** The contract's packing: a byte per role, at the place of the role's number. */
const pack = (counts: PerRole): Hex =>
  numberToHex(
    ROLES.reduce((packed, role) => packed + counts[role] * 2 ** (8 * ROLE_NUMBER[role]), 0),
    { size: 4 },
  );

describe("the policy in TypeScript and the one in Solidity", () => {
  let world: World;
  let harness: Awaited<ReturnType<World["deploy"]>>;
  beforeAll(async () => {
    world = await World.start();
    harness = await world.deploy("PolicyHarness", "testing/PolicyHarness.sol");
  });
  afterAll(async () => await world.stop());

  const ask = async (functionName: string, args: readonly unknown[]) =>
    await world.chain.publicClient.readContract({ ...harness, functionName, args });

  test("know the same kinds", async () => {
    expect(await ask("kinds", [])).toBe(BigInt(POLICY_KINDS.length));
  });

  test("agree for every kind, every number of signatures, every threshold and every setting", async () => {
    let compared = 0;
    const signedBytes = concatHex(everySigned.map(pack));
    for (const [number, kind] of POLICY_KINDS.entries()) {
      for (const thresholds of everyThresholds) {
        const thresholdBytes = concatHex(everySigned.map(() => pack(thresholds)));
        const effects = hexToBytes(zHex.parse(await ask("effectsOf", [number, signedBytes, thresholdBytes])));
        expect(effects.length).toBe(everySigned.length * everySetting.length);
        let next = 0;
        for (const signed of everySigned) {
          for (const setting of everySetting) {
            const circumstances: Circumstances = { ...setting, signed, thresholds };
            const model = effectOf(kind, circumstances);
            const contract = EFFECTS[effects[next++] ?? -1] ?? "something unknown";
            if (contract !== model) {
              const where = JSON.stringify({ ...circumstances, singleKeyRoles: [...setting.singleKeyRoles] });
              expect.fail(`${kind}: the contract says ${contract}, the model ${model}: ${where}`);
            }
          }
        }
        compared += next;
      }
    }
    console.log(`policy: ${compared} cases, model and contract agree in all`);
  }, 600_000);
});
