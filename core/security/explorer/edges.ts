/**
 * What adding one factor does: to the smallest sets, and to the chance of failure for every choice of chances from a
 * box.
 *
 * The chance of failure is affine in the chances of each single thing (each of its summands has one of them as a factor). So is the difference of two
 * such chances, and a function that is affine in each of several variables is largest, over a box, at one of its
 * corners. Trying every corner is therefore as good as trying every point.
 */
import { certain } from "./certain.ts";
import { type Thing, THINGS } from "../rules/things.ts";
import type { Chances } from "./account.ts";
import { CHANCE_BOX, type Interval, type ThingBox } from "./chances.ts";
import { type Edge, type Explored, nameOf } from "./configurations.ts";
import { failuresOf, outcomeOf } from "./failure.ts";
import type { SetTable } from "./sets.ts";

/** The eight corners of one thing's box. */
export function cornersOf({ lost, leaked, stolen }: ThingBox): Chances[] {
  const ends = ([least, most]: Interval) => [least, most];
  return ends(lost).flatMap((l) =>
    ends(leaked).flatMap((k) => ends(stolen).map((s) => ({ lost: l, leaked: k, stolen: s }))),
  );
}

/** The letter of a thing: what a network-held account hangs on has one. */
const letterOf = (thing: string): Thing =>
  certain(
    THINGS.find((one) => one === thing),
    "letter",
  );

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
    return fails - certain(before[withoutAdded], "state");
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
      const [sum] = from;
      if (certain(sum, "sum") > value) {
        value = certain(sum, "sum");
        best = [...chosen];
      }
      return;
    }
    for (const [index, corner] of certain(corners[depth], "corner").entries()) {
      chosen[depth] = index;
      takeOutInto(rest, from, corner);
      goThrough(depth + 1, rest);
    }
  };
  goThrough(0, table);
  const chances = best.map((index, depth) => certain(corners[depth]?.[index], "corner"));
  return { value, chances };
}

/** The table without its first thing, which fails with these chances. */
export function takeOut(table: StateTable, chances: Chances): StateTable {
  const rest = new Float64Array(table.length / 4);
  takeOutInto(rest, table, chances);
  return rest;
}

function takeOutInto(rest: Float64Array, table: Float64Array, { lost, leaked, stolen }: Chances): void {
  const safe = 1 - lost - leaked - stolen;
  for (let place = 0; place < rest.length; ++place) {
    const at = 4 * place;
    rest[place] =
      safe * certain(table[at], "state") +
      lost * certain(table[at + 1], "state") +
      leaked * certain(table[at + 2], "state") +
      stolen * certain(table[at + 3], "state");
  }
}

/** Whether adding a factor makes theft or loss likelier, each by itself, for these chances. */
export function risesFor({ from, to }: Edge, chances: Readonly<Record<Thing, Chances>>): boolean {
  const chancesIn = ({ sets }: Explored) =>
    failuresOf(
      sets,
      sets.things.map((thing) => chances[letterOf(thing)]),
    );
  const [before, now] = [chancesIn(from), chancesIn(to)];
  return isMore(now.theft, before.theft) || isMore(now.loss, before.loss);
}

/** More than the last digits of a sum of products may differ. */
const isMore = (one: number, other: number): boolean => one > other * (1 + 1e-9);

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
  const { value, chances } = largestOver(
    differenceTable(edge),
    to.sets.things.map((thing) => CHANCE_BOX[letterOf(thing)]),
  );
  if (value >= 0) {
    const where = to.sets.things.map((thing, index) => {
      const { lost, leaked, stolen } = certain(chances[index], "chances");
      return `${thing} ${lost}/${leaked}/${stolen}`;
    });
    complaints.push(`${name}: failure gets likelier by ${value.toExponential(1)} at ${where.join(", ")}`);
  }
  return complaints;
}
