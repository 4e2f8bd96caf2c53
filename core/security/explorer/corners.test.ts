import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Bucket, Profile } from "../rules/profile.ts";
import { PROFILES } from "../rules/profiles.ts";
import { THINGS } from "../rules/things.ts";
import type { Chances } from "./account.ts";
import { CHANCE_BOX, REFERENCE_CHANCES, type ThingBox, WAYS_TO_FAIL } from "./chances.ts";
import { edgesAmong, EVERY_CHOICE_OF_METHODS, explore, nameOf, networkAccount } from "./configurations.ts";
import {
  complaintsAbout,
  cornersOf,
  differenceTable,
  failureTable,
  largestOver,
  risesFor,
  takeOut,
} from "./edges.ts";
import { failuresOf } from "./failure.ts";
import { modelOf } from "./model.ts";
import { explorerOf } from "./reach.ts";
import { tableOf } from "./sets.ts";

/** Configurations with few methods. Nothing is explored before a test asks for it. */
const ours = () =>
  EVERY_CHOICE_OF_METHODS.slice(0, 11).map((methods) => explore(networkAccount("default", methods)));

const inBox = ({ lost, leaked, stolen }: ThingBox): fc.Arbitrary<Chances> =>
  fc.record({
    lost: fc.double({ min: lost[0], max: lost[1], noNaN: true }),
    leaked: fc.double({ min: leaked[0], max: leaked[1], noNaN: true }),
    stolen: fc.double({ min: stolen[0], max: stolen[1], noNaN: true }),
  });
const boxOf = (things: readonly string[]) =>
  things.map((thing) => CHANCE_BOX[THINGS.find((one) => one === thing) ?? "W"]);

describe("trying corners", () => {
  test("a thing's box has eight corners", () => {
    const corners = cornersOf(CHANCE_BOX.D);
    expect(new Set(corners.map((corner) => WAYS_TO_FAIL.map((way) => corner[way]).join())).size).toBe(8);
    for (const corner of corners) {
      for (const way of WAYS_TO_FAIL) expect(CHANCE_BOX.D[way]).toContain(corner[way]);
    }
  });

  test("finds the largest value of any table, and where it is", () => {
    const things = ["C", "A"];
    const value = fc.double({ min: -1, max: 1, noNaN: true });
    const anyTable = fc
      .array(value, { minLength: 16, maxLength: 16 })
      .map((values) => Float64Array.from(values));
    const boxes = boxOf(things);
    fc.assert(
      fc.property(anyTable, fc.tuple(...boxes.map(inBox)), (table, chances) => {
        const { value: largest, chances: where } = largestOver(table, boxes);
        const at = (point: readonly Chances[]) => point.reduce(takeOut, table)[0] ?? NaN;
        expect(at(where)).toBeCloseTo(largest, 12);
        expect(at(chances)).toBeLessThanOrEqual(largest + 1e-12);
      }),
    );
  });

  test("the table of differences is the difference of the tables, whatever was added", () => {
    for (const edge of edgesAmong(ours())) {
      const chances = edge.to.sets.things.map(
        (thing) => REFERENCE_CHANCES[THINGS.find((one) => one === thing) ?? "W"],
      );
      const difference = chances.reduce<Float64Array>(takeOut, differenceTable(edge))[0];
      const chance = ({ sets }: typeof edge.to) =>
        failuresOf(
          sets,
          sets.things.map((thing) => REFERENCE_CHANCES[THINGS.find((one) => one === thing) ?? "W"]),
        ).failure;
      expect(difference).toBeCloseTo(chance(edge.to) - chance(edge.from), 14);
    }
  });

  test("the table of failures adds up to the chance of failure", () => {
    for (const { sets } of ours()) {
      const chances = sets.things.map(
        (thing) => REFERENCE_CHANCES[THINGS.find((one) => one === thing) ?? "W"],
      );
      expect(chances.reduce<Float64Array>(takeOut, failureTable(sets))[0]).toBeCloseTo(
        failuresOf(sets, chances).failure,
        14,
      );
    }
  });
});

test("an addition raises a chance when theft or loss gets likelier, even if failure does not", () => {
  const published = [[], ["A"], ["A", "S"]] as const;
  const everyEdge = edgesAmong(published.map((methods) => explore(networkAccount("published", methods))));
  const from = (methods: string, added: string) =>
    everyEdge.find((edge) => edge.from.account.methods.join("") === methods && edge.added === added);
  const [fine, worse] = [from("", "A"), from("A", "S")];
  if (!fine || !worse) throw new Error("no such edges");
  expect(risesFor(fine, REFERENCE_CHANCES)).toBe(false);
  expect(risesFor(worse, REFERENCE_CHANCES)).toBe(true);
});

test("an edge leads to exactly one factor more: a method, or the social login", () => {
  const choices = [
    networkAccount("default", [], "none"),
    networkAccount("default", ["A"], "none"),
    networkAccount("default", []),
    networkAccount("default", ["A", "S"]),
  ];
  const named = edgesAmong(choices.map(explore)).map(({ from, to, added }) => [
    nameOf(from.account),
    added,
    nameOf(to.account),
  ]);
  expect(named).toEqual([
    ["no method, no social login", "A", "A, no social login"],
    ["no method, no social login", "C", "no method"],
  ]);
});

test("there is nothing to complain about where an addition keeps the promise", () => {
  const [edge] = edgesAmong(
    [[], ["A"] as const].map((methods) => explore(networkAccount("default", methods))),
  );
  if (!edge) throw new Error("no edge");
  expect(complaintsAbout(edge)).toEqual([]);
});

describe("a change of the tables that breaks the promise", () => {
  /** The default profile with other numbers at one level. */
  const explored = (change: (bucket: Bucket) => Bucket, methods: readonly ("A" | "S")[]) => {
    const account = networkAccount("default", methods);
    const { withCredentials } = PROFILES.default.buckets;
    const [b0, b1, b2, b3, b4] = withCredentials;
    const profile: Profile = {
      ...PROFILES.default,
      buckets: { ...PROFILES.default.buckets, withCredentials: [b0, b1, change(b2), b3, b4] },
    };
    const explorer = explorerOf({ ...modelOf(account), profile });
    return { ...explore(account), explorer, sets: tableOf(explorer) };
  };
  const needing = (points: number) => (bucket: Bucket) => ({
    ...bucket,
    needed: { ...bucket.needed, "sign-with-mfa-key": points, "sign-with-recovery-key": points },
  });

  test("is named with the edge and the chances at which it breaks", () => {
    const [from, to] = [explore(networkAccount("default", ["A"])), explored(needing(8), ["A", "S"])];
    const [edge] = edgesAmong([from, { ...to, smallestTheft: 1, smallestLoss: 1 }]);
    if (!edge) throw new Error("no edge");
    const [theft, loss, failure, ...more] = complaintsAbout(edge);
    expect(theft).toBe("A + S: the smallest theft set falls from 2 to 1");
    expect(loss).toBe("A + S: the smallest loss set falls from 2 to 1");
    expect(failure).toMatch(
      /^A \+ S: failure gets likelier by \d\.\de-\d at D 0\.\d+\/0\.\d+\/0\.\d+, C .*, S [\d./]+$/,
    );
    expect(more).toEqual([]);
  });
});
