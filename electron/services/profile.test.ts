import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { keyId, keyOfAddress } from "#core/keys/key.ts";
import { toAddress } from "#core/primitives/address.ts";
import { NO_SALT } from "#core/primitives/hex.ts";
import {
  findKey,
  type HeldKey,
  isComplete,
  networkKey,
  newProfile,
  ownDeviceKey,
  type Profile,
  profileFile,
  withKey,
  withoutKey,
} from "./profile.ts";

const ADDRESS = toAddress(`0x${"11".repeat(20)}`);
const key = keyOfAddress(ADDRESS);
const network: HeldKey = { key, holder: "network", detail: "4 nodes" };
const record = { account: ADDRESS, factors: [{ type: "email", id: "email-1" }] } as const;
const registered: HeldKey = { ...network, record: { ...record, factors: [...record.factors] } };
const friend: HeldKey = {
  key: keyOfAddress(toAddress(`0x${"22".repeat(20)}`), `0x${"33".repeat(32)}`),
  holder: "friend",
  detail: "Ben",
};
const NO_KEYS = { device: [], mfa: [], recovery: [] };
const first = keyId(key);
const account = {
  address: ADDRESS,
  firstKeys: { device: first, mfa: first, recovery: first, salt: NO_SALT },
};

async function profileOf(content: unknown) {
  const directory = await mkdtemp(path.join(tmpdir(), "trivet-profile-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  await writeFile(path.join(directory, "profile.json"), JSON.stringify(content));
  return profileFile(directory);
}

describe("a profile", () => {
  test("is read as it was written", async () => {
    const profile: Profile = {
      ...newProfile("ada@example.org", 31337),
      keys: { ...NO_KEYS, mfa: [registered, friend] },
      account,
    };
    const file = await profileOf({});
    await file.write(profile);
    expect(await file.read()).toEqual(profile);
  });

  test("knows an account's first keys by their ids, where an earlier version kept them whole", async () => {
    const whole = { device: key, mfa: key, recovery: first, salt: NO_SALT };
    const file = await profileOf({
      ...newProfile("ada@example.org", 31337),
      account: { address: ADDRESS, firstKeys: whole },
    });
    expect((await file.read())?.account).toEqual(account);
  });

  test("of an earlier version is refused with a sentence that says so", async () => {
    const earlier = { version: 1, email: "ada@example.org", chainId: 31337, keys: {}, registered: [] };
    await expect((await profileOf(earlier)).read()).rejects.toMatchObject({
      code: "profile-outdated",
      message: expect.stringMatching(/earlier version/),
    });
  });

  test("of the version with one key of each role is read without loss", async () => {
    const base = { email: "ada@example.org", chainId: 31337, account };
    const version2 = { version: 2, ...base, keys: { mfa: registered, recovery: network } };
    const file = await profileOf(version2);
    const read = await file.read();
    expect(read).toEqual({
      version: 3,
      ...base,
      keys: { device: [], mfa: [registered], recovery: [network] },
    });
    if (read) await file.write(read);
    expect(await file.read()).toEqual(read);
  });

  test("of a version with keys of a role that there is not is refused as damaged", async () => {
    const base = { email: "ada@example.org", chainId: 31337 };
    for (const keys of [{ mfa: registered, other: registered }, { mfa: { holder: "network" } }]) {
      await expect((await profileOf({ version: 2, ...base, keys })).read()).rejects.toMatchObject({
        code: "file-damaged",
      });
    }
  });

  test("that is damaged is refused as damaged", async () => {
    const damaged = { ...newProfile("ada@example.org", 31337), chainId: "devnet" };
    for (const content of [damaged, null, "text"]) {
      await expect((await profileOf(content)).read()).rejects.toMatchObject({ code: "file-damaged" });
    }
  });

  test.each<[string, Partial<Profile>, boolean]>([
    [
      "the keys and the address alone do not make it complete",
      { keys: { ...NO_KEYS, mfa: [network], recovery: [network] }, account },
      false,
    ],
    [
      "one record does not make it complete",
      { keys: { ...NO_KEYS, mfa: [registered], recovery: [network] }, account },
      false,
    ],
    [
      "records without an address do not make it complete",
      { keys: { ...NO_KEYS, mfa: [registered], recovery: [registered] } },
      false,
    ],
    [
      "the records make it complete",
      { keys: { ...NO_KEYS, mfa: [registered], recovery: [registered] }, account },
      true,
    ],
    [
      "a Ledger needs no record",
      { keys: { ...NO_KEYS, mfa: [registered], recovery: [{ ...network, holder: "ledger" }] }, account },
      true,
    ],
  ])("%s", (_what, parts, complete) => {
    expect(isComplete({ ...newProfile("ada@example.org", 31337), ...parts })).toBe(complete);
  });
});

describe("the keys of a profile", () => {
  const ids = (keys: Profile["keys"]) =>
    Object.values(keys)
      .flat()
      .map(({ key }) => keyId(key));

  test("are several for a role, and each is found by its id, with its role", () => {
    const keys = withKey(withKey(NO_KEYS, "recovery", friend), "recovery", network);
    expect(keys.recovery).toEqual([friend, network]);
    expect(findKey(keys, keyId(network.key))).toEqual({ role: "recovery", held: network });
    expect(networkKey(keys, "recovery")).toEqual(network);
    expect(networkKey(keys, "mfa")).toBeUndefined();
  });

  test("keep their places when one is changed, and go one by one", () => {
    const keys = withKey({ ...NO_KEYS, recovery: [friend, network] }, "recovery", {
      ...friend,
      detail: "Benny",
    });
    expect(keys.recovery.map(({ detail }) => detail)).toEqual(["Benny", "4 nodes"]);
    expect(ids(withoutKey(keys, keyId(friend.key)))).toEqual([keyId(network.key)]);
  });

  test("tell this computer's device key from another's", () => {
    const other: HeldKey = { ...network, holder: "other-computer" };
    const own: HeldKey = { ...friend, holder: "this-computer" };
    expect(ownDeviceKey({ ...NO_KEYS, device: [other, own] })).toEqual(own);
    expect(ownDeviceKey({ ...NO_KEYS, device: [other] })).toBeUndefined();
  });
});
