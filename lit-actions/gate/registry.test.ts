import { encodeFunctionResult, toFunctionSignature } from "viem/utils";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { accountAbi, factorRegistryAbi, gateRegistryAbi } from "#contracts/abi.ts";
import { keyOfAddress } from "#core/keys/key.ts";
import { toAddress } from "#core/primitives/address.ts";
import type { GateDigest, Hex } from "#core/primitives/hex.ts";
import { readDeployment } from "../build.ts";
import { ACCOUNT_ABI, GATES_ABI, readChain, REGISTRY_ABI } from "./registry.ts";
import type { Runtime } from "./runtime.ts";

const deployment = readDeployment("devnet");
const KEY = toAddress(`0x${"11".repeat(20)}`);
const ACCOUNT = toAddress(`0x${"22".repeat(20)}`);
const DEVICE = keyOfAddress(`0x${"33".repeat(20)}`);
const FACTOR = `0x${"44".repeat(32)}` as const;
const GATE = `0x${"55".repeat(32)}` as GateDigest;

const record = encodeFunctionResult({
  abi: factorRegistryAbi,
  functionName: "recordOf",
  result: [GATE, 3n, [FACTOR]],
});
const key = encodeFunctionResult({ abi: accountAbi, functionName: "getKey", result: [1, 100, 200] });

const freeze = (frozen: number) =>
  encodeFunctionResult({ abi: accountAbi, functionName: "getFreeze", result: [frozen, 0n, 1n] });
const thawed = freeze(0);
const published = encodeFunctionResult({ abi: gateRegistryAbi, functionName: "canonical", result: GATE });
const accepted = (result: boolean) =>
  encodeFunctionResult({ abi: gateRegistryAbi, functionName: "isAccepted", result });
const gates = [published, accepted(true)];

/** Answers of an RPC, by method; those to eth_call come in the order of the calls. */
const GOOD = {
  eth_chainId: ["0x7a69"],
  eth_getBlockByNumber: [{ number: "0x1", timestamp: "0x65" }],
  eth_getCode: ["0x363d"],
  eth_call: [record, key, key, thawed, ...gates],
};

interface Sent {
  readonly id: number;
  readonly method: string;
}

/** A runtime whose RPC answers like that; `twist` changes the whole answer. */
function runtimeWith(
  answers: Record<string, readonly unknown[]>,
  twist: (answer: object[]) => unknown = (answer) => answer,
): { runtime: Runtime; requests: Sent[][] } {
  const requests: Sent[][] = [];
  const runtime: Runtime = {
    params: undefined,
    sessionAddress: "",
    gateCid: () => Promise.resolve(""),
    keyCreator: null,
    sign: () => Promise.reject(new Error("nothing signs here")),
    now: () => 0,
    rpcUrl: (name) => Promise.resolve(`http://rpc.test/${name}`),
    fetch: (_url, init) => {
      const sent = JSON.parse(z.string().parse(init.body)) as Sent[];
      requests.push(sent);
      const left = Object.fromEntries(Object.entries(answers).map(([method, list]) => [method, [...list]]));
      const answer = sent.map(({ id, method }) => ({ jsonrpc: "2.0", id, result: left[method]?.shift() }));
      return Promise.resolve(new Response(JSON.stringify(twist(answer))));
    },
  };
  return { runtime, requests };
}

const account = { address: ACCOUNT, deviceKey: DEVICE };
const read = (runtime: Runtime) =>
  readChain(runtime, deployment, { address: KEY, key: keyOfAddress(KEY) }, account, GATE);
const refusal = (reason: string): unknown => expect.objectContaining({ name: "GateRefusal", reason });

describe("the functions the gate calls", () => {
  test("are those of the compiled contracts, with the same answers", () => {
    for (const [ours, theirs] of [
      [ACCOUNT_ABI, accountAbi],
      [REGISTRY_ABI, factorRegistryAbi],
      [GATES_ABI, gateRegistryAbi],
    ] as const) {
      for (const called of ours) {
        const compiled = theirs.find((item) => item.type === "function" && item.name === called.name);
        if (compiled?.type !== "function") throw new Error(`the contract has no ${called.name}`);
        expect(toFunctionSignature(compiled)).toBe(toFunctionSignature(called));
        const types = (outputs: readonly { name?: string; type: string }[]) =>
          outputs.map(({ name = "", type }) => ({ name, type }));
        expect(types(compiled.outputs)).toEqual(types(called.outputs));
      }
    }
  });
});

