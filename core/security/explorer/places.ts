/**
 * Causes that several things share: a phone is stolen with the app and the SIM card in it, a mailbox is taken with the
 * social login that belongs to it. What a place suffers, everything in it suffers, besides what happens to each thing
 * by itself.
 */
import { certain } from "./certain.ts";
import type { Account, Chances, PLACE_KINDS } from "./account.ts";

/** What can happen to several things at once. */
export interface Mishap {
  readonly holds: readonly string[];
  readonly chances: Chances;
}

/** How likely a thing is in each state; together one. */
export interface StateChances extends Chances {
  readonly safe: number;
}

/** Chances of places in a year, where the account does not say its own. */
export const PLACE_CHANCES: Readonly<Record<(typeof PLACE_KINDS)[number], Chances>> = {
  computer: { lost: 0.02, leaked: 0.005, stolen: 0.003 },
  phone: { lost: 0.02, leaked: 0.001, stolen: 0.004 },
  "password-manager": { lost: 0.005, leaked: 0.005, stolen: 0.001 },
  mailbox: { lost: 0.005, leaked: 0.01, stolen: 0.003 },
  home: { lost: 0.002, leaked: 0, stolen: 0.002 },
  other: { lost: 0.005, leaked: 0.0005, stolen: 0.0005 },
};

export const mishapsIn = ({ places }: Account): Mishap[] =>
  places.map(({ holds, kind, chances }) => ({ holds, chances: chances ?? PLACE_CHANCES[kind] }));

const STATES = ["safe", "lost", "leaked", "stolen"] as const;
type State = (typeof STATES)[number];

/** Both happen: the owner has what neither took, the thief what either gave. */
const AFTER: Readonly<Record<State, Readonly<Record<State, State>>>> = {
  safe: { safe: "safe", lost: "lost", leaked: "leaked", stolen: "stolen" },
  lost: { safe: "lost", lost: "lost", leaked: "stolen", stolen: "stolen" },
  leaked: { safe: "leaked", lost: "stolen", leaked: "leaked", stolen: "stolen" },
  stolen: { safe: "stolen", lost: "stolen", leaked: "stolen", stolen: "stolen" },
};

const withSafe = (chances: Chances): StateChances => ({
  ...chances,
  safe: 1 - chances.lost - chances.leaked - chances.stolen,
});

/** A thing's chances once its place is in a state. */
function after(chances: StateChances, happened: State): StateChances {
  const result: Record<State, number> = { safe: 0, lost: 0, leaked: 0, stolen: 0 };
  for (const state of STATES) result[AFTER[happened][state]] += chances[state];
  return result;
}

/** One way for all places to be: how likely it is, and then each thing. */
export interface Circumstance {
  readonly weight: number;
  readonly things: readonly StateChances[];
}

/** Every way for all places to be that can be. */
export function mishapsOf(
  things: readonly string[],
  chances: readonly Chances[],
  mishaps: readonly Mishap[],
): Circumstance[] {
  const nothing: Circumstance = { weight: 1, things: chances.map(withSafe) };
  return mishaps.reduce<Circumstance[]>(
    (all, mishap) => {
      const happens = withSafe(mishap.chances);
      return all.flatMap(({ weight, things: before }) =>
        STATES.filter((state) => happens[state] > 0).map((state) => ({
          weight: weight * happens[state],
          things: before.map((one, index) =>
            mishap.holds.includes(certain(things[index], "thing")) ? after(one, state) : one,
          ),
        })),
      );
    },
    [nothing],
  );
}
