import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { World } from "#contracts/testing/world.ts";
import { type Role, ROLE_NUMBER, ROLES } from "../keys/role.ts";
import type { OperationKind } from "../operations/operation.ts";
import { authorityOf, type Delay, delayOf, type PerRole } from "./policy.ts";

/** How the contract numbers them. */
const KIND_NUMBER = { withdraw: 0, replaceKey: 1 } as const satisfies Record<OperationKind, number>;
const DELAYS = ["never", "now", "later"] as const satisfies readonly Delay[];

/** More than any rule asks for, so that "one too few", "just enough" and "one more" all occur. */
const COUNTS = [0, 1, 2, 3];

const everyNumberPerRole: PerRole[] = COUNTS.flatMap((device) =>
  COUNTS.flatMap((mfa) => COUNTS.map((recovery) => ({ device, mfa, recovery }))),
);
const everyCase = everyNumberPerRole.flatMap((signed) =>
  everyNumberPerRole.map((thresholds) => ({ signed, thresholds })),
);

/** The contract's packing: a byte per role, at the place of the role's number. */
const pack = (counts: PerRole) =>
  ROLES.reduce((packed, role) => packed + counts[role] * 2 ** (8 * ROLE_NUMBER[role]), 0);

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

  test("agree for every kind, every number of signatures and every threshold", async () => {
    const kinds = Object.keys(KIND_NUMBER) as OperationKind[];
    expect(await ask("kinds", [])).toBe(BigInt(kinds.length));
    let compared = 0;
    for (const kind of kinds) {
      const answers = z
        .array(z.number())
        .length(everyCase.length)
        .parse(
          await ask("delaysOf", [
            KIND_NUMBER[kind],
            everyCase.map(({ signed }) => pack(signed)),
            everyCase.map(({ thresholds }) => pack(thresholds)),
          ]),
        );
      everyCase.forEach(({ signed, thresholds }, index) => {
        const model = delayOf(kind, authorityOf(signed, { thresholds }));
        const contract = DELAYS[answers[index] ?? -1];
        expect(contract, JSON.stringify({ kind, signed, thresholds })).toBe(model);
        compared++;
      });
    }
    console.log(`policy: ${compared} cases, model and contract agree in all`);
  });
});

describe("the policy", () => {
  const withKeys = (...roles: Role[]) => new Set(roles);

  test("lets device and mfa withdraw, and nobody with less", () => {
    expect(delayOf("withdraw", withKeys("device", "mfa"))).toBe("now");
    expect(delayOf("withdraw", withKeys("device", "mfa", "recovery"))).toBe("now");
    for (const less of [[], ["device"], ["mfa"], ["recovery"], ["device", "recovery"], ["mfa", "recovery"]]) {
      expect(delayOf("withdraw", new Set(less as Role[])), less.join("+")).toBe("never");
    }
  });

  test("lets device with mfa or recovery replace a key, and nobody without the device", () => {
    expect(delayOf("replaceKey", withKeys("device", "mfa"))).toBe("now");
    expect(delayOf("replaceKey", withKeys("device", "recovery"))).toBe("now");
    expect(delayOf("replaceKey", withKeys("device"))).toBe("never");
    expect(delayOf("replaceKey", withKeys("mfa", "recovery"))).toBe("never");
  });

  test("gives a role authority only when enough of its keys signed, and never when none did", () => {
    const none = { device: 0, mfa: 0, recovery: 0 };
    expect(authorityOf(none, { thresholds: none }).size).toBe(0);
    const thresholds = { device: 1, mfa: 2, recovery: 1 };
    expect(authorityOf({ device: 1, mfa: 1, recovery: 0 }, { thresholds })).toEqual(withKeys("device"));
    expect(authorityOf({ device: 1, mfa: 2, recovery: 0 }, { thresholds })).toEqual(
      withKeys("device", "mfa"),
    );
  });
});
