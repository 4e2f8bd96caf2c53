import { beforeAll, describe, expect, it } from "vitest";
import type { Row } from "./flows.ts";
import { hardfork, measureOnce, PEERS } from "./measure.ts";
import { formatTable } from "./table.ts";
import { TRIVET } from "./trivet.ts";

let rows: Row[];
beforeAll(async () => {
  rows = await measureOnce();
});

const keyed = (account: string) =>
  new Map(rows.filter((row) => row.account === account).map(({ flow, totalGas }) => [flow, totalGas]));

describe("the figures of one run", () => {
  it("have every account, and each flow of it once", () => {
    expect(new Set(rows.map(({ account }) => account))).toEqual(
      new Set([TRIVET, ...PEERS.map(({ name }) => name)]),
    );
    expect(new Set(rows.map(({ flow, account }) => `${account} ${flow}`)).size).toBe(rows.length);
  });

  it("name the chain's rules", () => {
    for (const { note } of rows) expect(note.split("; ")[0]).toBe(hardfork());
  });

  it.each(PEERS.map(({ name }) => name).filter((name) => /^(Safe|OpenZeppelin)/.test(name)))(
    "are below those of %s in every flow both have",
    (name) => {
      const ours = keyed(TRIVET);
      const shared = [...keyed(name)].filter(([flow]) => ours.has(flow));
      expect(shared.length).toBeGreaterThan(0);
      for (const [flow, theirs] of shared) expect(ours.get(flow), flow).toBeLessThan(theirs);
    },
  );

  it("are above the floor in every flow that sends something", () => {
    const floor = keyed("policy-free floor");
    for (const [flow, ours] of keyed(TRIVET)) expect(ours, flow).toBeGreaterThan(floor.get(flow) ?? -1);
  });

  it("fit in a table that begins with ours", () => {
    expect(formatTable(rows, TRIVET).split("\n")[0]?.trim().startsWith(TRIVET)).toBe(true);
  });
});
