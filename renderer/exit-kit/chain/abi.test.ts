import type { Abi } from "viem";
import { toEventSelector, toFunctionSelector } from "viem/utils";
import { describe, expect, test } from "vitest";
import { accountAbi as compiledAccountAbi, accountFactoryAbi } from "#contracts/abi.ts";
import { accountAbi, factoryAbi } from "./abi.ts";
import { refusalsAbi } from "./refusals.ts";

/** How a contract knows each item, and what it answers. */
function signaturesOf(abi: Abi): Map<string, string> {
  return new Map(
    abi.flatMap((item): [string, string][] => {
      const types = (list: readonly { type: string; components?: unknown }[]): string =>
        JSON.stringify(list, (name, value: unknown) =>
          ["internalType", "indexed"].includes(name) ? undefined : value,
        );
      if (item.type === "function") {
        return [[`function ${item.name}`, toFunctionSelector(item) + types(item.outputs.map(unnamed))]];
      }
      if (item.type === "event")
        return [[`event ${item.name}`, toEventSelector(item) + indexedOf(item.inputs)]];
      if (item.type === "error") return [[`error ${item.name}`, types(item.inputs.map(unnamed))]];
      return [];
    }),
  );
}

interface Parameter {
  readonly type: string;
  readonly components?: readonly Parameter[];
}
const unnamed = (parameter: Parameter): Parameter => ({
  type: parameter.type,
  ...(parameter.components ? { components: parameter.components.map(unnamed) } : {}),
});
const indexedOf = (inputs: readonly { indexed?: boolean | undefined }[]) =>
  inputs.map(({ indexed }) => (indexed ? "i" : "-")).join("");

describe("what the kit knows of the contracts", () => {
  test.each([
    ["the account's functions and events", accountAbi, compiledAccountAbi],
    ["the factory's function", factoryAbi, accountFactoryAbi],
    ["the account's refusals", refusalsAbi, compiledAccountAbi],
  ] as [string, Abi, Abi][])("is what the compiled contracts have: %s", (_what, own, compiled) => {
    const known = signaturesOf(compiled);
    const mine = signaturesOf(own);
    expect(mine.size).toBe(own.length);
    for (const [name, signature] of mine) expect([name, known.get(name)]).toEqual([name, signature]);
  });
});
