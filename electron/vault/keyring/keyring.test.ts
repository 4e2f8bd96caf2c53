import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
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

  test("is put away without being lost, and the next one is another", async () => {
    const session = await signIn();
    const keyring = await Keyring.load(directory, keyStore, session);
    const first = await keyring.create();
    await keyring.putAway();
    expect(() => keyring.device).toThrow(expect.objectContaining({ code: "locked" }));
    expect(keyring.address).toBeUndefined();
    expect(await keyring.create()).not.toBe(first);
    const [away, current] = (await readdir(directory)).sort();
    expect([away, current]).toEqual([`device-key-${first.slice(2, 10)}-away.json`, "device-key.json"]);
    const content = JSON.parse(await readFile(path.join(directory, away ?? ""), "utf8")) as {
      address: string;
    };
    expect(content.address).toBe(first);
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

describe("locked while it is being opened", () => {
  const fails = (code: string) => expect.objectContaining({ code }) as Error;

  /** A keyring whose key store answers only once it was locked. */
  async function lockedMeanwhile(act: (keyring: Keyring, code: string) => Promise<unknown>) {
    const session = await signIn();
    const first = await Keyring.load(directory, keyStore, session);
    await first.create();
    const code = await first.createUnlockCode();
    const held: { keyring?: Keyring } = {};
    const locking: KeyStore = {
      protect: (secret) => {
        held.keyring?.lock();
        return keyStore.protect(secret);
      },
      unprotect: (sealed) => {
        held.keyring?.lock();
        return keyStore.unprotect(sealed);
      },
    };
    const keyring = await Keyring.load(directory, locking, session);
    held.keyring = keyring;
    await expect(act(keyring, code)).rejects.toThrow(fails("locked"));
    expect(() => keyring.device).toThrow(fails("locked"));
  }

  test.each<[string, (keyring: Keyring, code: string) => Promise<unknown>]>([
    ["by a session", (keyring) => keyring.unlock()],
    ["by the unlock code", (keyring, code) => keyring.unlockByCode(code)],
  ])("%s, the device key stays closed", async (_, act) => {
    await lockedMeanwhile(act);
  });

  test("the device key that is being made is kept and closed, and opens later", async () => {
    const session = await signIn();
    const held: { keyring?: Keyring } = {};
    const locking: KeyStore = {
      ...keyStore,
      protect: (secret) => {
        held.keyring?.lock();
        return keyStore.protect(secret);
      },
    };
    const keyring = await Keyring.load(directory, locking, session);
    held.keyring = keyring;
    await expect(keyring.create()).rejects.toThrow(fails("locked"));
    expect(() => keyring.device).toThrow(fails("locked"));
    await keyring.unlock();
    expect(keyring.device.address).toBe(keyring.address);
  });

  test("the session does not open either", async () => {
    const session = new PersonSession(world.client);
    await session.sendCode(EMAIL);
    const opened = session.verifyCode(await world.authenticator.codeFor(EMAIL));
    await session.end();
    await expect(opened).rejects.toThrow(fails("session-ended"));
    expect(session.isOpen).toBe(false);
  });
});

describe("the unlock code", () => {
  async function withCode() {
    const session = await signIn();
    const keyring = await Keyring.load(directory, keyStore, session);
    const address = await keyring.create();
    const code = await keyring.createUnlockCode();
    keyring.lock();
    return { address, code, session };
  }
  const signedOut = () => Keyring.load(directory, keyStore, new PersonSession(world.client));
  const fails = (code: string) => expect.objectContaining({ code }) as Error;

  test("opens the device key without a session, and is kept nowhere", async () => {
    const { address, code } = await withCode();
    const keyring = await signedOut();
    expect(keyring.hasUnlockCode).toBe(true);
    await keyring.unlockByCode(code.toLowerCase());
    expect(keyring.device.address).toBe(address);
    const onDisk = await readFile(path.join(directory, "device-key.json"), "utf8");
    expect(onDisk.toUpperCase()).not.toContain(code.replaceAll("-", ""));
  });

  test("opens nothing where another was made, where it was removed, where none was made, and without the key store", async () => {
    const { code } = await withCode();
    const keyring = await Keyring.load(directory, keyStore, await signIn());
    await keyring.unlock();
    const later = await keyring.createUnlockCode();
    keyring.lock();
    await expect(keyring.unlockByCode(code)).rejects.toThrow(fails("unlock-code-wrong"));
    await keyring.unlockByCode(later);
    await keyring.removeUnlockCode();
    keyring.lock();
    expect(keyring.hasUnlockCode).toBe(false);
    await expect((await signedOut()).unlockByCode(later)).rejects.toThrow(fails("no-unlock-code"));

    await keyring.unlock();
    const last = await keyring.createUnlockCode();
    const reset: KeyStore = { ...keyStore, unprotect: () => Promise.resolve("AAAA") };
    const elsewhere = await Keyring.load(directory, reset, new PersonSession(world.client));
    await expect(elsewhere.unlockByCode(last)).rejects.toThrow(fails("unlock-code-wrong"));
    expect(() => elsewhere.device).toThrow(fails("locked"));
  });

  test("is neither made nor removed while the wallet is locked, nor without a device key", async () => {
    await withCode();
    const keyring = await signedOut();
    await expect(keyring.createUnlockCode()).rejects.toThrow(fails("locked"));
    await expect(keyring.mendSessionHalf()).rejects.toThrow(fails("locked"));
    await rm(path.join(directory, "device-key.json"));
    await expect((await signedOut()).removeUnlockCode()).rejects.toThrow(fails("no-device-key"));
    await expect((await signedOut()).unlockByCode("Q")).rejects.toThrow(fails("unlock-code-mistyped"));
  });

  test("mends a half that a thief's session deleted or replaced at the authenticator", async () => {
    const { address, code } = await withCode();
    const thief = await signIn();
    const [name] = await kept(thief);
    if (name === undefined) throw new Error("the authenticator keeps no half");
    for (const left of ["", "00".repeat(32)]) {
      await thief.ask((client, open) => client.updateMetadata(open, { [name]: left }));
      const keyring = await Keyring.load(directory, keyStore, await signIn());
      await expect(keyring.unlock()).rejects.toThrow();
      await keyring.unlockByCode(code);
      expect(await keyring.mendSessionHalf()).toBe(true);
      expect(await keyring.mendSessionHalf()).toBe(false);

      const again = await Keyring.load(directory, keyStore, await signIn());
      await again.unlock();
      expect(again.device.address).toBe(address);
      expect(again.hasUnlockCode).toBe(true);
    }
    expect(await kept(thief)).toHaveLength(1);
  });
});
