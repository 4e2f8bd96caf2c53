import { createHash } from "node:crypto";
import type { Mutant } from "./operators.ts";

/**
 * So many of the mutants, always the same ones, in their order.
 *
 * @param seed another seed chooses others
 */
export function choose(mutants: readonly Mutant[], most: number, seed: string): Mutant[] {
  const drawn = new Map(
    mutants.map((mutant) => [
      mutant,
      createHash("sha256")
        .update(`${seed}\0${JSON.stringify(mutant)}`)
        .digest("hex"),
    ]),
  );
  const chosen = new Set(
    [...drawn]
      .sort(([, a], [, b]) => (a < b ? -1 : 1))
      .slice(0, most)
      .map(([mutant]) => mutant),
  );
  return mutants.filter((mutant) => chosen.has(mutant));
}
