/**
 * How likely an account fails in a year: the money is stolen, or its owner locked out. Exact, over every state of every
 * thing: safe, lost (nobody has it), leaked (owner and thief have it), stolen (only the thief has it).
 *
 * The two tables of what a set of things can do become decision diagrams, in which equal parts are one; owner and thief
 * go down theirs side by side, and each pair of places is looked at once. That is the same sum as over all 4^n states.
 */
import { certain } from "./certain.ts";
import type { Chances } from "./account.ts";
import { diagramOf, type Diagram } from "./diagram.ts";
import { type Mishap, mishapsOf, type StateChances } from "./places.ts";
import { drainsBy, type SetTable } from "./sets.ts";

export interface Failures {
  readonly theft: number;
  readonly loss: number;
  /** Either of them. */
  readonly failure: number;
}

/** How an account ends up. */
export interface Outcome {
  readonly stolen: boolean;
  readonly lockedOut: boolean;
}

/** Whether the thief gets the money, and whether the owner is locked out, when each has these things. */
export function outcomeOf({ waits, drains, vetoes }: SetTable, owner: number, thief: number): Outcome {
  const everyWait = (1 << waits.length) - 1;
  const unvetoed = everyWait & ~certain(vetoes[owner], "set");
  return {
    stolen: drainsBy(certain(drains[thief], "set"), unvetoed),
    lockedOut: !drainsBy(certain(drains[owner], "set"), everyWait),
  };
}

/** Two sets of things that can do the same are one: the first of each kind stands for all of them. */
function standIns(sets: SetTable): number[] {
  const first = new Map<string, number>();
  return sets.drains.map((drains, mask) => {
    const power = `${drains} ${certain(sets.vetoes[mask], "set")}`;
    const known = first.get(power) ?? mask;
    first.set(power, known);
    return known;
  });
}

/** The chance of what counts, where each thing is in its states by itself. */
function chanceOf(
  diagram: Diagram,
  things: readonly StateChances[],
  counts: (owner: number, thief: number) => boolean,
): number {
  const known = new Map<string, number>();
  const below = (depth: number, owner: number, thief: number): number => {
    const chances = things[depth];
    if (!chances) return counts(owner, thief) ? 1 : 0;
    const pair = `${depth} ${owner} ${thief}`;
    const before = known.get(pair);
    if (before !== undefined) return before;
    const [without, having] = [diagram.without(depth, owner), diagram.having(depth, owner)];
    const [thiefWithout, thiefHaving] = [diagram.without(depth, thief), diagram.having(depth, thief)];
    const chance =
      chances.safe * below(depth + 1, having, thiefWithout) +
      chances.lost * below(depth + 1, without, thiefWithout) +
      chances.leaked * below(depth + 1, having, thiefHaving) +
      chances.stolen * below(depth + 1, without, thiefHaving);
    known.set(pair, chance);
    return chance;
  };
  return below(0, diagram.root, diagram.root);
}

/**
 * How likely the account fails.
 * @param chances of each thing by itself, in the order of the table's things
 * @param mishaps what happens to several things at once; by default nothing
 */
export function failuresOf(
  sets: SetTable,
  chances: readonly Chances[],
  mishaps: readonly Mishap[] = [],
): Failures {
  const diagram = diagramOf(standIns(sets), sets.things.length);
  const chance = (counts: (outcome: Outcome) => boolean): number =>
    mishapsOf(sets.things, chances, mishaps).reduce(
      (sum, { weight, things }) =>
        sum + weight * chanceOf(diagram, things, (owner, thief) => counts(outcomeOf(sets, owner, thief))),
      0,
    );
  return {
    theft: chance(({ stolen }) => stolen),
    loss: chance(({ lockedOut }) => lockedOut),
    failure: chance(({ stolen, lockedOut }) => stolen || lockedOut),
  };
}
