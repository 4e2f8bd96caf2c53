import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Chances, parseAccount } from "./account.ts";
import { REFERENCE_CHANCES } from "./chances.ts";
import { explore, networkAccount } from "./configurations.ts";
import { diagramOf } from "./diagram.ts";
import { failuresOf, outcomeOf } from "./failure.ts";
import { type Mishap, mishapsIn, mishapsOf, PLACE_CHANCES } from "./places.ts";
import type { SetTable } from "./sets.ts";

/** The sum over every state of every thing and every place, one by one. */
function summedUp(sets: SetTable, chances: readonly Chances[], mishaps: readonly Mishap[]) {
  const total = { theft: 0, loss: 0, failure: 0 };
  const states = (all: readonly Chances[]): { weight: number; lost: boolean[]; got: boolean[] }[] =>
    all.reduce<{ weight: number; lost: boolean[]; got: boolean[] }[]>(
      (before, { lost, leaked, stolen }) =>
        before.flatMap((one) => [
          {
            weight: one.weight * (1 - lost - leaked - stolen),
            lost: [...one.lost, false],
            got: [...one.got, false],
          },
          { weight: one.weight * lost, lost: [...one.lost, true], got: [...one.got, false] },
          { weight: one.weight * leaked, lost: [...one.lost, false], got: [...one.got, true] },
          { weight: one.weight * stolen, lost: [...one.lost, true], got: [...one.got, true] },
        ]),
      [{ weight: 1, lost: [], got: [] }],
    );
  for (const places of states(mishaps.map((mishap) => mishap.chances))) {
    for (const things of states(chances)) {
      let [owner, thief] = [0, 0];
      for (const [index, thing] of sets.things.entries()) {
        const within = mishaps.flatMap(({ holds }, place) => (holds.includes(thing) ? [place] : []));
        const isLost = (things.lost[index] ?? false) || within.some((place) => places.lost[place]);
        const isGot = (things.got[index] ?? false) || within.some((place) => places.got[place]);
        if (!isLost) owner |= 1 << index;
        if (isGot) thief |= 1 << index;
      }
      const { stolen, lockedOut } = outcomeOf(sets, owner, thief);
      const weight = places.weight * things.weight;
      if (stolen) total.theft += weight;
      if (lockedOut) total.loss += weight;
      if (stolen || lockedOut) total.failure += weight;
    }
  }
  return total;
}

const anyChances: fc.Arbitrary<Chances> = fc
  .tuple(...[0.33, 0.33, 0.33].map((max) => fc.double({ min: 0, max, noNaN: true })))
  .map(([lost = 0, leaked = 0, stolen = 0]) => ({ lost, leaked, stolen }));

describe("the chance of failure", () => {
  test.each([
    ["default, level 1", () => networkAccount("default", ["A"])],
    ["published, level 2", () => networkAccount("published", ["S", "W"])],
    [
      "a Ledger, an emergency address, a role that may act alone",
      () =>
        parseAccount({
          credentials: "none",
          mfa: { holder: "ledger" },
          recovery: { holder: "ledger", name: "Other" },
          emergencyAddress: "Safe place",
          settings: { singleKeyRoles: ["mfa", "device"], overrideDelayDays: 30 },
        }),
    ],
  ])("is the sum over all states: %s", (_, accountOf) => {
    const { sets } = explore(accountOf());
    const things = fc.array(anyChances, { minLength: sets.things.length, maxLength: sets.things.length });
    const mishaps = fc.array(fc.record({ holds: fc.subarray([...sets.things]), chances: anyChances }), {
      maxLength: 2,
    });
    fc.assert(
      fc.property(things, mishaps, (chances, causes) => {
        const found = failuresOf(sets, chances, causes);
        const summed = summedUp(sets, chances, causes);
        expect(found.theft).toBeCloseTo(summed.theft, 10);
        expect(found.loss).toBeCloseTo(summed.loss, 10);
        expect(found.failure).toBeCloseTo(summed.failure, 10);
      }),
      { numRuns: 15 },
    );
  });

  test("a delayed theft fails while the owner holds a device key, leaked or not", () => {
    const { sets } = explore(networkAccount("default", ["A"]));
    const mask = (things: readonly string[]) =>
      sets.things.reduce((bits, thing, index) => (things.includes(thing) ? bits | (1 << index) : bits), 0);
    const thief = mask(["E", "A"]);
    expect(outcomeOf(sets, mask(["D"]), thief).stolen).toBe(false);
    expect(outcomeOf(sets, mask(["C", "E", "A"]), thief).stolen).toBe(true);
    expect(outcomeOf(sets, mask(["D"]), mask(["D", "E", "A"])).stolen).toBe(true);
    expect(outcomeOf(sets, mask(["D", "E"]), 0)).toEqual({ stolen: false, lockedOut: true });
    expect(outcomeOf(sets, mask(["E", "A"]), 0)).toEqual({ stolen: false, lockedOut: false });
  });
});

