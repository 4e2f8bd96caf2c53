import { describe, expect, it } from "vitest";
import { parse } from "./compiler.ts";
import type { Operator } from "./operators.ts";
import { apply, mutantsOf } from "./operators.ts";

const FILE = "a.sol";

/** Each mutant of a function's body as "original → replacement". */
function mutate(body: string, operators: Operator[]): string[] {
  const source = `// é: bytes are not characters
pragma solidity ^0.8.37;
enum Colour { Red, Green, Blue }
library Roles { uint8 internal constant A = 1; uint8 internal constant B = 2; }
contract C {
    uint256 private total;
    event Told(uint256 value);
    error Wrong(uint256 value);
    function f(uint256 a, uint256 b, bool p, bool q) external returns (uint256 r) {
        total = a;
        ${body}
    }
}
`;
  const bytes = Buffer.from(source);
  const start = bytes.indexOf(body);
  const mutants = mutantsOf(FILE, source, parse(new Map([[FILE, source]]), FILE));
  return mutants
    .filter((mutant) => operators.includes(mutant.operator))
    .filter((mutant) => mutant.start >= start && mutant.end <= start + Buffer.byteLength(body))
    .map((mutant) => {
      expect(apply(source, mutant)).not.toBe(source);
      return `${bytes.subarray(mutant.start, mutant.end).toString()} → ${mutant.replacement}`;
    });
}

describe("each operator makes its mutants, and only those", () => {
  it("condition", () => {
    expect(mutate("if (a < b) r = 1;", ["condition"])).toEqual(["a < b → !(a < b)"]);
    expect(mutate("if (!p) r = 1;", ["condition"])).toEqual(["!p → p"]);
    expect(mutate("if (a == b) r = 1;", ["condition"])).toEqual([]);
    expect(mutate("r = p ? a : b;", ["condition"])).toEqual(["p → !(p)"]);
  });

  it("boundary and equality", () => {
    expect(mutate("p = a < b;", ["boundary"])).toEqual(["< → <="]);
    expect(mutate("p = a >= b;", ["boundary"])).toEqual([">= → >"]);
    expect(mutate("p = a /* == */ != b;", ["equality"])).toEqual(["!= → =="]);
  });

  it("arithmetic", () => {
    expect(mutate("r = a + b * a;", ["arithmetic"])).toEqual(["+ → -", "* → /"]);
    expect(mutate("r += a;", ["arithmetic"])).toEqual(["+ → -"]);
    expect(mutate("r++;", ["arithmetic"])).toEqual(["r++ → r--"]);
  });

  it("logic and bits", () => {
    expect(mutate("p = p && q || p;", ["logic"])).toEqual(["&& → ||", "|| → &&"]);
    expect(mutate("r = a & ~b << 3;", ["bits"])).toEqual(["& → |", "~b → b", "<< → >>"]);
  });

  it("constant", () => {
    expect(mutate("r = 7 days;", ["constant"])).toEqual(["7 days → (7 days + 1)", "7 days → (7 days - 1)"]);
    expect(mutate("p = true; r = 0;", ["constant"])).toEqual(["true → false", "0 → (0 + 1)"]);
  });

  it("choice", () => {
    expect(mutate("Colour c = Colour.Blue; r = Roles.A;", ["choice"])).toEqual(["Blue → Red", "A → B"]);
  });

  it("deletion", () => {
    expect(mutate("total = b; delete total; if (p) revert Wrong(a); return b;", ["deletion"])).toEqual([
      "total = b; → {}",
      "delete total; → {}",
      "revert Wrong(a); → {}",
      "return b; → {}",
    ]);
    expect(mutate("emit Told(a + 1);", ["deletion", "arithmetic", "constant"])).toEqual([]);
  });

  it("unchecked", () => {
    expect(mutate("r = a + b;", ["unchecked"])).toEqual(["r = a + b; → unchecked { r = a + b; }"]);
    expect(mutate("unchecked { r = a - b; }", ["unchecked"])).toEqual(["unchecked → "]);
    expect(mutate("r = a / b;", ["unchecked"])).toEqual([]);
  });

  it("modifier", () => {
    const source =
      "pragma solidity ^0.8.37; contract C { modifier guarded() { _; } function g() external guarded {} }";
    const mutants = mutantsOf(FILE, source, parse(new Map([[FILE, source]]), FILE));
    expect(mutants.map((mutant) => apply(source, mutant))).toEqual([
      source.replace("external guarded", "external "),
    ]);
  });

  it("assembly", () => {
    expect(mutate("assembly { r := add(a, 0x20) }", ["assembly"])).toEqual([
      "r := add(a, 0x20) → ",
      "add → sub",
      "0x20 → 33",
      "0x20 → 31",
    ]);
  });
});
