/** Everything the explorer says about an account, ready to be printed or shown. */
import { certain } from "./certain.ts";
import { levelOf, waysToSuffice } from "../rules/sufficiency.ts";
import { type Method, type Proof, PROOFS, type Thing, THINGS } from "../rules/things.ts";
import { describeWays, listWords } from "../rules/words.ts";
import type { Account, Chances } from "./account.ts";
import { OTHER_CHANCES, REFERENCE_CHANCES } from "./chances.ts";
import type { Explored } from "./configurations.ts";
import { type Failures, failuresOf } from "./failure.ts";
import { describePath, wordsFor } from "./paths.ts";
import { mishapsIn } from "./places.ts";
import { type Reached, waitsOf } from "./reach.ts";
import { type Mask, quickest, thingsIn } from "./sets.ts";

/** A way to the money. */
export interface TheftPath {
  /** Days that have to pass without a veto; 0: at once. */
  readonly days: number;
  readonly steps: readonly string[];
}

export interface AccountReport {
  readonly methods: readonly Method[];
  readonly level: number;
  /** The smallest sets whose theft empties the account, delays allowed, no veto. */
  readonly theft: readonly (readonly string[])[];
  /** By the set's things, joined with "+". */
  readonly theftPaths: Readonly<Record<string, TheftPath>>;
  /** The smallest sets without which the owner is locked out. */
  readonly loss: readonly (readonly string[])[];
  readonly lossReasons: Readonly<Record<string, string>>;
  readonly smallestTheft: number;
  readonly smallestLoss: number;
  /** The chance of theft or loss in a year. */
  readonly failure: number;
  readonly failures: Failures;
}

/** The name of a set in a report. */
export const setName = (things: readonly string[]): string => things.join("+");

/** The chances of a thing by itself: the account's own, its letter's, or those of what holds a key. */
export function chancesOf({ chances }: Account, thing: string): Chances {
  const own = chances[thing];
  if (own) return own;
  // A second computer fails as the first does.
  const letter = THINGS.find((one): one is Thing => one === (/^D\d+$/.test(thing) ? "D" : thing));
  return letter ? REFERENCE_CHANCES[letter] : OTHER_CHANCES;
}

/** How likely an account fails in a year, shared causes included. */
export const failuresOfAccount = ({ account, sets }: Explored): Failures =>
  failuresOf(
    sets,
    sets.things.map((thing) => chancesOf(account, thing)),
    mishapsIn(account),
  );

const everyWait = ({ explorer }: Explored) => new Set(waitsOf(explorer.model));

/** The way of a set that has the money: with no more delays than it takes. */
export function wayOf({ explorer, sets }: Explored, mask: Mask): { days: number; reached: Reached } {
  const { waits, days } = certain(quickest(explorer, sets, mask), "way to the money");
  const holds = new Set(thingsIn(sets, mask));
  return { days, reached: explorer.reach({ holds, waits: new Set(waits) }) };
}

function pathOf(explored: Explored, mask: Mask): TheftPath {
  const { days, reached } = wayOf(explored, mask);
  return { days, steps: describePath(explored.explorer.model, reached) };
}

/** Why nobody gets at the money without these things. */
export function reasonOf(explored: Explored, mask: Mask): string {
  const { explorer, sets } = explored;
  const { model } = explorer;
  const all = (1 << sets.things.length) - 1;
  const left = new Set(thingsIn(sets, all & ~mask));
  const reached = explorer.reach({ holds: left, waits: everyWait(explored) });
  const proofs = new Set<Proof>(PROOFS.filter((proof) => reached.has(`has:${proof}`)));
  const without = listWords(
    thingsIn(sets, mask).map((thing) => wordsFor(model, thing)),
    "or",
  );
  const device = reached.has("device");
  const role = device ? "mfa" : "recovery";
  const opening = `Without ${without}, ${device ? "a device key is left, but no MFA key signs" : "no device key is left, and no recovery key signs for a new one"}`;
  const holder = model.holders[role];
  if (holder.by === "things") {
    const present = holder.things.filter((thing) => left.has(thing)).length;
    return `${opening}: it takes ${holder.threshold} of ${holder.things.length}, and ${present} of them are there.`;
  }
  const action = role === "mfa" ? "sign-with-mfa-key" : "sign-with-recovery-key";
  const ways = waysToSuffice(model.profile, action, model.enabled, { proofs, device });
  const missing = describeWays(ways);
  return missing === ""
    ? `${opening}: no further proof would make the gate agree.`
    : `${opening}: the gate would still ask for ${missing}.`;
}

/** What an account is worth to a thief, and what would lock its owner out. */
export function reportOn(explored: Explored): AccountReport {
  const { account, explorer, sets, theft, loss, smallestTheft, smallestLoss } = explored;
  const named = (masks: readonly Mask[]) => masks.map((mask) => thingsIn(sets, mask));
  const byName = <T>(masks: readonly Mask[], value: (mask: Mask) => T): Record<string, T> =>
    Object.fromEntries(masks.map((mask) => [setName(thingsIn(sets, mask)), value(mask)]));
  const failures = failuresOfAccount(explored);
  return {
    methods: account.methods,
    level: levelOf(explorer.model.enabled),
    theft: named(theft),
    theftPaths: byName(theft, (mask) => pathOf(explored, mask)),
    loss: named(loss),
    lossReasons: byName(loss, (mask) => reasonOf(explored, mask)),
    smallestTheft,
    smallestLoss,
    failure: failures.failure,
    failures,
  };
}
