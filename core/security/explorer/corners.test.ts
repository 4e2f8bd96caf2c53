import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { THINGS } from "../rules/things.ts";
import type { Chances } from "./account.ts";
import { CHANCE_BOX, REFERENCE_CHANCES, type ThingBox, WAYS_TO_FAIL } from "./chances.ts";
import { edgesAmong, EVERY_CHOICE_OF_METHODS, explore, networkAccount } from "./configurations.ts";
import { cornersOf, differenceTable, failureTable, largestOver, risesFor, takeOut } from "./edges.ts";
import { failuresOf } from "./failure.ts";

const ours = EVERY_CHOICE_OF_METHODS.slice(0, 12).map((methods) =>
  explore(networkAccount("default", methods)),
);
const edges = edgesAmong(ours);
const published = EVERY_CHOICE_OF_METHODS.map((methods) => explore(networkAccount("published", methods)));

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
    for (const edge of edges.filter(({ to }) => to.sets.things.length <= 5)) {
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
    for (const { sets } of ours) {
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
  const everyEdge = edgesAmong(published);
  const from = (methods: string, added: string) =>
    everyEdge.find((edge) => edge.from.account.methods.join("") === methods && edge.added === added);
  const [fine, worse] = [from("", "A"), from("A", "S")];
  if (!fine || !worse) throw new Error("no such edges");
  expect(risesFor(fine, REFERENCE_CHANCES)).toBe(false);
  expect(risesFor(worse, REFERENCE_CHANCES)).toBe(true);
});