describe("decision diagrams", () => {
  test("lead to the table's values, and equal parts are one", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(2), { minLength: 16, maxLength: 16 }), (table) => {
        const diagram = diagramOf(table, 4);
        for (const [mask, value] of table.entries()) {
          const end = [0, 1, 2, 3].reduce(
            (node, depth) =>
              (mask & (1 << depth)) === 0 ? diagram.without(depth, node) : diagram.having(depth, node),
            diagram.root,
          );
          expect(end).toBe(value);
        }
        const alike = diagramOf([...table, ...table], 5);
        for (let depth = 0, node = alike.root; depth < 4; ++depth) node = alike.having(depth, node);
        expect(diagramOf([5, 5, 5, 5], 2).having(0, 0)).toBe(diagramOf([5, 5, 5, 5], 2).without(0, 0));
      }),
    );
  });
});

describe("places", () => {
  test("have the chances of their kind or their own", () => {
    const own = { lost: 0.2, leaked: 0.1, stolen: 0 };
    const account = parseAccount({
      methods: ["A", "S"],
      places: [
        { name: "phone", kind: "phone", holds: ["A", "S"] },
        { name: "desk", kind: "home", holds: ["D"], chances: own },
      ],
    });
    expect(mishapsIn(account)).toEqual([
      { holds: ["A", "S"], chances: PLACE_CHANCES.phone },
      { holds: ["D"], chances: own },
    ]);
  });

  test("what happens to a place happens to all it holds, and to nothing else", () => {
    const never = { lost: 0, leaked: 0, stolen: 0 };
    const ways = mishapsOf(
      ["A", "S", "E"],
      [never, { ...never, leaked: 1 }, never],
      [{ holds: ["A", "S"], chances: { lost: 0.25, leaked: 0, stolen: 0.25 } }],
    );
    const safe = { safe: 1, lost: 0, leaked: 0, stolen: 0 };
    const [lost, leaked, stolen] = (["lost", "leaked", "stolen"] as const).map((state) => ({
      ...{ safe: 0, lost: 0, leaked: 0, stolen: 0 },
      [state]: 1,
    }));
    expect(ways).toEqual([
      { weight: 0.5, things: [safe, leaked, safe] },
      { weight: 0.25, things: [lost, stolen, safe] },
      { weight: 0.25, things: [stolen, stolen, safe] },
    ]);
  });

  test("keeping two methods on one phone makes failure likelier than apart", () => {
    const failure = (holds: readonly string[][]) => {
      const places = holds.map((things, index) => ({
        name: `place ${index}`,
        kind: "phone" as const,
        holds: things,
      }));
      const account = parseAccount({ methods: ["A", "S"], places });
      const { sets } = explore(account);
      const chances = sets.things.map(
        (thing) =>
          REFERENCE_CHANCES[(["D", "C", "E", "A", "S"] as const).find((one) => one === thing) ?? "W"],
      );
      return failuresOf(sets, chances, mishapsIn(account)).failure;
    };
    expect(failure([["A", "S"]])).toBeGreaterThan(2 * failure([["A"], ["S"]]));
  });
});
