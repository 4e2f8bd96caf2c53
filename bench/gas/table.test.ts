import { expect, test } from "vitest";
import type { Row } from "./flows.ts";
import { formatTable, ratio, spaced } from "./table.ts";

const row = (account: string, flow: Row["flow"], totalGas: number): Row => ({
  account,
  flow,
  totalGas,
  note: "",
});

test("shows how many times ours each peer costs, and a dash where it has no such flow", () => {
  const text = formatTable(
    [row("them", "deploy", 300_000), row("us", "deploy", 150_000), row("us", "lock", 40_000)],
    "us",
  );
  const [head, deploy] = text.split("\n");
  expect(head?.trim().split(/\s+/)).toEqual(["us", "them"]);
  expect(deploy).toMatch(/^deploy +150 000 +300 000 x2\.00$/);
  expect(text).toMatch(/^lock +40 000 +-$/m);
});

test("leaves the ratio out where ours is nothing", () => {
  const text = formatTable([row("us", "recovery-finish", 0), row("them", "recovery-finish", 87_795)], "us");
  expect(text).toMatch(/^recovery-finish +0 +87 795$/m);
});

test("writes figures for people", () => {
  expect([spaced(0), spaced(999), spaced(1_000), spaced(1_234_567)]).toEqual([
    "0",
    "999",
    "1 000",
    "1 234 567",
  ]);
  expect(ratio(114_668, 106_000)).toBe("1.08");
});
