import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { FactorType } from "#core/security/factors.ts";
import type { CodeWish } from "#core/wallet-api/proofs.ts";
import { ClientHarness, EMAIL, expectError, PHONE } from "../../authenticator/testing/client-harness.ts";
import { Person } from "../../authenticator/testing/person.ts";
import { PersonSession } from "../session.ts";
import { maskEmail } from "./factor-names.ts";
import { createSessionProofs } from "./session-proofs.ts";

let world: ClientHarness;
let person: Person;
let session: PersonSession;
let proofs: ReturnType<typeof createSessionProofs>;
beforeEach(async () => {
  world = await ClientHarness.start();
  person = new Person(world.authenticator, { email: EMAIL, phone: PHONE });
  session = new PersonSession(world.client);
  proofs = createSessionProofs(() => session);
});
afterEach(async () => {
  await world[Symbol.asyncDispose]();
});

async function unlock(email = EMAIL): Promise<void> {
  await session.sendCode(email);
  await session.verifyCode(await world.authenticator.codeFor(email));
}

const proven = (): FactorType[] => session.factors().map(({ type }) => type);

/** Has a code sent to the person's address of a kind. */
async function sendCode(kind: CodeWish["kind"], id: string) {
  return proofs.sendProofCode({ kind, id });
}

describe("within the session that is open, a person proves", () => {
  test("a code sent to their mailbox or phone, by names that give nothing away", async () => {
    const [phone] = await person.enrol(["sms"]);
    await unlock();
    const [email] = session.factors();
    expect(await sendCode("email", email?.id ?? "")).toMatchObject({ sentTo: "a•••@example.com" });
    await proofs.proveTyped(await person.type("email"));
    expect(await sendCode("sms", phone?.id ?? "")).toMatchObject({ sentTo: "number ending in 001" });
    await proofs.proveTyped(await person.type("sms"));
    expect(proven()).toEqual(["email", "sms"]);
  });

  test("authenticator app and password", async () => {
    await person.enrol(["totp", "password"]);
    await unlock();
    await proofs.proveTyped(await person.type("totp"));
    await proofs.proveTyped(await person.type("password"));
    expect(proven()).toEqual(["email", "totp", "password"]);
  });

  test("a passkey, with what it answered in the browser", async () => {
    await person.enrol(["passkey"]);
    await unlock();
    const { options } = await proofs.startPasskeyProof({ domain: "localhost" });
    await proofs.finishPasskeyProof({ credential: person.answerPasskey(options, "http://localhost:1") });
    expect(proven()).toEqual(["email", "passkey"]);
  });

  test("a social login, once, with the token that came back", async () => {
    await person.enrol(["oauth"]);
    await unlock();
    await expect(proofs.finishLoginProof({ redirect: "http://127.0.0.1:9/" })).rejects.toMatchObject({
      code: "login-not-begun",
    });
    const { url } = await proofs.startLoginProof({
      provider: "google",
      redirectUrl: "http://127.0.0.1:9/back",
    });
    const redirect = (await person.logIn(new URL(url))).href;
    await proofs.finishLoginProof({ redirect });
    expect(proven()).toEqual(["email", "oauth"]);
    await expect(proofs.finishLoginProof({ redirect })).rejects.toMatchObject({ code: "login-not-begun" });
  });
});

describe("a proof is refused", () => {
  test("without an open session, and once it was locked", async () => {
    await expect(proofs.proveTyped({ kind: "totp", code: "123456" })).rejects.toMatchObject({
      code: "session-ended",
    });
    await expect(sendCode("email", "email-1")).rejects.toMatchObject({ code: "session-ended" });
    await unlock();
    const [email] = session.factors();
    await sendCode("email", email?.id ?? "");
    proofs.forget();
    await expect(proofs.proveTyped(await person.type("email"))).rejects.toMatchObject({
      code: "no-code-sent",
    });
  });

  test("when the session ended while the authenticator thought about it", async () => {
    await person.enrol(["password"]);
    await unlock();
    const proving = proofs.proveTyped(await person.type("password"));
    await Promise.all([expect(proving).rejects.toMatchObject({ name: "WalletError" }), session.end()]);
    expect(session.factors()).toEqual([]);
  });

  test("when the address is not one of this person's", async () => {
    const other = new Person(world.authenticator, { email: "bob@example.com", phone: "+41790000002" });
    const [phone] = await other.enrol(["sms"]);
    await unlock();
    await expect(sendCode("sms", phone?.id ?? "")).rejects.toMatchObject({ code: "factor-unknown" });
  });

  test("when the social login is another person's, and the session stays as it was", async () => {
    const other = new Person(world.authenticator, { email: "bob@example.com", phone: "+41790000002" });
    await other.enrol(["oauth"]);
    await unlock();
    const { url } = await proofs.startLoginProof({
      provider: "google",
      redirectUrl: "http://127.0.0.1:9/back",
    });
    const redirect = (await other.logIn(new URL(url))).href;
    await expectError(proofs.finishLoginProof({ redirect }), "other-person");
    expect(proven()).toEqual(["email"]);
  });

  test("when the code is wrong, and the right one counts after that", async () => {
    await unlock();
    const [email] = session.factors();
    await sendCode("email", email?.id ?? "");
    const right = await person.type("email");
    const code = "code" in right && right.code === "111111" ? "222222" : "111111";
    await expectError(proofs.proveTyped({ kind: "email", code }), "code-wrong");
    await proofs.proveTyped(right);
  });
});

test("factors of a record have their owner's names; one the authenticator lost has none", async () => {
  const enrolled = await person.enrol(["sms", "totp", "passkey", "password", "oauth"]);
  await unlock();
  const [email] = session.factors();
  const factors = [
    { type: "email" as const, id: email?.id ?? "" },
    ...enrolled,
    { type: "wallet" as const, id: `0x${"ab".repeat(20)}` },
    { type: "sms" as const, id: "phone-number-test-lost" },
  ];
  expect(await proofs.describeFactors({ factors })).toEqual([
    { available: true, name: "a•••@example.com" },
    { available: true, name: "number ending in 001" },
    { available: true },
    { available: true, name: "localhost" },
    { available: true },
    { available: true, name: "Google", provider: "google" },
    { available: true },
    { available: false },
  ]);
  expect(maskEmail("a@b@c.org")).toBe("a•••@c.org");
});
