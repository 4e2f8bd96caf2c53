import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type GateRequestJson,
  MAX_GATE_REQUEST_LENGTH,
  MAX_TOKEN_LENGTH,
} from "#core/key-network/gate-request.ts";
import { NO_SALT, zGateDigest } from "#core/primitives/hex.ts";
import { GateRefusal } from "#core/security/gate-reasons.ts";
import { parseRequest } from "./request.ts";

const bytes = (length: number, byte = "11"): `0x${string}` => `0x${byte.repeat(length)}`;

const opened = { account: bytes(20, "55"), factors: [{ type: "email" as const, id: "email-1" }] };

const operation: Extract<GateRequestJson, { action: "sign-operation" }> = {
  action: "sign-operation",
  requestId: bytes(32),
  role: "mfa",
  publicKey: `0x04${"22".repeat(64)}`,
  jwt: "a.b.c",
  deviceKey: { signer: bytes(20, "33"), salt: NO_SALT },
  deviceSignature: bytes(65, "44"),
  opened,
  operation: {
    kind: "withdraw",
    account: bytes(20, "55"),
    token: bytes(20, "00"),
    to: bytes(20, "66"),
    amount: "1500000000000000000",
    nonce: "0",
  },
  form: "compact",
};
const record: Extract<GateRequestJson, { action: "set-record" }> = {
  action: "set-record",
  requestId: bytes(32),
  role: "recovery",
  publicKey: operation.publicKey,
  jwt: "a.b.c",
  deviceKey: operation.deviceKey,
  deviceSignature: operation.deviceSignature,
  opened,
  record: { ...opened, gate: zGateDigest.parse(bytes(32, "77")) },
};

const refusal = (reason: string): unknown => expect.objectContaining({ name: "GateRefusal", reason });

describe("a request", () => {
  test("to sign an operation is read with numbers as numbers and without a salt where none is given", () => {
    expect(parseRequest(operation)).toMatchObject({
      action: "sign-operation",
      salt: NO_SALT,
      operation: { kind: "withdraw", amount: 1_500_000_000_000_000_000n, nonce: 0n },
    });
  });

  test("to set a record is read", () => {
    expect(parseRequest(record)).toMatchObject({
      action: "set-record",
      record: { factors: opened.factors, gate: bytes(32, "77") },
    });
  });

  test("to set the first record of a key opens none", () => {
    const { opened: _none, ...first } = record;
    expect(parseRequest(first)).not.toHaveProperty("opened");
  });

  test.each([
    [
      "request-malformed",
      "an amount of 2^256",
      { operation: { ...operation.operation, amount: `${2n ** 256n}` } },
    ],
    ["request-malformed", "a negative amount", { operation: { ...operation.operation, amount: "-1" } }],
    [
      "request-malformed",
      "an amount in hexadecimal",
      { operation: { ...operation.operation, amount: "0x1" } },
    ],
    ["request-malformed", "an amount that is a number", { operation: { ...operation.operation, amount: 1 } }],
    [
      "request-malformed",
      "an unknown kind of operation",
      { operation: { ...operation.operation, kind: "steal" } },
    ],
    ["request-malformed", "a field too many", { operation: { ...operation.operation, more: 1 } }],
    ["request-malformed", "the readable form", { form: "readable" }],
    ["request-malformed", "the role of a device key", { role: "device" }],
    [
      "request-malformed",
      "a device key that is no address",
      { deviceKey: { signer: bytes(64), salt: NO_SALT } },
    ],
    ["request-malformed", "a short signature", { deviceSignature: bytes(64) }],
    ["request-malformed", "a wallet's signature that is none", { walletSignature: "0x" }],
    ["request-malformed", "no opened record", { opened: undefined }],
    ["request-malformed", "a compressed key", { publicKey: `0x02${"22".repeat(32)}` }],
    ["request-malformed", "a token too long to be one", { jwt: "a".repeat(MAX_TOKEN_LENGTH + 1) }],
    ["action-unknown", "an action the gate does not know", { action: "export-key" }],
    ["request-malformed", "no action", { action: undefined }],
    ["request-too-large", "more than a request ever holds", { more: "a".repeat(MAX_GATE_REQUEST_LENGTH) }],
  ])("is refused (%s) with %s", (reason, _what, change) => {
    expect(() => parseRequest({ ...operation, ...change })).toThrow(refusal(reason));
  });

  const many = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ type: "passkey", id: `passkey-${index}` }));

  test.each<[string, object]>([
    ["no factor", { factors: [] }],
    ["more factors than the registry takes with the account", { factors: many(32) }],
    ["a factor twice", { factors: [...opened.factors, ...opened.factors] }],
    ["a factor that does not exist", { factors: [{ type: "blood", id: "0+" }] }],
    ["a factor without an id", { factors: [{ type: "email", id: "" }] }],
    ["an id that could be two parts of one", { factors: [{ type: "email", id: "a|b" }] }],
    ["an endless id", { factors: [{ type: "email", id: "a".repeat(129) }] }],
    ["a wallet in capital letters", { factors: [{ type: "wallet", id: `0x${"AB".repeat(20)}` }] }],
    ["a wallet that is no address", { factors: [{ type: "wallet", id: "my ledger" }] }],
    ["a field too many", { more: 1 }],
    ["no account", { account: undefined }],
  ])("for a record with %s is refused, new or opened", (_what, change) => {
    const bad = { ...opened, ...change };
    for (const request of [
      { ...record, record: { ...record.record, ...change } },
      { ...record, opened: bad },
      { ...operation, opened: bad },
    ]) {
      expect(() => parseRequest(request)).toThrow(refusal("request-malformed"));
    }
  });

  test("for a record with as many factors as the registry takes is read", () => {
    expect(parseRequest({ ...record, opened: { ...opened, factors: many(31) } })).toHaveProperty("opened");
  });

  test("made of anything at all is refused or read, never a crash", () => {
    const odd = fc.oneof(fc.anything({ withBigInt: true, withNullPrototype: true }), fc.jsonValue());
    const key = fc.constantFrom(...Object.keys(operation), ...Object.keys(record), "__proto__", "exclude");
    const almost = fc
      .tuple(fc.constantFrom(operation, record), key, odd)
      .map(([base, name, value]) => ({ ...base, [name]: value }));
    fc.assert(
      fc.property(fc.oneof(odd, almost), (params) => {
        try {
          expect(parseRequest(params).requestId).toBe(bytes(32));
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(GateRefusal);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test("that holds itself is refused", () => {
    const params: Record<string, unknown> = { ...operation };
    params.jwt = params;
    expect(() => parseRequest(params)).toThrow(refusal("request-malformed"));
  });
});
