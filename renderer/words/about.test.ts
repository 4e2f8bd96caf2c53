import { describe, expect, it } from "vitest";
import type { AppInfo } from "#core/wallet-api/state.ts";
import { notReal, real } from "./about.ts";

const live: AppInfo = {
  version: "1.0.0",
  host: "electron",
  keyStore: "os",
  network: {
    name: "Ethereum",
    kind: "live",
    chainId: 1,
    chainName: "Ethereum",
    nativeSymbol: "ETH",
    keyNetwork: "chipotle",
  },
  ledgerTransport: "usb",
};

describe("what is not real", () => {
  it("is nothing where everything is", () => {
    expect(notReal(live)).toEqual([]);
  });

  it.each([
    [
      "devnet",
      { network: { ...live.network, kind: "devnet" as const, keyNetwork: "local" as const } },
      /devnet.*key network.*mailbox/s,
    ],
    ["software Ledger", { ledgerTransport: "speculos" as const }, /Ledger is software/],
    ["stand-in host", { host: "stand-in" as const }, /stand-in host/],
    ["missing key store", { keyStore: "file" as const }, /key store/],
  ])("names the %s", (_name, changes, words) => {
    const titles = notReal({ ...live, ...changes }).map(({ title }) => title);
    expect(titles.join("\n").replace("Codes do not reach a real", "")).toMatch(words);
  });
});

describe("what is real", () => {
  it("says who holds the keys of the key network", () => {
    expect(real(live).join(" ")).toMatch(/one machine, and holds both of your network keys whole/);
    const local = { ...live, network: { ...live.network, keyNetwork: "local" as const } };
    expect(real(local).join(" ")).toMatch(/no process has a whole key/);
  });
});
