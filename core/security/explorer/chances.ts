/**
 * How likely things fail in a year: a box of intervals, one for each thing and each way to fail. The default profile's
 * promises hold for every choice of numbers from the box; where one number is needed, it is the middle.
 */
import { type Thing, THINGS } from "../rules/things.ts";
import type { Chances } from "./account.ts";

export const WAYS_TO_FAIL = ["lost", "leaked", "stolen"] as const;
export type WayToFail = (typeof WAYS_TO_FAIL)[number];

/** From the least to the most likely. */
export type Interval = readonly [least: number, most: number];
export type ThingBox = Readonly<Record<WayToFail, Interval>>;

/** Intervals with the reason for them; chances in a year. */
export const CHANCE_BOX: Readonly<Record<Thing, ThingBox & { readonly why: string }>> = {
  D: {
    lost: [0.03, 0.1],
    leaked: [0.002, 0.015],
    stolen: [0.002, 0.01],
    why: "Computers break, are replaced or forgotten more often than anything else here; malware on an unlocked one is rare, but the likeliest leak of a key.",
  },
  C: {
    lost: [0.01, 0.02],
    leaked: [0.005, 0.015],
    stolen: [0.001, 0.004],
    why: "A social login: passwords are reused and phished; providers give accounts back, and sometimes close them.",
  },
  E: {
    lost: [0.01, 0.02],
    leaked: [0.01, 0.02],
    stolen: [0.002, 0.01],
    why: "A mailbox is read along more often than taken over.",
  },
  A: {
    lost: [0.002, 0.005],
    leaked: [0.0005, 0.005],
    stolen: [0.0005, 0.0015],
    why: "Phones are lost, but recovery codes bring the app back: lost is who has neither.",
  },
  S: {
    lost: [0.005, 0.015],
    leaked: [0.001, 0.008],
    stolen: [0.001, 0.005],
    why: "The number comes back with a new card; codes are read along, and numbers moved to a thief's card.",
  },
  P: {
    lost: [0.005, 0.015],
    leaked: [0.0002, 0.002],
    stolen: [0.0002, 0.002],
    why: "Passkeys cannot be phished; most are kept in a synchronised store.",
  },
  W: {
    lost: [0.005, 0.015],
    leaked: [0.0002, 0.002],
    stolen: [0.0002, 0.002],
    why: "A hardware wallet with its words written down.",
  },
};

const middle = ([least, most]: Interval): number => (least + most) / 2;

const middleOf = ({ lost, leaked, stolen }: ThingBox): Chances => ({
  lost: middle(lost),
  leaked: middle(leaked),
  stolen: middle(stolen),
});

/** The middle of the box. */
export const REFERENCE_CHANCES = Object.fromEntries(
  THINGS.map((thing) => [thing, middleOf(CHANCE_BOX[thing])]),
) as Readonly<Record<Thing, Chances>>;

const USUALLY: Chances = { lost: 0.02, leaked: 0.005, stolen: 0.005 };

/**
 * Chances at which 20 of the 32 single additions under the published profile make theft or loss likelier, as was
 * reported of it without its chances: all things fail alike, but the mailbox is read along or taken half as often, and
 * the authenticator app is lost twice as often. The number depends on the chances; docs/security-model.md says how.
 */
export const COMPARISON_CHANCES: Readonly<Record<Thing, Chances>> = {
  ...{ D: USUALLY, C: USUALLY, S: USUALLY, P: USUALLY, W: USUALLY },
  E: { ...USUALLY, leaked: 0.0025, stolen: 0.0025 },
  A: { ...USUALLY, lost: 0.04 },
};

/** What holds a key without being one of the letters (a Ledger, a friend, an emergency address): as a wallet. */
export const OTHER_CHANCES: Chances = REFERENCE_CHANCES.W;
