import { beforeAll, describe, expect, it } from "vitest";
import { FLOW_NAMES, type Row } from "./flows.ts";
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

  it("are below those of Safe and OpenZeppelin in every flow both have", () => {
    const ours = keyed(TRIVET);
    const compared = rows.filter(
      ({ account, flow }) => /^(Safe|OpenZeppelin)/.test(account) && ours.has(flow),
    );
    expect(new Set(compared.map(({ flow }) => flow))).toEqual(
      new Set(["deploy", "erc20-2", "batch5-2", "replace-key-2", "erc4337-erc20-2"]),
    );
    const above = compared.filter(({ flow, totalGas }) => (ours.get(flow) ?? Infinity) >= totalGas);
    expect(above.map(({ account, flow }) => `${flow}: ${account}`)).toEqual([]);
  });

  it("have every flow of ours that there is", () => {
    expect([...keyed(TRIVET).keys()]).toEqual(FLOW_NAMES.filter((flow) => !flow.endsWith("-unlimited")));
  });

  it("are above the floor in every flow that sends something", () => {
    const floor = keyed("policy-free floor");
    for (const [flow, ours] of keyed(TRIVET)) expect(ours, flow).toBeGreaterThan(floor.get(flow) ?? -1);
  });

  it("fit in a table that begins with ours", () => {
    expect(formatTable(rows, TRIVET).split("\n")[0]?.trim().startsWith(TRIVET)).toBe(true);
  });
});
