/**
 * What adding one factor does: to the smallest sets, and to the chance of failure for every choice of chances from a
 * box.
 *
 * The chance of failure is affine in the chances of each single thing (each of its summands has one of them as a factor). So is the difference of two
 * such chances, and a function that is affine in each of several variables is largest, over a box, at one of its
 * corners. Trying every corner is therefore as good as trying every point.
 */
import { type Thing, THINGS } from "../rules/things.ts";
import type { Chances } from "./account.ts";
import { CHANCE_BOX, type Interval, type ThingBox } from "./chances.ts";
import { type Edge, nameOf } from "./configurations.ts";
import { outcomeOf } from "./failure.ts";
import type { SetTable } from "./sets.ts";

/** The eight corners of one thing's box. */
export function cornersOf({ lost, leaked, stolen }: ThingBox): Chances[] {
  const ends = ([least, most]: Interval) => [least, most];
  return ends(lost).flatMap((l) =>
    ends(leaked).flatMap((k) => ends(stolen).map((s) => ({ lost: l, leaked: k, stolen: s }))),
  );
}

/** The box of a thing; what has no letter fails as a wallet does. */
const boxOf = (thing: string): ThingBox =>
  CHANCE_BOX[THINGS.find((one): one is Thing => one === thing) ?? "W"];

/** For each way things can be, a number: 4^n of them, the first thing's state changing fastest. */
export type StateTable = Float64Array;

/** One for every state of all things in which the account fails: safe, lost, leaked and stolen are 0 to 3. */
export function failureTable(sets: SetTable): StateTable {
  const { things } = sets;
  const table = new Float64Array(4 ** things.length);
  const goThrough = (index: number, place: number, owner: number, thief: number): void => {
    if (index === things.length) {
      const { stolen, lockedOut } = outcomeOf(sets, owner, thief);
      table[place] = stolen || lockedOut ? 1 : 0;
      return;
    }
    const bit = 1 << index;
    const step = 4 ** index;
    goThrough(index + 1, place, owner | bit, thief);
    goThrough(index + 1, place + step, owner, thief);
    goThrough(index + 1, place + 2 * step, owner | bit, thief | bit);
    goThrough(index + 1, place + 3 * step, owner, thief | bit);
  };
  goThrough(0, 0, 0, 0);
  return table;
}

/** How much likelier failure is after the change than before, state by state: things as after the change. */
export function differenceTable({ from, to, added }: Edge): StateTable {
  const before = failureTable(from.sets);
  const place = to.sets.things.indexOf(added);
  const below = 4 ** place;
  return failureTable(to.sets).map((fails, state) => {
    const withoutAdded = (state % below) + Math.floor(state / (below * 4)) * below;
    return fails - (before[withoutAdded] ?? 0);
  });
}

/** The largest value that a table takes over the corners of its things' boxes, and where. */
export interface Largest {
  readonly value: number;
  readonly chances: readonly Chances[];
}

/** Goes through every corner, thing by thing. */
export function largestOver(table: StateTable, boxes: readonly ThingBox[]): Largest {
  const corners = boxes.map(cornersOf);
  // One table for each depth, written over and over: allocating millions of small ones would take most of the time.
  const rests = boxes.map((_, depth) => new Float64Array(table.length / 4 ** (depth + 1)));
  const chosen = boxes.map(() => 0);
  let value = -Infinity;
  let best: readonly number[] = [];
  const goThrough = (depth: number, from: Float64Array): void => {
    const rest = rests[depth];
    if (!rest) {
      if ((from[0] ?? 0) > value) {
        value = from[0] ?? 0;
        best = [...chosen];
      }
      return;
    }
    for (const [index, corner] of (corners[depth] ?? []).entries()) {
      chosen[depth] = index;
      takeOutInto(rest, from, corner);
      goThrough(depth + 1, rest);
    }
  };
  goThrough(0, table);
  const chances = best.flatMap((index, depth) => corners[depth]?.[index] ?? []);
  return { value, chances };
}

function takeOutInto(rest: Float64Array, table: Float64Array, { lost, leaked, stolen }: Chances): void {
  const safe = 1 - lost - leaked - stolen;
  for (let place = 0; place < rest.length; ++place) {
    const at = 4 * place;
    rest[place] =
      safe * (table[at] ?? 0) +
      lost * (table[at + 1] ?? 0) +
      leaked * (table[at + 2] ?? 0) +
      stolen * (table[at + 3] ?? 0);
  }
}

/** What is wrong with adding a factor: one sentence each, empty where nothing is. */
export function complaintsAbout(edge: Edge): string[] {
  const { from, to, added } = edge;
  const name = `${nameOf(from.account)} + ${added}`;
  const complaints: string[] = [];
  if (to.smallestTheft < from.smallestTheft) {
    complaints.push(
      `${name}: the smallest theft set falls from ${from.smallestTheft} to ${to.smallestTheft}`,
    );
  }
  if (to.smallestLoss < from.smallestLoss) {
    complaints.push(`${name}: the smallest loss set falls from ${from.smallestLoss} to ${to.smallestLoss}`);
  }
  const { value, chances } = largestOver(differenceTable(edge), to.sets.things.map(boxOf));
  if (value >= 0) {
    const where = to.sets.things.map((thing, index) => {
      const { lost = 0, leaked = 0, stolen = 0 } = chances[index] ?? {};
      return `${thing} ${lost}/${leaked}/${stolen}`;
    });
    complaints.push(`${name}: failure gets likelier by ${value.toExponential(1)} at ${where.join(", ")}`);
  }
  return complaints;
}
