import { privateKeyToAccount } from "viem/accounts";
import { parseSiweMessage } from "viem/siwe";
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

const EMAIL = "ada@example.com";
const WALLET = privateKeyToAccount(`0x${"11".repeat(32)}`);
const OTHER = privateKeyToAccount(`0x${"22".repeat(32)}`);

const wallet = (address: string = WALLET.address) => ({
  crypto_wallet_type: "ethereum",
  crypto_wallet_address: address,
});
const start = (session?: string, body: object = wallet()) =>
  harness.sdk(
    "POST",
    `/crypto_wallets/authenticate/start/${session === undefined ? "primary" : "secondary"}`,
    body,
    session,
  );
const authenticate = (signature: string, session?: string, address?: string) =>
  harness.sdk(
    "POST",
    "/crypto_wallets/authenticate",
    { ...wallet(address), signature, session_duration_minutes: 60 },
    session,
  );

async function prove(session?: string, account = WALLET) {
  const { body } = await start(session, wallet(account.address));
  const signature = await account.signMessage({ message: String(body.challenge) });
  return authenticate(signature, session, account.address);
}

const REFUSED = { status: 401, body: { error_type: "unable_to_authenticate_crypto_wallet" } };

describe("a wallet", () => {
  test("is added to the person who is logged in by a signature over the challenge", async () => {
    const session = await harness.logIn(EMAIL);
    const { status, body } = await prove(session);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      session_token: session,
      user: { crypto_wallets: [{ crypto_wallet_address: WALLET.address, verified: true }] },
      session: {
        authentication_factors: [
          { type: "otp" },
          {
            type: "crypto",
            delivery_method: "crypto_wallet",
            crypto_wallet_factor: {
              crypto_wallet_id: expect.stringMatching(/^crypto-wallet-test-/) as string,
              crypto_wallet_address: WALLET.address,
              crypto_wallet_type: "ethereum",
            },
          },
        ],
      },
    });
  });

  test("logs in its owner, whatever the case of its address, and makes a user of a stranger", async () => {
    const { body: added } = await prove(await harness.logIn(EMAIL));
    const { body: sent } = await start(undefined, wallet(WALLET.address.toLowerCase()));
    const signature = await WALLET.signMessage({ message: String(sent.challenge) });
    expect((await authenticate(signature)).body.user_id).toBe(added.user_id);
    const { body: stranger } = await prove(undefined, OTHER);
    expect(stranger.user_id).not.toBe(added.user_id);
    expect((await prove(undefined, OTHER)).body.user_id).toBe(stranger.user_id);
  });

  test("signs each challenge once, the newest only, and within five minutes", async () => {
    const { body: old } = await start();
    const { body: sent } = await start();
    const signed = async (message: unknown) => WALLET.signMessage({ message: String(message) });
    expect(await authenticate(await signed(old.challenge))).toMatchObject(REFUSED);
    const answers = await Promise.all([
      authenticate(await signed(sent.challenge)),
      authenticate(await signed(sent.challenge)),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
    const { body: late } = await start();
    harness.advance(300);
    expect(await authenticate(await signed(late.challenge))).toMatchObject(REFUSED);
  });

  test("is not proven by another wallet, another message or nonsense, which lock nobody out", async () => {
    const { body } = await start();
    const message = String(body.challenge);
    for (let i = 0; i < 4; i++) {
      expect(await authenticate(await OTHER.signMessage({ message }))).toMatchObject(REFUSED);
      expect(await authenticate(await WALLET.signMessage({ message: `${message} ` }))).toMatchObject(REFUSED);
      expect(await authenticate(`0x${"00".repeat(65)}`)).toMatchObject(REFUSED);
    }
    expect((await authenticate(await WALLET.signMessage({ message }))).status).toBe(200);
  });

  test("that nobody asked is refused like one that signs wrongly", async () => {
    const session = await harness.logIn(EMAIL);
    const signature = await WALLET.signMessage({ message: "x" });
    expect(await authenticate(signature)).toMatchObject(REFUSED);
    expect(await authenticate(signature, session)).toMatchObject(REFUSED);
  });

  test("can be verified by one user only", async () => {
    await prove(await harness.logIn(EMAIL));
    const bob = await harness.logIn("bob@example.com");
    expect((await prove(bob)).body.error_type).toBe("duplicate_wallet_address");
  });

  test("that was added and never verified catches nobody's log-in", async () => {
    const ada = await harness.logIn(EMAIL);
    await start(ada);
    const { body } = await prove();
    expect(body.user_id).not.toBe((await harness.session(ada)).user_id);
  });

  test("is no second category: another can be added with the mailbox alone, as on a new computer", async () => {
    await prove(await harness.logIn(EMAIL));
    const { status, body } = await prove(await harness.logIn(EMAIL), OTHER);
    expect(status).toBe(200);
    expect(body.user).toMatchObject({
      crypto_wallets: [{ crypto_wallet_address: WALLET.address }, { crypto_wallet_address: OTHER.address }],
    });
  });

  test("is added and removed by the rule of two categories once there are two", async () => {
    const session = await harness.provePhone("+41790000001", await harness.logIn(EMAIL));
    const { body } = await prove(session);
    const [{ crypto_wallet_id: id } = { crypto_wallet_id: "" }] = (
      body.user as { crypto_wallets: { crypto_wallet_id: string }[] }
    ).crypto_wallets;
    const weak = await harness.logIn(EMAIL);
    expect((await prove(weak)).status).toBe(200);
    expect((await start(weak, wallet(OTHER.address))).body.error_type).toBe("insufficient_factors");
    const remove = (token: string) => harness.sdk("DELETE", `/users/crypto_wallets/${id}`, {}, token);
    expect((await remove(weak)).body.error_type).toBe("insufficient_factors");
    expect((await remove(session)).body).toMatchObject({ user: { crypto_wallets: [] } });
    expect((await remove(session)).body.error_type).toBe("crypto_wallet_not_found");
    expect((await harness.session(session)).session).toMatchObject({
      authentication_factors: [{ delivery_method: "email" }, { delivery_method: "sms" }],
    });
  });

  test("keeps who has nothing else able to log in", async () => {
    const { body } = await prove();
    const { crypto_wallets } = body.user as { crypto_wallets: { crypto_wallet_id: string }[] };
    const id = crypto_wallets[0]?.crypto_wallet_id ?? "";
    const answer = await harness.sdk("DELETE", `/users/crypto_wallets/${id}`, {}, String(body.session_token));
    expect(answer.body.error_type).toBe("cannot_delete_last_primary_factor");
  });
});

