import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type GateRequestJson,
  MAX_GATE_REQUEST_LENGTH,
  MAX_TOKEN_LENGTH,
} from "#core/key-network/gate-request.ts";
import { NO_SALT } from "#core/primitives/hex.ts";
import { GateRefusal } from "#core/security/gate-reasons.ts";
import { parseRequest } from "./request.ts";

const bytes = (length: number, byte = "11"): `0x${string}` => `0x${byte.repeat(length)}`;

const operation: Extract<GateRequestJson, { action: "sign-operation" }> = {
  action: "sign-operation",
  requestId: bytes(32),
  role: "mfa",
  publicKey: `0x04${"22".repeat(64)}`,
  jwt: "a.b.c",
  deviceKey: { signer: bytes(20, "33"), salt: NO_SALT },
  deviceSignature: bytes(65, "44"),
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
const record: GateRequestJson = {
  action: "set-record",
  requestId: bytes(32),
  role: "recovery",
  publicKey: operation.publicKey,
  jwt: "a.b.c",
  deviceKey: operation.deviceKey,
  deviceSignature: operation.deviceSignature,
  record: { factors: ["email", "totp"] },
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
      record: { factors: ["email", "totp"] },
    });
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
    ["request-malformed", "a compressed key", { publicKey: `0x02${"22".repeat(32)}` }],
    ["request-malformed", "a token too long to be one", { jwt: "a".repeat(MAX_TOKEN_LENGTH + 1) }],
    ["action-unknown", "an action the gate does not know", { action: "export-key" }],
    ["request-malformed", "no action", { action: undefined }],
    ["request-too-large", "more than a request ever holds", { more: "a".repeat(MAX_GATE_REQUEST_LENGTH) }],
  ])("is refused (%s) with %s", (reason, _what, change) => {
    expect(() => parseRequest({ ...operation, ...change })).toThrow(refusal(reason));
  });

  test.each([
    ["no factor", []],
    ["a factor twice", ["email", "email"]],
    ["a factor that does not exist", ["email", "blood"]],
  ])("for a record with %s is refused", (_what, factors) => {
    expect(() => parseRequest({ ...record, record: { factors } })).toThrow(refusal("request-malformed"));
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
