import fc from "fast-check";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { beforeAll, describe, expect, test } from "vitest";
import { GateRefusal } from "#core/security/gate-reasons.ts";
import { SESSION_CLAIM } from "#core/security/session-claims.ts";
import { readJwt, verifyJwt } from "./jwt.ts";

const NOW = 1_795_000_000;
const PINS = { issuer: "authenticator.example/project", audience: "project" };
const CLAIMS = {
  iss: PINS.issuer,
  aud: [PINS.audience],
  sub: "user-1",
  iat: NOW - 10,
  nbf: NOW - 10,
  exp: NOW + 290,
  [SESSION_CLAIM]: {
    id: "session-1",
    started_at: "2026-11-20T10:00:00Z",
    last_accessed_at: "2026-11-20T10:00:00Z",
    expires_at: "2026-11-21T10:00:00Z",
    attributes: {},
    authentication_factors: [],
  },
};

let privateKey: CryptoKey;
let keySet: { keys: object[] };
let good: string;

beforeAll(async () => {
  const pair = await generateKeyPair("RS256", { extractable: true });
  privateKey = pair.privateKey;
  keySet = { keys: [{ ...(await exportJWK(pair.publicKey)), kid: "key-1", alg: "RS256", use: "sig" }] };
  good = await token();
});

const token = (claims: object = {}, header: object = {}): Promise<string> =>
  new SignJWT({ ...CLAIMS, ...claims })
    .setProtectedHeader({ alg: "RS256", kid: "key-1", ...header })
    .sign(privateKey);

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

async function verify(jwt: string, keys: unknown = keySet): Promise<unknown> {
  return verifyJwt(readJwt(jwt), keys, PINS, NOW);
}

const refusal = (reason: string): unknown => expect.objectContaining({ name: "GateRefusal", reason });

describe("a session JWT", () => {
  test("of the authenticator for this audience is taken, with its claims", async () => {
    expect(await verify(good)).toMatchObject({ sub: "user-1", iss: PINS.issuer });
  });

  test("is taken while a second key is being rotated in, of whatever kind", async () => {
    const other = await exportJWK((await generateKeyPair("RS256", { extractable: true })).publicKey);
    const keys = [
      { kty: "EC", kid: "key-1", crv: "P-256", x: "", y: "" },
      { ...other, kid: "key-2" },
    ];
    expect(await verify(good, { keys: [...keys, ...keySet.keys] })).toMatchObject({ sub: "user-1" });
  });

  test.each([
    ["another issuer", { iss: "authenticator.example/other" }, "token-issuer"],
    ["an issuer that only begins the same", { iss: `${PINS.issuer}/` }, "token-issuer"],
    ["another audience", { aud: ["other"] }, "token-audience"],
    ["no audience", { aud: [] }, "token-malformed"],
    ["an audience that is no list", { aud: PINS.audience }, "token-malformed"],
    ["an end that is now", { exp: NOW }, "token-expired"],
    ["a beginning that is to come", { nbf: NOW + 6 }, "token-not-yet-valid"],
    ["a time of issue that is to come", { iat: NOW + 6 }, "token-not-yet-valid"],
    ["no user", { sub: "" }, "token-malformed"],
    ["no session", { [SESSION_CLAIM]: undefined }, "token-malformed"],
  ])("with %s is refused", async (_what, claims, reason) => {
    await expect(verify(await token(claims))).rejects.toEqual(refusal(reason));
  });

  test("may come from a clock that is five seconds ahead", async () => {
    expect(await verify(await token({ nbf: NOW + 5, iat: NOW + 5 }))).toBeDefined();
  });

  test.each(["none", "HS256", "RS384", "PS256", "ES256", "rs256"])(
    "that says %s is refused, whatever it carries as its signature",
    (algorithm) => {
      const jwt = `${part({ alg: algorithm, kid: "key-1" })}.${part(CLAIMS)}.`;
      for (const signature of ["", String(good.split(".")[2])]) {
        expect(() => readJwt(jwt + signature)).toThrow(refusal("token-algorithm"));
      }
    },
  );

  test.each([
    ["no key id", { alg: "RS256" }],
    ["an extension it calls critical", { alg: "RS256", kid: "key-1", crit: ["exp"] }],
  ])("with %s is refused", (_what, header) => {
    expect(() => readJwt(`${part(header)}.${part(CLAIMS)}.AAAA`)).toThrow(refusal("token-malformed"));
  });

  test("by a key the authenticator does not have is refused", async () => {
    await expect(verify(await token({}, { kid: "key-2" }))).rejects.toEqual(refusal("token-key-unknown"));
  });

  test("by another key under a known key id is refused", async () => {
    const other = await generateKeyPair("RS256");
    const jwt = await new SignJWT(CLAIMS)
      .setProtectedHeader({ alg: "RS256", kid: "key-1" })
      .sign(other.privateKey);
    await expect(verify(jwt)).rejects.toEqual(refusal("token-signature"));
  });

  test("is not checked with a key of fewer than 2048 bits, another exponent or another use", async () => {
    const [key] = keySet.keys;
    for (const change of [{ n: "AQAB" }, { e: "Aw" }, { use: "enc" }, { alg: "RS512" }]) {
      await expect(verify(good, { keys: [{ ...key, ...change }] })).rejects.toEqual(
        refusal("token-key-unknown"),
      );
    }
  });

  test.each([undefined, null, "keys", {}, { keys: "none" }, { keys: Array(33).fill({}) }])(
    "is not taken when the key set is %j",
    async (keys) => {
      await expect(verify(good, keys ?? null)).rejects.toEqual(refusal("authenticator-unreachable"));
    },
  );

  test("with any one character changed is refused", async () => {
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    await fc.assert(
      fc.asyncProperty(
        fc.nat(good.length - 1),
        fc.constantFrom(...alphabet.split(""), ".", "=", "+"),
        async (at, character) => {
          fc.pre(good[at] !== character);
          const changed = good.slice(0, at) + character + good.slice(at + 1);
          await expect(async () => verify(changed)).rejects.toBeInstanceOf(GateRefusal);
        },
      ),
      { numRuns: 300 },
    );
  });

  test("made of anything at all is refused, never a crash", () => {
    const anything = fc.oneof(
      fc.string(),
      fc.array(fc.base64String().map((text) => text.replaceAll("=", ""))).map((parts) => parts.join(".")),
      fc.tuple(fc.jsonValue(), fc.jsonValue()).map(([a, b]) => `${part(a)}.${part(b)}.AAAA`),
    );
    fc.assert(
      fc.property(anything, (jwt) => {
        expect(() => readJwt(jwt)).toThrow(GateRefusal);
      }),
    );
  });
});
