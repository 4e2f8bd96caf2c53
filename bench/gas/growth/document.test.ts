import { describe, expect, it } from "vitest";
import type { Breakdown } from "../breakdown.ts";
import { documentFiles, type Measurements } from "./document.ts";

const parts = (rest: number): Breakdown => ({
  transaction: 24_000,
  signatures: 6_200,
  reads: 6_300,
  writes: 2_900,
  calls: 2_600,
  events: 0,
  tokens: 15_000,
  rest,
});

const measured: Measurements = {
  hardfork: "osaka",
  ours: "us",
  floor: "floor",
  rows: [
    { flow: "deploy", account: "us", totalGas: 160_000, note: "osaka; three keys" },
    { flow: "deploy", account: "them", totalGas: 240_000, note: "osaka; two owners" },
    { flow: "erc20-2", account: "us", totalGas: 62_000, note: "osaka" },
    { flow: "recovery-finish", account: "us", totalGas: 0, note: "osaka" },
  ],
  comparisons: [{ flow: "erc20-2", ours: parts(5_000), floor: parts(3_500) }],
  charts: [
    {
      file: "gas-keys.svg",
      title: "Keys",
      grows: "keys",
      series: [
        {
          label: "send",
          points: [
            { count: 3, gas: 64_000 },
            { count: 6, gas: 64_300 },
          ],
        },
      ],
    },
  ],
};

describe("the document", () => {
  const files = documentFiles(measured);
  const document = files.get("gas.md") ?? "";

  it("comes with every picture it shows", () => {
    const shown = [...document.matchAll(/\]\((images\/[^)]+)\)/g)].map(([, path]) => path);
    expect(shown).toEqual(["images/gas-keys.svg"]);
    for (const path of shown) expect(files.get(path ?? "")).toContain("<svg");
  });

  it("is the same for the same figures", () => {
    expect(documentFiles(structuredClone(measured))).toEqual(files);
  });

  it("says what each account costs and how many times ours it is", () => {
    expect(document).toContain("| `deploy` | 160 000 | 240 000 (1.50) |");
    expect(document).toContain("| `recovery-finish` | 0 |  |");
    expect(document).toContain("- **them**: two owners");
  });

  it("says so when a peer is below ours, and when none is", () => {
    expect(document).toContain("Nobody is below ours");
    const better = { flow: "deploy", account: "them", totalGas: 150_000, note: "osaka" } as const;
    const rows = measured.rows.map((row) => (row.account === "them" ? better : row));
    expect(documentFiles({ ...measured, rows }).get("gas.md")).toContain("Below ours: them in `deploy`.");
  });

  it("shows what we spend more than the floor, and gives reasons only where we do", () => {
    expect(document).toContain("| hashing, decoding, deciding | 1 500 |");
    expect(document).toContain("| **together** | **1 500** |");
    expect(document).toContain("- hashing, decoding, deciding: typed data");
    expect(document).not.toContain("- events:");
  });

  it("names the slope", () => {
    expect(document).toContain("- send: + 100 gas each (no point farther than 0.0 % from the line)");
    expect(files.get("images/gas-keys.svg")).toContain("send: + 100 gas each");
  });
});
