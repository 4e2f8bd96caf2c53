import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { keyOfAddress } from "#core/keys/key.ts";
import { toAddress } from "#core/primitives/address.ts";
import { NO_SALT } from "#core/primitives/hex.ts";
import { type HeldKey, isComplete, newProfile, type Profile, profileFile } from "./profile.ts";

const ADDRESS = toAddress(`0x${"11".repeat(20)}`);
const key = keyOfAddress(ADDRESS);
const network: HeldKey = { key, holder: "network", detail: "4 nodes" };
const record = { account: ADDRESS, factors: [{ type: "email", id: "email-1" }] } as const;
const registered: HeldKey = { ...network, record: { ...record, factors: [...record.factors] } };
const account = { address: ADDRESS, firstKeys: { device: key, mfa: key, recovery: key, salt: NO_SALT } };

async function profileOf(content: unknown) {
  const directory = await mkdtemp(path.join(tmpdir(), "trivet-profile-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  await writeFile(path.join(directory, "profile.json"), JSON.stringify(content));
  return profileFile(directory);
}

describe("a profile", () => {
  test("is read as it was written", async () => {
    const profile: Profile = { ...newProfile("ada@example.org", 31337), keys: { mfa: registered }, account };
    const file = await profileOf({});
    await file.write(profile);
    expect(await file.read()).toEqual(profile);
  });

  test("of an earlier version is refused with a sentence that says so", async () => {
    const earlier = { version: 1, email: "ada@example.org", chainId: 31337, keys: {}, registered: [] };
    await expect((await profileOf(earlier)).read()).rejects.toMatchObject({
      code: "profile-outdated",
      message: expect.stringMatching(/earlier version/),
    });
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
      { keys: { mfa: network, recovery: network }, account },
      false,
    ],
    [
      "one record does not make it complete",
      { keys: { mfa: registered, recovery: network }, account },
      false,
    ],
    [
      "records without an address do not make it complete",
      { keys: { mfa: registered, recovery: registered } },
      false,
    ],
    ["the records make it complete", { keys: { mfa: registered, recovery: registered }, account }, true],
    [
      "a Ledger needs no record",
      { keys: { mfa: registered, recovery: { ...network, holder: "ledger" } }, account },
      true,
    ],
  ])("%s", (_what, parts, complete) => {
    expect(isComplete({ ...newProfile("ada@example.org", 31337), ...parts })).toBe(complete);
  });
});
