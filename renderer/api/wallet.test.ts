import { describe, expect, it, vi } from "vitest";
import { WalletError } from "#core/errors/wallet-error.ts";
import type { WalletBridge } from "#core/wallet-api/bridge.ts";
import { createWalletClient } from "./wallet.ts";

function bridgeThatAnswers(answer: unknown): WalletBridge & { invoke: ReturnType<typeof vi.fn> } {
  return { invoke: vi.fn(async () => answer), on: () => () => undefined };
}

function client(bridge: WalletBridge) {
  return createWalletClient(bridge, () => {
    throw new Error("no event was expected");
  });
}

const lower = "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed";
const checksummed = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";

describe("the wallet client", () => {
  it("hands on the method and its parsed input, and returns the parsed answer", async () => {
    const bridge = bridgeThatAnswers({
      ok: true,
      value: [{ token: { address: lower, symbol: "TUSD", name: "Trivet Dollar", decimals: 6 }, amount: 5n }],
    });
    const balances = await client(bridge).call("account.balances");
    expect(bridge.invoke).toHaveBeenCalledWith("account.balances", undefined);
    expect(balances).toEqual([
      { token: { address: checksummed, symbol: "TUSD", name: "Trivet Dollar", decimals: 6 }, amount: 5n },
    ]);
  });

  it("sends a plain copy, so that a reactive proxy can cross", async () => {
    const bridge = bridgeThatAnswers({ ok: true, value: { theme: "dark", lockAfterMinutes: 5 } });
    const proxied = new Proxy({ theme: "dark" as const, lockAfterMinutes: 5 }, {});
    await client(bridge).call("settings.set", proxied);
    const sent: unknown = bridge.invoke.mock.calls[0]?.[1];
    expect(sent).not.toBe(proxied);
    expect(structuredClone(sent)).toEqual({ theme: "dark", lockAfterMinutes: 5 });
  });

  it("throws the error that main made for people, word for word", async () => {
    const bridge = bridgeThatAnswers({
      ok: false,
      error: { code: "code-wrong", message: "That code is not right.", whatToDo: "Type it again." },
    });
    const failure = client(bridge).call("wallet.verifyCode", { code: "123456" });
    await expect(failure).rejects.toBeInstanceOf(WalletError);
    await expect(failure).rejects.toMatchObject({
      code: "code-wrong",
      message: "That code is not right.",
      whatToDo: "Type it again.",
    });
  });

  it("never sends an input that breaks the contract", async () => {
    const bridge = bridgeThatAnswers({ ok: true, value: undefined });
    await expect(client(bridge).call("wallet.verifyCode", { code: "12345" })).rejects.toMatchObject({
      code: "bad-answer",
    });
    expect(bridge.invoke).not.toHaveBeenCalled();
  });

  it.each([
    ["is no envelope", "hello"],
    ["is an envelope around the wrong value", { ok: true, value: { phase: "unknown" } }],
    ["is an error without its sentences", { ok: false, error: { code: "x" } }],
  ])("refuses an answer that %s", async (_name, answer) => {
    await expect(client(bridgeThatAnswers(answer)).call("wallet.state")).rejects.toMatchObject({
      code: "bad-answer",
      message: expect.stringContaining("wallet.state"),
    });
  });

  it("turns a failing channel into an error without internals", async () => {
    const bridge: WalletBridge = {
      invoke: async () => {
        throw new Error("Error invoking remote method 'wallet:wallet.state': secret detail");
      },
      on: () => () => undefined,
    };
    const error: unknown = await client(bridge)
      .call("wallet.state")
      .catch((failure: unknown) => failure);
    expect(error).toMatchObject({ code: "unexpected" });
    expect(JSON.stringify(error)).not.toContain("secret detail");
  });
});

describe("events of the wallet client", () => {
  function bridgeWithEvents() {
    const listeners = new Map<string, (data: unknown) => void>();
    const bridge: WalletBridge = {
      invoke: async () => undefined,
      on: (event, callback) => {
        listeners.set(event, callback);
        return () => listeners.delete(event);
      },
    };
    return { bridge, listeners };
  }

  it("passes on parsed data until it is stopped", () => {
    const { bridge, listeners } = bridgeWithEvents();
    const seen: unknown[] = [];
    const stop = createWalletClient(bridge, () => undefined).on("ledger", (state) => seen.push(state));
    listeners.get("ledger")?.("unlock");
    expect(seen).toEqual(["unlock"]);
    stop();
    expect(listeners.has("ledger")).toBe(false);
  });

  it("reports data that does not parse instead of passing it on", () => {
    const { bridge, listeners } = bridgeWithEvents();
    const onBadEvent = vi.fn();
    const callback = vi.fn();
    createWalletClient(bridge, onBadEvent).on("ledger", callback);
    listeners.get("ledger")?.("dancing");
    expect(callback).not.toHaveBeenCalled();
    expect(onBadEvent).toHaveBeenCalledWith(expect.objectContaining({ code: "bad-answer" }));
  });
});
