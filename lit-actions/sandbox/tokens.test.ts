/** Session tokens, before the bundled gate in a key node's sandbox. */
import { SignJWT } from "jose";
import { afterAll, beforeAll, describe, test } from "vitest";
import type { GateReason } from "#core/security/gate-reasons.ts";
import { GateWorld, type Household } from "#devnet/testing/gate-world.ts";
import { person, type TokenOptions } from "#devnet/testing/token-issuer.ts";
import { addressOf, expectGranted, expectRefusal, withdrawal } from "../testing/expectations.ts";

const ada = person("ada");
const PROVEN: TokenOptions = { proven: { email: 30, totp: 10 } };
const inSeconds = (seconds: number) => Math.floor(Date.now() / 1000) + seconds;

let gates: GateWorld;
let home: Household;

beforeAll(async () => {
  gates = await GateWorld.start();
  home = await gates.createHousehold({ who: ada });
});
afterAll(async () => {
  await gates.stop();
});

/** The gate's answer to a token with an otherwise good request. */
async function runWith(jwt: string) {
  const request = await gates.operationRequest(home, withdrawal(home.account), jwt);
  return gates.run(request, addressOf(home.owner.device));
}

const token = (options: TokenOptions = {}) => gates.issuer.token(ada, { ...PROVEN, ...options });
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

describe("the gate takes a session token", () => {
  test("of its authenticator, for its application, within its time", async () => {
    expectGranted(await runWith(await token()));
  });

  test("of a clock that is a few seconds ahead", async () => {
    expectGranted(await runWith(await token({ claims: { nbf: inSeconds(3), iat: inSeconds(3) } })));
  });
});

describe("the gate refuses a session token", () => {
  test.each<[string, GateReason, TokenOptions]>([
    ["of another authenticator", "token-issuer", { claims: { iss: "stytch.com/project-live" } }],
    ["for another application", "token-audience", { claims: { aud: ["project-other"] } }],
    ["that has expired", "token-expired", { claims: { exp: inSeconds(-1) } }],
    ["that is not valid yet", "token-not-yet-valid", { claims: { nbf: inSeconds(3600) } }],
    ["that was issued in the future", "token-not-yet-valid", { claims: { iat: inSeconds(3600) } }],
    ["by a key of another id", "token-key-unknown", { header: { kid: "key-of-eve" } }],
    ["with extensions it does not know", "token-malformed", { header: { crit: ["exp"] } }],
    ["without a user", "token-malformed", { claims: { sub: undefined } }],
    ["without a session", "token-malformed", { claims: { "https://stytch.com/session": undefined } }],
  ])("%s", async (_what, reason, options) => {
    const { claims, header } = { claims: {}, header: {}, ...options };
    const jwt =
      "crit" in header
        ? `${encode({ alg: "RS256", kid: "key-1", ...header })}.${encode(gates.issuer.claims(ada))}.AAAA`
        : await token({ claims, header });
    expectRefusal(await runWith(jwt), reason);
  });

  test("that is not signed at all (alg none)", async () => {
    const claims = encode(gates.issuer.claims(ada, PROVEN));
    expectRefusal(await runWith(`${encode({ alg: "none", kid: "key-1" })}.${claims}.`), "token-algorithm");
    expectRefusal(await runWith(`${encode({ alg: "None", kid: "key-1" })}.${claims}.`), "token-algorithm");
  });

  test("that says RS256 and has no signature", async () => {
    const claims = encode(gates.issuer.claims(ada, PROVEN));
    expectRefusal(await runWith(`${encode({ alg: "RS256", kid: "key-1" })}.${claims}.`), "token-signature");
  });

  test("that is signed with the public key as a secret (HS256)", async () => {
    const secret = new TextEncoder().encode(JSON.stringify(gates.issuer.publicJwk));
    const jwt = await new SignJWT(gates.issuer.claims(ada, PROVEN))
      .setProtectedHeader({ alg: "HS256", kid: "key-1" })
      .sign(secret);
    expectRefusal(await runWith(jwt), "token-algorithm");
  });

  test("whose claims were changed after it was signed", async () => {
    const [header = "", , signature = ""] = (await gates.issuer.token(person("eve"), PROVEN)).split(".");
    const claims = encode(gates.issuer.claims(ada, PROVEN));
    expectRefusal(await runWith(`${header}.${claims}.${signature}`), "token-signature");
  });

  test("that is no token", async () => {
    expectRefusal(await runWith("a session"), "token-malformed");
  });
});