describe("the challenge", () => {
  const siwe = (params: object) => ({ ...wallet(), siwe_params: params });
  const SITE = { domain: "wallet.example", uri: "https://wallet.example/login" };

  test("is a random line, or a message by EIP-4361 when its fields are given", async () => {
    expect((await start()).body.challenge).toMatch(/^Signing in with Project: [\w-]{43}$/);
    const { body } = await start(
      undefined,
      siwe({ ...SITE, chain_id: "31337", statement: "Hello", resources: ["https://wallet.example/a"] }),
    );
    const now = Math.floor(harness.time() / 1000) * 1000;
    expect(parseSiweMessage(String(body.challenge))).toMatchObject({
      ...SITE,
      address: WALLET.address,
      chainId: 31_337,
      statement: "Hello",
      version: "1",
      resources: ["https://wallet.example/a"],
      issuedAt: new Date(now),
      expirationTime: new Date(now + 300_000),
    });
    const signature = await WALLET.signMessage({ message: String(body.challenge) });
    expect((await authenticate(signature)).status).toBe(200);
  });

  test.each([
    ["invalid_siwe_domain", { ...SITE, domain: "a\nb" }],
    ["invalid_siwe_domain", { uri: SITE.uri }],
    ["invalid_siwe_uri", { ...SITE, uri: "no uri" }],
    ["invalid_siwe_chain_id", { ...SITE, chain_id: "0x1" }],
    ["invalid_siwe_statement", { ...SITE, statement: "a\nURI: https://evil.example" }],
    ["invalid_siwe_resource", { ...SITE, resources: ["x"] }],
    ["invalid_siwe_message_request_id", { ...SITE, message_request_id: "a b" }],
  ])("is refused with %s for %j", async (type, params) => {
    expect((await start(undefined, siwe(params))).body.error_type).toBe(type);
  });

  test.each([
    ["invalid_wallet_type", { ...wallet(), crypto_wallet_type: "solana" }],
    ["invalid_ethereum_address", wallet("0x1234")],
    ["invalid_ethereum_address", wallet(WALLET.address.replace(/[a-f]/, (letter) => letter.toUpperCase()))],
  ])("is refused with %s for %j", async (type, body) => {
    expect((await start(undefined, body)).body.error_type).toBe(type);
  });

  test.each(["", "0x12", "signature", 7])("is not answered by %j", async (signature) => {
    const answer = await harness.sdk("POST", "/crypto_wallets/authenticate", { ...wallet(), signature });
    expect(answer.body.error_type).toBe("invalid_signature");
  });
});
