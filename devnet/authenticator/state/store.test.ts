import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { StateFileError, Store } from "./store.ts";

let parent: string;
let directory: string;
let file: string;
beforeEach(async () => {
  parent = await mkdtemp(path.join(tmpdir(), "trivet-store-"));
  directory = path.join(parent, "state");
  file = path.join(directory, "authenticator.json");
});
afterEach(async () => {
  await rm(parent, { recursive: true, force: true });
});

test("only the owner can read the state", async () => {
  const store = await Store.open(directory);
  await store.save();
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect((await stat(directory)).mode & 0o777).toBe(0o700);
});

test("a save resolves only when what was changed before it is on the disk", async () => {
  const store = await Store.open(directory);
  const saves: Promise<void>[] = [];
  for (let offset = 1; offset <= 20; offset++) {
    store.state.clockOffset = offset;
    saves.push(
      store.save().then(async () => {
        const kept = JSON.parse(await readFile(file, "utf8")) as { clockOffset: number };
        expect(kept.clockOffset).toBeGreaterThanOrEqual(offset);
      }),
    );
  }
  await Promise.all(saves);
  expect((await Store.open(directory)).state).toEqual(store.state);
});

test("a save that fails says so, and the next one works", async () => {
  const store = await Store.open(directory);
  await rm(directory, { recursive: true });
  await expect(store.save()).rejects.toThrow();
  await Store.open(directory);
  await expect(store.save()).resolves.toBeUndefined();
});

test.each(["", "{", "[]", '{"version":2}'])(
  "a file with %j in it is refused and left as it is",
  async (text) => {
    await Store.open(directory);
    await writeFile(file, text);
    await expect(Store.open(directory)).rejects.toBeInstanceOf(StateFileError);
    expect(await readFile(file, "utf8")).toBe(text);
  },
);

test("each devnet has a project secret of its own", async () => {
  const first = await Store.open(path.join(parent, "a"));
  const second = await Store.open(path.join(parent, "b"));
  expect(first.state.projectSecret).not.toBe(second.state.projectSecret);
});

test("what the first version kept is still there: people, their mailboxes and apps, sessions", async () => {
  const { state } = await Store.open(directory);
  const totp = {
    totpId: "totp-test-1",
    secret: "JBSWY3DPEHPK3PXP",
    verified: true,
    setUpBy: 1,
    lastStep: 2,
    recoveryCodes: [],
  };
  const user = { userId: "user-test-1", createdAt: 3, untrustedMetadata: { device: "secret" }, failures: 4 };
  const email = { emailId: "email-test-1", address: "ada@example.com", verified: true, sentAt: [5] };
  const session = {
    sessionId: "session-test-1",
    userId: "user-test-1",
    token: "token",
    startedAt: 6,
    lastAccessedAt: 7,
    expiresAt: 8,
    attributes: { ip_address: "127.0.0.1", user_agent: "" },
    factors: [],
  };
  const kept = { clockOffset: 9, projectSecret: state.projectSecret, signingKeys: [], inbox: [] };
  const users = [
    { ...user, factors: { email, totp } },
    { ...user, userId: "user-test-2", factors: { email: { ...email, verified: false } } },
  ];
  await writeFile(file, JSON.stringify({ version: 1, ...kept, users, sessions: [session] }));

  const contact = { id: "email-test-1", address: "ada@example.com", verified: true };
  const none = { phones: [], passkeys: [], logins: [], wallets: [] };
  expect((await Store.open(directory)).state).toEqual({
    ...state,
    ...kept,
    users: [
      { ...user, factors: { ...none, emails: [contact], totp } },
      { ...user, userId: "user-test-2", factors: { ...none, emails: [{ ...contact, verified: false }] } },
    ],
    sessions: [session],
  });
});
