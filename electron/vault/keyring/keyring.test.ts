import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ClientHarness, EMAIL } from "../authenticator/testing/client-harness.ts";
import { PersonSession } from "../session/session.ts";
import { Keyring, type KeyStore } from "./keyring.ts";

/** What the operating system protects is only marked here; its own encryption is not this file's matter. */
const keyStore: KeyStore = {
  protect: (secret) => Promise.resolve(Buffer.from(secret).toString("base64")),
  unprotect: (sealed) => Promise.resolve(Buffer.from(sealed, "base64").toString("utf8")),
};

let world: ClientHarness;
let directory: string;
beforeEach(async () => {
  world = await ClientHarness.start();
  directory = await mkdtemp(path.join(tmpdir(), "trivet-keyring-"));
});
afterEach(async () => {
  await world[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
});

async function signIn(): Promise<PersonSession> {
  const session = new PersonSession(world.client);
  await session.sendCode(EMAIL);
  await session.verifyCode(await world.authenticator.codeFor(EMAIL));
  return session;
}

/** The names of the secrets that the authenticator keeps. */
async function kept(session: PersonSession): Promise<string[]> {
  return Object.keys((await session.refresh()).user.metadata);
}

describe("this computer's device key", () => {
  test("is made once, opens again in a new session, and has one secret at the authenticator", async () => {
    const first = await Keyring.load(directory, keyStore, await signIn());
    const address = await first.create();
    expect(await first.create()).toBe(address);
    first.lock();
    const session = await signIn();
    const second = await Keyring.load(directory, keyStore, session);
    await second.unlock();
    expect(second.device.address).toBe(address);
    expect(await kept(session)).toHaveLength(1);
    expect(await readdir(directory)).toEqual(["device-key.json"]);
  });

  test("leaves no second secret behind when it could not be written at first", async () => {
    const session = await signIn();
    // A folder stands where the file is to be: the secret is at the authenticator by then, the key is nowhere.
    const inTheWay = path.join(directory, "device-key.json");
    const keyring = await Keyring.load(directory, keyStore, session);
    await mkdir(inTheWay);
    await expect(keyring.create()).rejects.toThrow();
    expect(await kept(session)).toHaveLength(1);
    expect(() => keyring.device).toThrow(expect.objectContaining({ code: "locked" }));
    await rm(inTheWay, { recursive: true });

    const again = await Keyring.load(directory, keyStore, session);
    const address = await again.create();
    again.lock();
    await again.unlock();
    expect(again.device.address).toBe(address);
    expect(await kept(session)).toHaveLength(1);
  });

  test("gets another secret than one that was there before, and does not mind a damaged note of a name", async () => {
    const session = await signIn();
    await (await Keyring.load(directory, keyStore, session)).create();
    await rm(path.join(directory, "device-key.json"));
    await writeFile(path.join(directory, "device-id.json"), "{");
    await (await Keyring.load(directory, keyStore, session)).create();
    // The first may be restored from a backup one day: its secret stays.
    expect(await kept(session)).toHaveLength(2);
  });
});