describe("readChain", () => {
  test("reads everything about an account and a key in one HTTP request", async () => {
    const { runtime, requests } = runtimeWith(GOOD);
    const accountKey = { role: 1, activeFrom: 100, expires: 200 };
    expect(await read(runtime)).toEqual({
      time: 101,
      record: { gate: GATE, version: 3n, factors: [FACTOR] },
      gates: { canonical: GATE, isAccepted: true },
      account: { device: accountKey, network: accountKey, isFrozen: false },
    });
    expect(requests).toHaveLength(1);
  });

  test("takes answers in any order", async () => {
    const { runtime } = runtimeWith(GOOD, (answer) => [...answer].reverse());
    expect(await read(runtime)).toMatchObject({ time: 101, record: { version: 3n } });
  });

  test.each([1, 2])("sees that the account is frozen (%i)", async (frozen) => {
    const { runtime } = runtimeWith({ ...GOOD, eth_call: [record, key, key, freeze(frozen), ...gates] });
    expect(await read(runtime)).toMatchObject({ account: { isFrozen: true } });
  });

  test("finds nothing where the account is not on the chain", async () => {
    const { runtime } = runtimeWith({
      ...GOOD,
      eth_getCode: ["0x"],
      eth_call: [record, "0x", "0x", "0x", ...gates],
    });
    expect(await read(runtime)).toMatchObject({ account: undefined });
  });

  test("sees that governance does not stand behind the gate that runs", async () => {
    const other: Hex = `0x${"66".repeat(32)}`;
    const { runtime } = runtimeWith({
      ...GOOD,
      eth_call: [record, key, key, thawed, other, accepted(false)],
    });
    expect(await read(runtime)).toMatchObject({ gates: { canonical: other, isAccepted: false } });
  });

  test("refuses another chain", async () => {
    const { runtime } = runtimeWith({ ...GOOD, eth_chainId: ["0x1"] });
    await expect(read(runtime)).rejects.toEqual(refusal("wrong-chain"));
  });

  test.each([
    ["no record", { eth_call: ["0x", key, key, thawed, ...gates] }],
    ["no block", { eth_getBlockByNumber: [null] }],
    ["a time that is none", { eth_getBlockByNumber: [{ timestamp: "soon" }] }],
    ["no code at all", { eth_getCode: [] }],
    ["half a key", { eth_call: [record, key.slice(0, 100), key, thawed, ...gates] }],
    ["nothing about a freeze", { eth_call: [record, key, key, "0x", ...gates] }],
    ["no canonical gate", { eth_call: [record, key, key, thawed, "0x", accepted(true)] }],
    ["nothing about the gate", { eth_call: [record, key, key, thawed, published] }],
    ["no chain id", { eth_chainId: [] }],
  ])("refuses an RPC that answers with %s", async (_what, change) => {
    const { runtime } = runtimeWith({ ...GOOD, ...change });
    await expect(read(runtime)).rejects.toEqual(refusal("chain-unreachable"));
  });

  test.each([
    ["an error for the whole batch", () => ({ error: { code: -32600, message: "no batches" } })],
    ["an answer missing", (answer: object[]) => answer.slice(1)],
    ["a page of text", () => "busy"],
    ["an endless answer", (answer: object[]) => [...answer, { id: 99, result: "a".repeat(70_000) }]],
  ])("refuses an RPC that gives %s", async (_what, twist) => {
    const { runtime } = runtimeWith(GOOD, twist);
    await expect(read(runtime)).rejects.toEqual(refusal("chain-unreachable"));
  });

  test("refuses when the RPC cannot be reached or answers with an error", async () => {
    const { runtime } = runtimeWith(GOOD);
    for (const fetch of [
      () => Promise.reject(new TypeError("connection refused")),
      () => Promise.resolve(new Response("[]", { status: 500 })),
      () => Promise.resolve(new Response("not JSON")),
    ]) {
      await expect(read({ ...runtime, fetch })).rejects.toEqual(refusal("chain-unreachable"));
    }
  });
});
