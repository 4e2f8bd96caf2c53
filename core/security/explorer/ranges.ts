/** How likely an account fails over the whole box of chances, not only at its middle. */
import { THINGS, type Thing } from "../rules/things.ts";
import { CHANCE_BOX, type ThingBox } from "./chances.ts";
import type { Explored } from "./configurations.ts";
import { type Failures, failuresOf } from "./failure.ts";
import type { Account } from "./account.ts";
import { mishapsIn } from "./places.ts";

/** Of a thing that holds a key without being one of the letters (a Ledger, a friend): as a wallet's. */
export const OTHER_BOX: ThingBox & { readonly why: string } = {
  ...CHANCE_BOX.W,
  why: "Holds a key of the account; counted as a hardware wallet with its words written down.",
};

/** The box of a thing; where the account says its own chances, a box without width. */
export function boxOf({ chances }: Account, thing: string): ThingBox & { readonly why: string } {
  const own = chances[thing];
  if (own) {
    const { lost, leaked, stolen } = own;
    return { lost: [lost, lost], leaked: [leaked, leaked], stolen: [stolen, stolen], why: "As you said." };
  }
  // A second computer fails as the first does.
  const letter = THINGS.find((one): one is Thing => one === (/^D\d+$/.test(thing) ? "D" : thing));
  return letter ? CHANCE_BOX[letter] : OTHER_BOX;
}

/** A chance in a year: at the least likely corner of the box, at its middle, and at the likeliest corner. */
export interface Range {
  readonly least: number;
  readonly middle: number;
  readonly most: number;
}

const AT = {
  least: ([least]: readonly [number, number]) => least,
  middle: ([least, most]: readonly [number, number]) => (least + most) / 2,
  most: ([, most]: readonly [number, number]) => most,
} as const;

/**
 * The failures of an account over the box. A thing that is lost, leaked or stolen helps neither its owner nor against
 * a thief, so that nothing gets likelier when a chance gets smaller: the extremes are at two corners.
 */
export function rangesOf({ account, sets }: Explored): Readonly<Record<keyof Failures, Range>> {
  const at = (pick: (interval: readonly [number, number]) => number): Failures =>
    failuresOf(
      sets,
      sets.things.map((thing) => {
        const box = boxOf(account, thing);
        return { lost: pick(box.lost), leaked: pick(box.leaked), stolen: pick(box.stolen) };
      }),
      mishapsIn(account),
    );
  const [least, middle, most] = [at(AT.least), at(AT.middle), at(AT.most)];
  const range = (of: keyof Failures): Range => ({ least: least[of], middle: middle[of], most: most[of] });
  return { theft: range("theft"), loss: range("loss"), failure: range("failure") };
}
