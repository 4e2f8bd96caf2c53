import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AuthenticatorHarness } from "../testing/harness.ts";

let harness: AuthenticatorHarness;
beforeEach(async () => {
  harness = await AuthenticatorHarness.start();
});
afterEach(async () => {
  expect(harness.faults).toEqual([]);
  await harness[Symbol.asyncDispose]();
});

async function logIn(email: string): Promise<string> {
  const { body } = await harness.sdk("POST", "/otps/email/login_or_create", { email });
  const answer = await harness.sdk("POST", "/otps/authenticate", {
    method_id: body.method_id,
    token: await harness.codeFor(email),
    session_duration_minutes: 60,
  });
  return String(answer.body.session_token);
}

const read = (session: string) => harness.sdk("GET", "/users/me", undefined, session);
const write = (session: string, untrusted_metadata: unknown) =>
  harness.sdk("PUT", "/users/me", { untrusted_metadata }, session);

describe("metadata", () => {
  test("is kept for one's own user only", async () => {
    const ada = await logIn("ada@example.com");
    const bob = await logIn("bob@example.com");
    await write(ada, { device: "secret" });
    expect((await read(ada)).body.untrusted_metadata).toEqual({ device: "secret" });
    expect((await read(bob)).body.untrusted_metadata).toEqual({});
    expect((await harness.sdk("GET", "/users/me")).body.error_type).toBe("user_unauthenticated");
  });

  test("replaces given keys, removes nulls and keeps the rest", async () => {
    const session = await logIn("ada@example.com");
    const changes = fc.dictionary(
      fc.oneof(fc.constantFrom("a", "b", "constructor", "toString"), fc.string({ maxLength: 8 })),
      fc.oneof(
        fc.constant(null),
        fc.string({ maxLength: 20 }),
        fc.integer(),
        fc.constant({ nested: [1, "x"] }),
      ),
      { maxKeys: 4, noNullPrototype: false },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(changes, { maxLength: 4 }), async (sequence) => {
        const old = await read(session);
        const reset = Object.fromEntries(
          Object.keys(old.body.untrusted_metadata as object).map((key) => [key, null]),
        );
        await write(session, reset);
        const expected = new Map<string, unknown>();
        for (const change of sequence) {
          const json = JSON.parse(JSON.stringify(change)) as Record<string, unknown>;
          expect((await write(session, json)).status).toBe(200);
          for (const [key, value] of Object.entries(json)) {
            if (value === null) expected.delete(key);
            else expected.set(key, value);
          }
        }
        const kept = (await read(session)).body.untrusted_metadata as object;
        expect(new Map(Object.entries(kept))).toEqual(expected);
      }),
      { numRuns: 40 },
    );
  });

  test("has at most twenty keys and 4096 bytes, and a refused change changes nothing", async () => {
    const session = await logIn("ada@example.com");
    await write(session, { kept: 1 });
    const manyKeys = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`key${i}`, i]));
    expect((await write(session, manyKeys)).body.error_type).toBe("metadata_too_many_keys");
    expect((await write(session, { big: "x".repeat(4096) })).body.error_type).toBe("invalid_request_value");
    expect((await read(session)).body.untrusted_metadata).toEqual({ kept: 1 });
  });

  test("is never trusted when an app sets it", async () => {
    const session = await logIn("ada@example.com");
    const answer = await harness.sdk("PUT", "/users/me", { trusted_metadata: { admin: true } }, session);
    expect(answer.body.error_type).toBe("cannot_update_trusted_metadata");
    expect((await read(session)).body.trusted_metadata).toEqual({});
  });
});

test("a locked user says so, and until when", async () => {
  const session = await logIn("ada@example.com");
  const { body } = await read(session);
  expect(body).toMatchObject({ is_locked: false, lock_created_at: null, lock_expires_at: null });
  const emailId = (body.emails as { email_id: string }[])[0]?.email_id;
  for (let round = 0; round < 2; round++) {
    await harness.sdk("POST", "/otps/email/login_or_create", { email: "ada@example.com" });
    const code = await harness.codeFor("ada@example.com");
    const wrong = code === "000000" ? "000001" : "000000";
    for (let i = 0; i < 5; i++) {
      await harness.sdk("POST", "/otps/authenticate", { method_id: emailId, token: wrong });
    }
  }
  const locked = await read(session);
  const timestamp = (seconds: number) =>
    new Date(Math.floor(harness.time() / 1000 + seconds) * 1000).toISOString().replace(".000Z", "Z");
  expect(locked.body).toMatchObject({
    is_locked: true,
    lock_created_at: timestamp(0),
    lock_expires_at: timestamp(3600),
  });
});
