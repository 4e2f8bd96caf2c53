import { describe, expect, it } from "vitest";
import { choose } from "./choice.ts";
import type { Mutant } from "./operators.ts";
import { score, table } from "./report.ts";
import { entryOf, readJudged, survivorOf } from "./survivors.ts";

const SOURCE = "first\n  a = b + c;\nlast\n";
const MUTANT: Mutant = {
  file: "contracts/src/A.sol",
  operator: "arithmetic",
  start: SOURCE.indexOf("+"),
  end: SOURCE.indexOf("+") + 1,
  replacement: "-",
};

describe("the list of judged survivors", () => {
  const survivor = survivorOf(MUTANT, SOURCE);
  const entry = entryOf(survivor);

  it("shows where a mutant is and what it changes", () => {
    expect(survivor).toMatchObject({ line: 2, removed: ["a = b + c;"], added: ["a = b - c;"] });
  });

  it("shows every line of a change that is longer", () => {
    const start = SOURCE.indexOf("a");
    const long = survivorOf({ ...MUTANT, start, end: SOURCE.length - 1, replacement: "{}" }, SOURCE);
    expect(long).toMatchObject({ line: 2, removed: ["a = b + c;", "last"], added: ["{}"] });
  });

  it("knows an entry again, wherever its line has moved", () => {
    const moved = survivorOf({ ...MUTANT, start: MUTANT.start + 5, end: MUTANT.end + 5 }, `more\n${SOURCE}`);
    const judged = readJudged(`# Title\n\n${entry}\n\nc is always 0.\n\n## More\n\ntext\n`);
    expect(judged.has(entryOf(moved))).toBe(true);
  });

  it("does not count an entry without a reason", () => {
    expect(readJudged(`${entry}\n\n${entry.replace("A.sol", "B.sol")}\n\nBecause.\n`)).toEqual(
      new Set([entry.replace("A.sol", "B.sol")]),
    );
  });
});

describe("the choice of mutants", () => {
  const many = Array.from({ length: 50 }, (_, start): Mutant => ({ ...MUTANT, start, end: start + 1 }));

  it("is the same every time, another one with another seed, and keeps the order", () => {
    const chosen = choose(many, 10, "seed");
    expect(chosen).toHaveLength(10);
    expect(choose([...many], 10, "seed")).toEqual(chosen);
    expect(choose(many, 10, "other")).not.toEqual(chosen);
    expect([...chosen].sort((a, b) => a.start - b.start)).toEqual(chosen);
    expect(choose(many, 100, "seed")).toEqual(many);
  });
});

describe("the score", () => {
  it("counts neither what does not compile nor what compiles to the same", () => {
    const judged = (["invalid", "equivalent", "survived"] as const).map((outcome) => ({
      mutant: MUTANT,
      verdict: { outcome },
    }));
    const killed = { mutant: MUTANT, verdict: { outcome: "killed", by: "a test" } } as const;
    expect(
      table("file", [...judged, killed], ({ mutant }) => mutant.file)
        .split("\n")
        .at(-1),
    ).toMatch(/^total +1 +1 +50\.0 % +2$/);
    expect(score({ killed: 0, survived: 0 })).toBe(0);
  });
});
