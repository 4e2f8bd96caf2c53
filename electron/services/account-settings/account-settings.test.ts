import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { keyId } from "#core/keys/key.ts";
import { keyOfScript } from "#core/keys/script-key.ts";
import type { ChangeWish } from "#core/operations/change-wish.ts";
import { NATIVE_TOKEN, toAddress } from "#core/primitives/address.ts";
import type { ApiKey } from "#core/wallet-api/api-keys.ts";
import { NO_NAMES } from "#core/watch/words.ts";
import { createActivity } from "../activity/activity.ts";
import { activityFile } from "../activity/file.ts";
import { accountReader } from "../chain/account-reader.ts";
import { change } from "../operations/intents/change.ts";
import { ownDeviceKey } from "../profile.ts";
import { World } from "../testing/world.ts";
import { httpSources } from "../watcher/http-source.ts";
import { createAccountSettings } from "./account-settings.ts";

const DAY = 86_400;
const BEN = toAddress(`0x${"be".repeat(20)}`);
const EXCHANGE = toAddress(`0x${"ec".repeat(20)}`);
const verifier = toAddress(`0x${"7e".repeat(20)}`);
const SCRIPT = keyOfScript(verifier, toAddress(`0x${"5c".repeat(20)}`));

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(async () => {
  await world.stop();
});

/** An account with its settings, and a way to change it. */
async function account() {
  const { directory } = await world.createAccount();
  const { operations, finish, chain, get } = await world.startApp(directory);
  const reader = accountReader(chain);
  const profile = await get();
  const own = ownDeviceKey(profile.keys);
  const of = profile.account?.address;
  if (!own || !of) throw new Error("the account is complete");
  const activity = createActivity({
    chainId: world.config.chain.id,
    contracts: world.config.contracts,
    sources: httpSources(world.config.chain.rpcUrls),
    tokens: reader.tokens,
    file: activityFile(directory),
    account: () => Promise.resolve(of),
    people: () => Promise.resolve(NO_NAMES),
    signers: () => Promise.resolve(new Map()),
    now: Date.now,
    save: () => Promise.resolve(undefined),
  });
  const address = toAddress(`0x${"5c".repeat(20)}`);
  const script: ApiKey = { id: keyId(SCRIPT), name: "Trader", address, verifier, createdAt: 7 };
  const settings = createAccountSettings({
    chain,
    reader,
    profile: { get },
    entries: activity.entries,
    scripts: () => Promise.resolve(new Map([[script.id, script]])),
  });
  const make = async (...wishes: ChangeWish[]) => {
    for (const wish of wishes) {
      expect((await finish(await operations.start(change(wish)))).status).toBe("done");
    }
  };
  return { view: settings.view, make, device: keyId(own.key) };
}

describe("what the owner has set", () => {
  test("is every default before the account is on the chain, and right after", async () => {
    const { view, make, device } = await account();
    const before = await view();
    expect(before).toMatchObject({
      delays: { recovery: 7 * DAY, removal: 3 * DAY, singleKey: 7 * DAY, override: 0 },
      rules: { singleKeyRoles: [], pendingKeysMayCall: false, tripwireCount: 3, tripwireWindow: DAY },
      thresholds: { mfa: { needed: 1, keys: 1 }, recovery: { needed: 1, keys: 1 } },
      allowlist: [],
    });
    expect(before.keys.map(({ role }) => role)).toEqual(["device", "mfa", "recovery"]);
    expect(before.keys[0]).toMatchObject({ id: device, own: true, name: "This computer", active: true });
    await make({ kind: "setAllowlisted", recipient: BEN, allowed: true });
    expect(await view()).toEqual({ ...before, allowlist: [BEN] });
  });

  test("is what the contract has, also where it was set and taken back", async () => {
    const { view, make, device } = await account();
    await make(
      {
        kind: "setDelays",
        recoveryDelay: 14 * DAY,
        removalDelay: 0,
        singleKeyDelay: 10 * DAY,
        overrideDelay: 30 * DAY,
      },
      {
        kind: "setRules",
        singleKeyRoles: 1 << 2,
        pendingKeysMayCall: false,
        tripwireCount: 255,
        tripwireWindow: 0,
      },
      { kind: "setAllowlisted", recipient: BEN, allowed: true },
      { kind: "setAllowlisted", recipient: BEN, allowed: false },
      { kind: "setLimit", key: device, token: world.tusd, limit: 5_000_000n },
      { kind: "setLimit", key: device, token: NATIVE_TOKEN, limit: 7n },
      { kind: "setLimit", key: device, token: NATIVE_TOKEN, limit: 0n },
      { kind: "setHours", key: device, closedHours: 0b11 },
    );
    const { delays, rules, allowlist, keys } = await view();
    expect(delays).toEqual({
      recovery: 14 * DAY,
      removal: 3 * DAY,
      singleKey: 10 * DAY,
      override: 30 * DAY,
    });
    expect(rules).toMatchObject({ singleKeyRoles: ["mfa"], tripwireCount: 255, tripwireWindow: DAY });
    expect(allowlist).toEqual([]);
    const token = world.config.tokens[0];
    expect(keys.find(({ id }) => id === device)).toMatchObject({
      closedHours: 3,
      limits: [{ token, limit: 5_000_000n, available: 5_000_000n }],
    });
  });

  test("names a key for a script, with what it may call, until it is removed", async () => {
    const { view, make } = await account();
    const key = keyId(SCRIPT);
    const expires = Math.floor(world.now() / 1000) + 900 * DAY;
    await make(
      { kind: "addKey", role: "device", key: SCRIPT, expires },
      { kind: "setScope", key, target: EXCHANGE, selector: "0xd96a094a", allowed: true },
    );
    const trader = async () => (await view()).keys.find(({ id }) => id === key);
    expect(await trader()).toMatchObject({
      role: "device",
      name: "Trader",
      own: false,
      active: true,
      expires,
      scopes: [{ target: EXCHANGE, selector: "0xd96a094a" }],
    });
    await make({ kind: "setScope", key, target: EXCHANGE, selector: "0xd96a094a", allowed: false });
    expect((await trader())?.scopes).toEqual([]);
    await make({ kind: "removeKey", key });
    expect(await trader()).toBeUndefined();
  });
});
