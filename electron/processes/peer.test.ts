import { describe, expect, test } from "vitest";
import { z } from "zod";
import { WalletError } from "#core/errors/wallet-error.ts";
import { createPeer, type Handlers, type MessagePort, type Peer } from "./peer.ts";

const METHODS = {
  double: { input: z.object({ value: z.bigint() }), output: z.object({ value: z.bigint() }) },
  fail: { input: z.undefined(), output: z.undefined() },
  refuse: { input: z.undefined(), output: z.undefined() },
} as const;

/** Two ends of a line that copies what it carries, as a process border does. */
function line(): [MessagePort, MessagePort] {
  const listeners: [((message: unknown) => void)[], ((message: unknown) => void)[]] = [[], []];
  const end = (own: 0 | 1): MessagePort => ({
    postMessage: (message) => {
      const copy: unknown = structuredClone(message);
      queueMicrotask(() => {
        for (const listener of listeners[own === 0 ? 1 : 0]) listener(copy);
      });
    },
    onMessage: (listener) => listeners[own].push(listener),
  });
  return [end(0), end(1)];
}

function connect() {
  const [near, far] = line();
  const unexpected: unknown[] = [];
  const handlers: Handlers<typeof METHODS> = {
    double: ({ value }) => Promise.resolve({ value: value * 2n }),
    fail: () => Promise.reject(new Error("the secret is 1234")),
    refuse: () => Promise.reject(new WalletError("locked", "The wallet is locked.", "Unlock it.")),
  };
  createPeer({
    port: far,
    serves: METHODS,
    handlers,
    calls: {},
    onUnexpected: (_, cause) => unexpected.push(cause),
  });
  const peer: Peer<typeof METHODS> = createPeer({
    port: near,
    serves: {},
    handlers: {},
    calls: METHODS,
    onUnexpected: (_, cause) => unexpected.push(cause),
  });
  return { peer, near, unexpected };
}

describe("a peer", () => {
  test("carries values that JSON cannot", async () => {
    const { peer } = connect();
    await expect(peer.call("double", { value: 2n ** 200n })).resolves.toEqual({ value: 2n ** 201n });
  });

  test("answers calls in any number at once, each with its own result", async () => {
    const { peer } = connect();
    const values = Array.from({ length: 50 }, (_, index) => BigInt(index));
    const results = await Promise.all(values.map((value) => peer.call("double", { value })));
    expect(results.map(({ value }) => value)).toEqual(values.map((value) => value * 2n));
  });

  test("passes an error made for people on, word for word", async () => {
    const { peer } = connect();
    await expect(peer.call("refuse", undefined)).rejects.toMatchObject({
      code: "locked",
      message: "The wallet is locked.",
      whatToDo: "Unlock it.",
    });
  });

  test("keeps the words of an unforeseen error on its own side", async () => {
    const { peer, unexpected } = connect();
    await expect(peer.call("fail", undefined)).rejects.toMatchObject({ code: "unexpected" });
    await expect(peer.call("fail", undefined)).rejects.not.toThrow(/1234/);
    expect(unexpected).toHaveLength(2);
  });

  test("refuses input that does not fit, unknown methods and inherited names", async () => {
    const { near, unexpected } = connect();
    const answers: unknown[] = [];
    near.onMessage((message) => answers.push(message));
    const calls: { method: string; input?: unknown }[] = [
      { method: "double", input: { value: "2" } },
      { method: "missing" },
      { method: "toString" },
      { method: "__proto__" },
    ];
    for (const call of calls) near.postMessage({ type: "call", id: call.method, ...call });
    await new Promise((resolve) => setImmediate(resolve));
    expect(answers).toHaveLength(4);
    for (const answer of answers)
      expect(answer).toMatchObject({ type: "error", error: { code: "unexpected" } });
    expect(unexpected).toHaveLength(4);
  });

  test("drops messages that are no messages", async () => {
    const { peer, near, unexpected } = connect();
    for (const message of [null, 7, "call", {}, { type: "call" }, { type: "result" }, []])
      near.postMessage(message);
    await expect(peer.call("double", { value: 1n })).resolves.toEqual({ value: 2n });
    expect(unexpected).toHaveLength(7);
  });

  test("rejects what waits when the other process ends", async () => {
    const [near] = line();
    const peer = createPeer({
      port: near,
      serves: {},
      handlers: {},
      calls: METHODS,
      onUnexpected: () => undefined,
    });
    const call = peer.call("double", { value: 1n });
    peer.closed();
    await expect(call).rejects.toMatchObject({ code: "process-ended" });
    const other = peer.call("double", { value: 1n });
    peer.closed(new WalletError("locked", "The wallet was locked.", "Unlock it."));
    await expect(other).rejects.toMatchObject({ code: "locked" });
  });
});
