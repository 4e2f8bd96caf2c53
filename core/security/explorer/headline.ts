/** The whole of an account's theft or loss sets in one sentence. */
import { listWords } from "../rules/words.ts";
import { THINGS, type Thing } from "../rules/things.ts";
import type { Explored } from "./configurations.ts";
import type { Model } from "./model.ts";
import { pathSteps } from "./paths.ts";
import { wayOf } from "./report.ts";
import { atOnceSets, thingsIn } from "./sets.ts";

const OWN_WORDS: Readonly<Record<Exclude<Thing, "D" | "C">, string>> = {
  E: "your email code",
  A: "your authenticator app",
  S: "your SMS code",
  P: "your passkey",
  W: "your wallet's signature",
};

/** What a thing is called where its owner is spoken to. */
function ownWords({ account, devices }: Model, thing: string): string {
  if (devices.has(thing)) return thing === "D" ? "this computer" : `your computer ${thing}`;
  if (thing === "C") return account.credentials === "password" ? "your password" : "your social login";
  const letter = THINGS.find((one): one is Exclude<Thing, "D" | "C"> => one === thing && one in OWN_WORDS);
  if (letter) return OWN_WORDS[letter];
  const held = [account.mfa, account.recovery].find(
    (holder) => (holder.holder === "ledger" || holder.holder === "passkey") && holder.name === thing,
  );
  if (!held) return thing;
  // A Ledger is a name, a passkey is none.
  return held.holder === "ledger"
    ? `your ${thing}`
    : `your ${thing.charAt(0).toLowerCase()}${thing.slice(1)}`;
}

const NUMBERS = ["one", "two", "three", "four", "five", "six", "seven"];
const inWords = (number: number): string => NUMBERS[number - 1] ?? String(number);

/** How many choices of `few` out of `many` there are. */
function choicesOf(few: number, many: number): number {
  let choices = 1;
  for (let index = 1; index <= few; ++index) choices = (choices * (many - few + index)) / index;
  return choices;
}

const FEW = 2;

/**
 * The smallest of some sets: "your social login and your email code", "any two of …", or how many things it takes and
 * an example.
 */
function describeSmallest(
  model: Model,
  sets: readonly (readonly string[])[],
  wordsOf: (model: Model, thing: string) => string,
): string | undefined {
  const [first] = sets;
  if (!first) return undefined;
  const size = first.length;
  const smallest = sets.filter((set) => set.length === size);
  const words = (things: readonly string[]) => listWords(things.map((thing) => wordsOf(model, thing)));
  const concerned = model.things.filter((thing) => smallest.some((set) => set.includes(thing)));
  if (smallest.length > 1 && smallest.length === choicesOf(size, concerned.length)) {
    return `any ${inWords(size)} of ${words(concerned)}`;
  }
  if (smallest.length <= FEW) return smallest.map((set) => words(set)).join(", or ");
  return `${inWords(size)} things together, such as ${words(first)} (${smallest.length} combinations)`;
}

/** A thief has to have the computer while it is unlocked. */
const stolenWords = (model: Model, thing: string): string =>
  `${ownWords(model, thing)}${model.devices.has(thing) ? " (unlocked)" : ""}`;

/** How long somebody has to wait, in words, where even the quickest of these ways waits. */
function waitWords(ways: readonly Way[]): string | undefined {
  const [quickest] = [...ways].sort((a, b) => a.days - b.days);
  if (!quickest || quickest.days === 0) return undefined;
  const days = `${quickest.days} ${quickest.days === 1 ? "day" : "days"}`;
  return quickest.vetoable ? `${days} in which you do not stop it` : `${days}, which you cannot stop`;
}

interface Way {
  readonly things: readonly string[];
  readonly days: number;
  readonly vetoable: boolean;
}

/** Who could take it, as the first thing that a person reads. */
export function theftHeadline(explored: Explored): string {
  const { explorer, sets, theft } = explored;
  const { model } = explorer;
  const ways = theft.map((mask): Way => {
    const { days, reached } = wayOf(explored, mask);
    const vetoable = pathSteps(model, reached).some(
      ({ wait }) => wait !== undefined && wait.veto !== "nobody",
    );
    return { things: thingsIn(sets, mask), days, vetoable };
  });
  const what = describeSmallest(
    model,
    ways.map(({ things }) => things),
    stolenWords,
  );
  if (what === undefined) return "Nothing that somebody could take from you is enough to take your money.";
  const wait = waitWords(ways.filter(({ things }) => things.length === ways[0]?.things.length));
  if (wait === undefined) return `To take your money, somebody needs ${what}.`;
  const atOnce = describeSmallest(
    model,
    atOnceSets(sets).map((mask) => thingsIn(sets, mask)),
    stolenWords,
  );
  const sentence = `To take your money, somebody needs ${what}, and ${wait}.`;
  return atOnce === undefined ? sentence : `${sentence} At once, it takes ${atOnce}.`;
}

/** What would lock the owner out, in the same way. */
export function lossHeadline({ explorer, sets, loss }: Explored): string {
  const what = describeSmallest(
    explorer.model,
    loss.map((mask) => thingsIn(sets, mask)),
    ownWords,
  );
  return what === undefined
    ? "Whatever you lose, you get at your money."
    : `You would be locked out if you lost ${what}.`;
}
