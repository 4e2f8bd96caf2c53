import { describe, expect, it } from "vitest";
import { parse } from "./compiler.ts";
import { Judge } from "./judge.ts";
import type { Mutant } from "./operators.ts";
import { mutantsOf } from "./operators.ts";
import { Project } from "./project.ts";

const HEAD = "// SPDX-License-Identifier: MIT\npragma solidity ^0.8.37;\n";
const SAMPLE = "contracts/src/Sample.sol";
const SOURCES = new Map([
  [
    SAMPLE,
    `${HEAD}library Sample {
    error TooMuch();
    function check(uint256 amount) internal pure returns (uint256 left) {
        if (amount > 10) revert TooMuch();
        left = 3;
        left = 20 - amount;
    }
}
`,
  ],
  [
    "contracts/src/Sample.t.sol",
    `${HEAD}import {Sample} from "./Sample.sol";
contract SampleTest {
    function check(uint256 amount) external pure returns (uint256) {
        return Sample.check(amount);
    }
    function test_Left() external view {
        require(this.check(4) == 16, "left");
        try this.check(12) { revert("too much"); } catch {}
    }
}
`,
  ],
]);
/** A test that deploys a contract by name and calls the library in it, too. */
const DEPLOYING_SOURCES = new Map([
  ...SOURCES,
  [
    "contracts/src/Account.sol",
    `${HEAD}import {Sample} from "./Sample.sol";
contract Account {
    function check(uint256 amount) external pure returns (uint256) {
        return Sample.check(amount & 1);
    }
}
`,
  ],
  [
    "contracts/src/Sample.t.sol",
    `${(SOURCES.get("contracts/src/Sample.t.sol") ?? "").trimEnd().slice(0, -1)}
    string private constant DEPLOYED = "src/Account.sol:Account";
}
`,
  ],
]);
const SETTINGS = {
  evmVersion: "prague",
  viaIR: true,
  optimizer: { enabled: true },
  metadata: { bytecodeHash: "none" },
};
const EFFORT = { fuzzRuns: 4, invariantRuns: 1, invariantDepth: 1 };

const judge = new Judge(new Project(SOURCES, SETTINGS), EFFORT);
const source = SOURCES.get(SAMPLE) ?? "";
const mutants = mutantsOf(SAMPLE, source, parse(SOURCES, SAMPLE));

/** The mutant that puts one text in the place of another. */
function mutant(original: string, replacement: string): Mutant {
  const found = mutants.find(
    (candidate) =>
      candidate.replacement === replacement && source.slice(candidate.start, candidate.end) === original,
  );
  if (found === undefined) throw new Error(`No mutant makes ${replacement} of ${original}`);
  return found;
}

describe("a mutant", () => {
  it("is killed by the test that notices it", async () => {
    expect(await judge.judge(mutant("revert TooMuch();", "{}"))).toEqual({
      outcome: "killed",
      by: "SampleTest.test_Left()",
    });
  });

  it("is killed by a test that calls its code itself, though the deployed contract shows no difference", async () => {
    const deploying = new Judge(new Project(DEPLOYING_SOURCES, SETTINGS), EFFORT);
    expect(await deploying.judge(mutant("revert TooMuch();", "{}"))).toEqual({
      outcome: "killed",
      by: "SampleTest.test_Left()",
    });
  });

  it("survives when no test asks for the difference", async () => {
    // 10 is allowed, and nobody tries it.
    expect(await judge.judge(mutant(">", ">="))).toEqual({ outcome: "survived" });
  });

  it("that compiles to the same code does not count", async () => {
    expect(await judge.judge(mutant("left = 3;", "{}"))).toEqual({ outcome: "equivalent" });
  });

  it("that does not compile does not count", async () => {
    const broken = { ...mutant(">", ">="), replacement: "nonsense" };
    expect(await judge.judge(broken)).toEqual({ outcome: "invalid" });
  });
});
