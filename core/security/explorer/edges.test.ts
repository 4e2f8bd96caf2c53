import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PROFILES } from "../rules/profiles.ts";
import { enabledBy, suffices } from "../rules/sufficiency.ts";
import { type Proof, PROOFS, THINGS } from "../rules/things.ts";
import type { Chances } from "./account.ts";
import { CHANCE_BOX, REFERENCE_CHANCES, type ThingBox } from "./chances.ts";
import { edgesAmong, EVERY_CHOICE_OF_METHODS, explore, nameOf, networkAccount } from "./configurations.ts";
import { complaintsAbout } from "./edges.ts";
import { failuresOf } from "./failure.ts";
import { thingsIn } from "./sets.ts";

const ours = (["social-login", "none"] as const).flatMap((credentials) =>
  EVERY_CHOICE_OF_METHODS.map((methods) => explore(networkAccount("default", methods, credentials))),
);
const published = EVERY_CHOICE_OF_METHODS.map((methods) => explore(networkAccount("published", methods)));
const edges = edgesAmong(ours);
const nameOfEdge = ({ from, added }: (typeof edges)[number]) => `${nameOf(from.account)} + ${added}`;

const inBox = ({ lost, leaked, stolen }: ThingBox): fc.Arbitrary<Chances> =>
  fc.record({
    lost: fc.double({ min: lost[0], max: lost[1], noNaN: true }),
    leaked: fc.double({ min: leaked[0], max: leaked[1], noNaN: true }),
    stolen: fc.double({ min: stolen[0], max: stolen[1], noNaN: true }),
  });
const boxOf = (things: readonly string[]) =>
  things.map((thing) => CHANCE_BOX[THINGS.find((one) => one === thing) ?? "W"]);

describe("adding a factor in the default profile", () => {
  test("is looked at for all sixteen choices of methods, with a social login and without, and for adding that", () => {
    expect(edges).toHaveLength(32 + 32 + 16);
    expect(edges.filter(({ added }) => added === "C")).toHaveLength(16);
  });

  test.each(edges.map((edge) => [nameOfEdge(edge), edge] as const))(
    "%s: neither smallest set falls, and failure gets less likely everywhere in the box",
    (_, edge) => {
      expect(complaintsAbout(edge)).toEqual([]);
    },
  );

  test("gets less likely to fail at points within the box, too, not only at the corners", () => {
    for (const edge of edges) {
      const { from, to } = edge;
      fc.assert(
        fc.property(fc.tuple(...boxOf(to.sets.things).map(inBox)), (chances) => {
          const before = from.sets.things.map(
            (thing) => chances[to.sets.things.indexOf(thing)] ?? REFERENCE_CHANCES.W,
          );
          expect(failuresOf(to.sets, chances).failure).toBeLessThan(failuresOf(from.sets, before).failure);
        }),
        { numRuns: 10 },
      );
    }
  });

  test("is at least as good as the published profile in every configuration, and no likelier to fail", () => {
    for (const theirs of published) {
      const mine = ours.find(
        ({ account }) =>
          account.credentials === "social-login" && account.methods.join() === theirs.account.methods.join(),
      );
      if (!mine) throw new Error(`nothing like ${nameOf(theirs.account)}`);
      expect(mine.smallestTheft).toBeGreaterThanOrEqual(theirs.smallestTheft);
      expect(mine.smallestLoss).toBeGreaterThanOrEqual(theirs.smallestLoss);
      const chanceIn = ({ sets }: typeof mine) =>
        failuresOf(
          sets,
          sets.things.map((thing) => REFERENCE_CHANCES[THINGS.find((one) => one === thing) ?? "W"]),
        ).failure;
      expect(chanceIn(mine)).toBeLessThan(chanceIn(theirs));
    }
  });

  test("leads through these smallest sets, theft and loss, level by level", () => {
    for (const { account, smallestTheft, smallestLoss } of ours) {
      const expected = {
        "social-login": [
          [2, 2],
          [2, 2],
          [3, 2],
          [3, 3],
          [3, 4],
        ],
        none: [
          [1, 1],
          [2, 2],
          [2, 2],
          [3, 3],
          [3, 3],
        ],
      };
      // Nothing but the mailbox opens a session where there is just an authenticator app beside it.
      const onlyApp = account.credentials === "none" && account.methods.join() === "A";
      const table = account.credentials === "none" ? expected.none : expected["social-login"];
      const sizes = onlyApp ? [2, 1] : table[account.methods.length];
      expect([smallestTheft, smallestLoss], nameOf(account)).toEqual(sizes);
    }
  });
});

test("the explorer has of the default profile what its points say and no more", () => {
  for (const { account, sets, explorer } of ours) {
    const enabled = enabledBy([
      ...account.methods,
      ...(account.credentials === "none" ? [] : (["C"] as const)),
    ]);
    for (const mask of sets.drains.keys()) {
      const holds = thingsIn(sets, mask);
      const proofs = new Set<Proof>(PROOFS.filter((proof) => holds.includes(proof)));
      const session = holds.some((thing) => "CESPW".includes(thing));
      const may = (device: boolean) =>
        session && suffices(PROFILES.default, "sign-with-recovery-key", enabled, { proofs, device });
      const atOnce = holds.includes("D") && may(true);
      const inTheEnd = atOnce || may(false);
      const where = `${nameOf(account)}: ${holds.join()}`;
      const held = new Set(holds);
      expect(explorer.reach({ holds: held, waits: new Set() }).has("money"), where).toBe(atOnce);
      expect(explorer.reach({ holds: held, waits: new Set(["recovery"]) }).has("money"), where).toBe(
        inTheEnd,
      );
    }
  }
});
