import { beforeEach, describe, expect, test } from "vitest";
import { zNetworkConfig } from "#core/config/network.ts";
import { zOperation } from "#core/operations/operation.ts";
import { toAddress } from "#core/primitives/address.ts";
import type { ConfirmView } from "#core/wallet-api/operation-view.ts";
import { Approvals, type Asked } from "./approvals.ts";

const at = (byte: string) => toAddress(`0x${byte.repeat(20)}`);
const here = "http://127.0.0.1:1";
const config = zNetworkConfig.parse({
  name: "Devnet",
  kind: "devnet",
  chain: { id: 31337, name: "Devnet chain", rpcUrls: [here], nativeSymbol: "ETH" },
  contracts: {
    factory: at("11"),
    implementation: at("12"),
    factorRegistry: at("13"),
    gateRegistry: at("14"),
  },
  tokens: [],
  relayUrl: here,
  keyNetwork: { adapter: "local", rpcUrl: here, staking: at("15"), nodes: [{ index: 1, url: here }] },
  authenticator: { baseUrl: here, publicToken: "t", projectId: "p", issuer: "i" },
  ledger: { transport: "usb" },
});

const operation = zOperation.parse({
  kind: "withdraw",
  account: at("22"),
  token: at("33"),
  to: at("44"),
  amount: 5n,
  nonce: 0n,
});
const device = { role: "device", holder: "this-computer" } as const;
const mfa = { role: "mfa", holder: "network" } as const;
/** The same withdrawal by one key, which waits and can be cancelled, and by two, which moves the money at once. */
const later: Asked = {
  operation,
  signers: [device],
  timing: { effect: "afterSingleKeyDelay", seconds: 604_800 },
};
const atOnce: Asked = { operation, signers: [device, mfa], timing: { effect: "now" } };

let now: number;
let shown: ConfirmView[];
let decide: (view: ConfirmView) => boolean | Promise<boolean>;
/** The ids of the questions that the confirm window is to stop showing. */
let takenBack: string[];
let approvals: Approvals;
beforeEach(() => {
  now = 1_800_000_000_000;
  shown = [];
  takenBack = [];
  decide = () => true;
  approvals = new Approvals({
    config,
    takeBack: (id) => takenBack.push(id),
    ask: async (view) => {
      shown.push(view);
      return decide(view);
    },
    now: () => now,
  });
});

describe("what a person approved", () => {
  test("counts for further signatures of that operation, for a quarter of an hour", async () => {
    const digest = await approvals.require(atOnce);
    expect(await approvals.require(atOnce)).toBe(digest);
    expect(shown).toHaveLength(1);
    now += 15 * 60_000;
    await approvals.require(atOnce);
    expect(shown).toHaveLength(2);
  });

  test("is what the window said: who signs, and when it takes effect then", async () => {
    await approvals.require(later);
    decide = () => false;
    await expect(approvals.require(atOnce)).rejects.toMatchObject({ code: "rejected" });
    expect(shown.map(({ then }) => then)).toEqual([
      expect.stringContaining("waits 7 days"),
      expect.stringContaining("at once"),
    ]);
  });

  test("covers a wallet that signs along only where the window named it", async () => {
    await approvals.require(atOnce);
    await approvals.require(atOnce, at("66"));
    expect(shown.map(({ wallet }) => wallet)).toEqual([undefined, at("66")]);
    await approvals.require(atOnce, at("66"));
    await approvals.require(atOnce);
    expect(shown).toHaveLength(2);
  });

  test("is asked again once it was forgotten", async () => {
    await approvals.require(atOnce);
    approvals.forget(operation);
    await approvals.require(atOnce);
    approvals.clear();
    await approvals.require(atOnce);
    expect(shown).toHaveLength(3);
  });

  test.each<[string, () => void]>([
    ["it was dropped", () => approvals.forget(operation)],
    ["the wallet was locked", () => approvals.clear()],
  ])("counts for nothing where %s while the window was open", async (_, meanwhile) => {
    const { promise, resolve: answer } = Promise.withResolvers<boolean>();
    decide = () => promise;
    const asked = approvals.require(atOnce);
    meanwhile();
    expect(takenBack).toEqual(shown.map(({ id }) => id));
    answer(true);
    await expect(asked).rejects.toMatchObject({ code: "rejected" });
    decide = () => true;
    await approvals.require(atOnce);
    expect(shown).toHaveLength(2);
  });

  test("stays asked, and counts, where another operation is dropped", async () => {
    const { promise, resolve: answer } = Promise.withResolvers<boolean>();
    decide = () => promise;
    const asked = approvals.require(atOnce);
    approvals.forget(zOperation.parse({ ...operation, nonce: 1n }));
    expect(takenBack).toEqual([]);
    answer(true);
    await asked;
  });
});
