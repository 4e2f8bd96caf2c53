import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { listFactors } from "#core/security/factors.ts";
import { AuthenticatorHarness } from "#devnet/authenticator/testing/harness.ts";
import { AuthenticatorClient } from "./client.ts";
import type { AuthenticatorErrorCode } from "./errors.ts";
import type { AuthenticatorSession } from "./session.ts";

const EMAIL = "ada@example.com";

let harness: AuthenticatorHarness;
let client: AuthenticatorClient;
beforeEach(async () => {
  harness = await AuthenticatorHarness.start();
  client = connect();
});
afterEach(async () => {
  expect(harness.faults).toEqual([]);
  await harness[Symbol.asyncDispose]();
});

function connect(): AuthenticatorClient {
  return new AuthenticatorClient({
    baseUrl: harness.url,
    publicToken: harness.running.identity.publicToken,
    now: harness.time,
  });
}

async function logIn(session?: AuthenticatorSession): Promise<AuthenticatorSession> {
  const { methodId } = await client.email.send(EMAIL);
  return client.email.verify({ methodId, code: await harness.codeFor(EMAIL), session });
}

const wrong = (code: string) => (code === "000000" ? "000001" : "000000");
async function expectError(call: Promise<unknown>, code: AuthenticatorErrorCode): Promise<void> {
  await expect(call).rejects.toMatchObject({ name: "WalletError", code });
}

describe("logging in", () => {
  test("gives a session with token, JWT, its claims and the user", async () => {
    const session = await logIn();
    expect(session.user).toMatchObject({
      emails: [{ address: EMAIL, verified: true }],
      authenticatorApps: [],
      metadata: {},
    });
    expect(session.claims.sub).toBe(session.user.userId);
    expect(listFactors(session.claims)).toMatchObject([
      { type: "email", id: session.user.emails[0]?.emailId },
    ]);
    expect(session.expiresAt).toBe((Math.floor(harness.time() / 1000) + 3600) * 1000);
  });

  test("says until when the code counts", async () => {
    const { expiresAt } = await client.email.send(EMAIL);
    expect(expiresAt).toBe(harness.time() + 120_000);
  });

  test("takes the code as people type it", async () => {
    const { methodId } = await client.email.send(` ${EMAIL} `);
    const code = await harness.codeFor(EMAIL);
    const typed = ` ${code.slice(0, 3)} ${code.slice(3)}`;
    await expect(client.email.verify({ methodId, code: typed })).resolves.toBeDefined();
  });

  test.each(["", "12345", "1234567", "12345a", "١٢٣٤٥٦"])("does not spend a try on %j", async (typed) => {
    const { methodId } = await client.email.send(EMAIL);
    for (let i = 0; i < 6; i++)
      await expectError(client.email.verify({ methodId, code: typed }), "code-format");
    const code = await harness.codeFor(EMAIL);
    await expect(client.email.verify({ methodId, code })).resolves.toBeDefined();
  });

  test("refuses what is no email address", async () => {
    await expectError(client.email.send("ada"), "email-invalid");
    await expectError(client.email.send(""), "email-invalid");
  });

  test("says that a code is wrong, and after five tries that it no longer counts", async () => {
    const { methodId } = await client.email.send(EMAIL);
    const code = await harness.codeFor(EMAIL);
    for (let i = 1; i <= 4; i++) {
      await expectError(client.email.verify({ methodId, code: wrong(code) }), "code-wrong");
    }
    await expectError(client.email.verify({ methodId, code: wrong(code) }), "code-void");
    await expectError(client.email.verify({ methodId, code }), "code-void");
    await expect(logIn()).resolves.toBeDefined();
  });

  test("says that a code has expired or was used", async () => {
    const first = await client.email.send(EMAIL);
    harness.advance(120);
    await expectError(
      client.email.verify({ methodId: first.methodId, code: await harness.codeFor(EMAIL) }),
      "code-expired",
    );
    const { methodId } = await client.email.send(EMAIL);
    const code = await harness.codeFor(EMAIL);
    await client.email.verify({ methodId, code });
    await expectError(client.email.verify({ methodId, code }), "code-expired");
  });

  test("says that the user is locked, and lets the person in after an hour", async () => {
    for (let round = 0; round < 2; round++) {
      const { methodId } = await client.email.send(EMAIL);
      const code = wrong(await harness.codeFor(EMAIL));
      for (let i = 0; i < 5; i++) await client.email.verify({ methodId, code }).catch(() => undefined);
    }
    await expectError(client.email.send(EMAIL), "user-locked");
    harness.advance(3600);
    await expect(logIn()).resolves.toBeDefined();
  });

  test("says that too many codes were sent", async () => {
    for (let i = 0; i < 20; i++) await client.email.send(EMAIL);
    await expectError(client.email.send(EMAIL), "authenticator-busy");
  });

  test("does not mix two people in one session", async () => {
    const session = await logIn();
    const { methodId } = await client.email.send("bob@example.com");
    const code = await harness.codeFor("bob@example.com");
    await expectError(client.email.verify({ methodId, code, session }), "other-person");
  });
});

describe("a session", () => {
  test("gets a new JWT over its old proofs", async () => {
    const session = await logIn();
    harness.advance(301);
    const refreshed = await client.refreshSession(session);
    expect(refreshed.claims.exp).toBe(session.claims.exp + 301);
    expect(listFactors(refreshed.claims)).toEqual(listFactors(session.claims));
    expect(refreshed.token).toBe(session.token);
  });

  test("proves the mailbox again in place", async () => {
    const session = await logIn();
    harness.advance(600);
    const again = await logIn(session);
    expect(again.sessionId).toBe(session.sessionId);
    expect(listFactors(again.claims)[0]?.lastAuthenticatedAt).toBe(Math.floor(harness.time() / 1000));
  });

  test("is over once it expired or was revoked", async () => {
    const expired = await logIn();
    harness.advance(3600);
    await expectError(client.refreshSession(expired), "session-expired");
    const revoked = await logIn();
    await client.revokeSession(revoked);
    await expectError(client.refreshSession(revoked), "session-expired");
    await expectError(client.getUser(revoked), "session-expired");
    await expectError(client.revokeSession(revoked), "session-expired");
  });

  test("can be made longer", async () => {
    const longer = await client.refreshSession(await logIn(), { sessionMinutes: 600 });
    expect(longer.expiresAt).toBe((Math.floor(harness.time() / 1000) + 36_000) * 1000);
  });
});

describe("metadata", () => {
  test("is changed key by key and read back by another run of the app", async () => {
    const session = await logIn();
    await client.updateMetadata(session, { one: "1", two: { deep: [true] } });
    const changed = await client.updateMetadata(session, { one: null, three: 3 });
    expect(changed.metadata).toEqual({ two: { deep: [true] }, three: 3 });
    expect((await connect().getUser(session)).metadata).toEqual(changed.metadata);
  });
});

test("an authenticator that is not running is said to be out of reach, and works once it is back", async () => {
  const session = await logIn();
  const { url } = harness;
  await harness.stop();
  const stopped = new AuthenticatorClient({ baseUrl: url, publicToken: "public-token-test-x" });
  await expectError(stopped.email.send(EMAIL), "authenticator-unreachable");
  await harness.restart();
  client = connect();
  await expect(client.refreshSession(session)).resolves.toMatchObject({ token: session.token });
});

test("another project's public token is refused", async () => {
  const stranger = new AuthenticatorClient({ baseUrl: harness.url, publicToken: "public-token-test-other" });
  await expectError(stranger.email.send(EMAIL), "authenticator-refused");
});
