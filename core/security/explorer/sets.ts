/** Which sets of things suffice: every set is gone through, and the smallest are named. */
import { certain } from "./certain.ts";
import { daysOf, type Explorer, type Wait, waitsOf } from "./reach.ts";

/** Set bits stand for the things of the model at those places. */
export type Mask = number;

export interface SetTable {
  readonly things: readonly string[];
  readonly waits: readonly Wait[];
  /** By the mask of what is held. */
  readonly drains: readonly number[];
  /** By the mask of what is held: which waits somebody can veto, in bits. */
  readonly vetoes: readonly number[];
}

const membersOf = <T>(of: readonly T[], mask: Mask): T[] =>
  of.filter((_, index) => (mask & (1 << index)) !== 0);

/** The things of a set, in the order in which sets are written. */
export const thingsIn = ({ things }: Pick<SetTable, "things">, mask: Mask): string[] =>
  membersOf(things, mask);

/**
 * Goes through every set of an account's things. Having more, or waiting longer, never prevents anything, so that
 * nothing is tried again for a set in which there is a smaller one that empties the account at once.
 */
export function tableOf(explorer: Explorer): SetTable {
  const { model } = explorer;
  const { things } = model;
  const waits = waitsOf(model);
  const everyWait = (1 << waits.length) - 1;
  const drains: number[] = [];
  const vetoes: number[] = [];
  for (let mask = 0; mask < 1 << things.length; ++mask) {
    const smaller = things.map((_, index) => mask & ~(1 << index)).filter((part) => part !== mask);
    const bitsOf = (table: readonly number[]) =>
      smaller.reduce((bits, part) => bits | certain(table[part], "set"), 0) >>> 0;
    const holds = new Set(membersOf(things, mask));
    const drainsWith = (allowed: Mask) =>
      explorer.reach({ holds, waits: new Set(membersOf(waits, allowed)) }).has("money");

    let drained = bitsOf(drains);
    if (!drainsBy(drained, 0) && drainsWith(everyWait)) {
      for (let allowed = everyWait; allowed >= 0; --allowed) {
        if (!drainsBy(drained, allowed) && drainsWith(allowed)) drained |= 1 << allowed;
      }
    }
    // As an unsigned number: with five delays the last bit is the sign's.
    drains.push(drained >>> 0);

    let vetoed = bitsOf(vetoes);
    if (vetoed !== everyWait) {
      const able = explorer.vetoes(holds);
      for (const [index, wait] of waits.entries()) if (able.has(wait)) vetoed |= 1 << index;
    }
    vetoes.push(vetoed);
  }
  return { things, waits, drains, vetoes };
}

/** Whether the money can be had while these delays pass. */
export const drainsBy = (drains: number, allowed: Mask): boolean => ((drains >>> allowed) & 1) === 1;

const sizeOf = (mask: Mask): number => {
  let size = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) ++size;
  return size;
};

/** The sets that have a property and no smaller set in them that has it; smallest first, then as things are ordered. */
export function minimalSets(count: number, has: (mask: Mask) => boolean): Mask[] {
  const masks = Array.from({ length: 1 << count }, (_, mask) => mask);
  const key = (mask: Mask) =>
    membersOf(
      Array.from({ length: count }, (_, index) => String.fromCharCode(65 + index)),
      mask,
    ).join("");
  masks.sort((a, b) => sizeOf(a) - sizeOf(b) || (key(a) < key(b) ? -1 : 1));
  const minimal: Mask[] = [];
  for (const mask of masks) {
    if (!minimal.some((smaller) => (smaller & mask) === smaller) && has(mask)) minimal.push(mask);
  }
  return minimal;
}

/** The smallest sets whose theft empties the account, were no delay vetoed. */
export function theftSets({ things, waits, drains }: SetTable): Mask[] {
  const everyWait = (1 << waits.length) - 1;
  return minimalSets(things.length, (mask) => drainsBy(certain(drains[mask], "set"), everyWait));
}

/** The smallest sets that empty the account at once; what is in one may be enough to empty it later. */
export function atOnceSets({ things, drains }: SetTable): Mask[] {
  return minimalSets(things.length, (mask) => drainsBy(certain(drains[mask], "set"), 0));
}

/** The smallest sets without which the owner can never have the money again, delays allowed. */
export function lossSets({ things, waits, drains }: SetTable): Mask[] {
  const all = (1 << things.length) - 1;
  const everyWait = (1 << waits.length) - 1;
  return minimalSets(things.length, (mask) => !drainsBy(certain(drains[all & ~mask], "set"), everyWait));
}

/** How a set has the money soonest, where nothing is vetoed. */
export interface Quickest {
  /** The delays it waits for. */
  readonly waits: readonly Wait[];
  /** How long they take together: one after the other at worst. 0: at once. */
  readonly days: number;
}

/** The quickest way of a set of things to the money; undefined where there is none. */
export function quickest({ model }: Explorer, table: SetTable, mask: Mask): Quickest | undefined {
  const drains = certain(table.drains[mask], "set");
  return table.waits
    .reduce<Wait[][]>((chosen, wait) => [...chosen, ...chosen.map((some) => [...some, wait])], [[]])
    .filter((_, allowed) => drainsBy(drains, allowed))
    .map((waits) => ({ waits, days: waits.reduce((sum, wait) => sum + daysOf(model, wait), 0) }))
    .sort((a, b) => a.days - b.days)[0];
}
