import { distance } from "fastest-levenshtein";
import { skeleton } from "./skeleton.ts";

/** In shorter words one letter makes another person: Anna and Ana, Jonas and Jonah, Marc and Mark. */
const SHORTEST = 6;

/**
 * Whether two names differ in one word only, and there in one letter (changed, left out, added, or swapped with
 * another), neither its first nor its last. People recognise words by their ends; and the last letter is where
 * Martin becomes Martina.
 */
export function areSimilar(a: string, b: string): boolean {
  const [ours, theirs] = [wordsOf(a), wordsOf(b)];
  if (ours.length !== theirs.length) return false;
  const differing = ours.flatMap((word, place) => {
    const other = theirs[place] ?? "";
    return word === other ? [] : [[word, other] as const];
  });
  const [pair] = differing;
  return differing.length === 1 && pair !== undefined && isOneLetterOff(...pair);
}

function wordsOf(name: string): string[] {
  return skeleton(name.toLowerCase())
    .toLowerCase()
    .split(/[\p{P}\p{Z}]+/u)
    .filter((word) => word !== "");
}

function isOneLetterOff(a: string, b: string): boolean {
  if (Math.min(a.length, b.length) < SHORTEST || a.at(0) !== b.at(0) || a.at(-1) !== b.at(-1)) return false;
  const off = distance(a, b);
  return off === 1 || (off === 2 && sortedLetters(a) === sortedLetters(b));
}

const sortedLetters = (word: string): string => Array.from(word).sort().join("");
