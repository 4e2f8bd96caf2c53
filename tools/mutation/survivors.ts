import type { Mutant } from "./operators.ts";
import { apply } from "./operators.ts";

/** A mutant that no test notices, as people see it. */
export interface Survivor {
  readonly file: string;
  readonly line: number;
  readonly operator: string;
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

/** Where a mutant is, and the lines it takes away and puts there. */
export function survivorOf(mutant: Mutant, source: string): Survivor {
  const before = source.split("\n");
  const after = apply(source, mutant).split("\n");
  let first = 0;
  while (before[first] === after[first]) first += 1;
  let last = 1;
  while (before.at(-last) === after.at(-last) && last <= Math.min(before.length, after.length) - first)
    last += 1;
  const lines = (text: string[]) =>
    text
      .slice(first, text.length - last + 1)
      .map((line) => line.trim())
      .filter((line) => line !== "");
  return {
    file: mutant.file,
    line: first + 1,
    operator: mutant.operator,
    removed: lines(before),
    added: lines(after),
  };
}

/** The survivor as the list of judged ones has it. */
export function entryOf({ file, operator, removed, added }: Survivor): string {
  const diff = [...removed.map((line) => `- ${line}`), ...added.map((line) => `+ ${line}`)];
  return `### ${file}: ${operator}\n\n\`\`\`diff\n${diff.join("\n")}\n\`\`\``;
}

/**
 * Reads the list of judged survivors: entries as {@link entryOf} makes them, each with a reason below it.
 *
 * @returns the entries; one without a reason does not count
 */
export function readJudged(markdown: string): Set<string> {
  const entries = markdown
    .replaceAll("\r\n", "\n")
    .matchAll(/(### [^\n]+\n\n```diff\n.*?\n```)\n(.*?)(?=\n#|$)/gs);
  return new Set(
    [...entries].filter(([, , reason = ""]) => reason.trim() !== "").map(([, entry = ""]) => entry),
  );
}
