import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { NATIVE_TOKEN, toAddress } from "../primitives/address.ts";
import { anyAddress, anyOperation } from "../testing/arbitraries.ts";
import { operationToJson, zOperation, zOperationJson } from "./operation.ts";
import { compactTypedData, operationDigest, readableTypedData, typedDataDigest } from "./typed-data.ts";

const domain = fc.record({ chainId: fc.integer({ min: 1 }), implementation: anyAddress });

describe("operations as JSON", () => {
  test("come back as they were", () => {
    fc.assert(
      fc.property(anyOperation, (operation) => {
        const text = JSON.stringify(operationToJson(operation));
        expect(zOperationJson.parse(JSON.parse(text))).toEqual(operation);
        expect(zOperation.parse(operation)).toEqual(operation);
      }),
    );
  });

  test("are refused with a field too many, too few or of another kind", () => {
    fc.assert(
      fc.property(anyOperation, (operation) => {
        const json = operationToJson(operation);
        expect(zOperationJson.safeParse({ ...json, extra: 1 }).success).toBe(false);
        expect(zOperationJson.safeParse({ ...json, nonce: undefined }).success).toBe(false);
        expect(zOperationJson.safeParse({ ...json, nonce: "-1" }).success).toBe(false);
        expect(zOperationJson.safeParse({ ...json, kind: "everything" }).success).toBe(false);
      }),
    );
  });
});

describe("digests", () => {
  test("differ between the two forms, chains, implementations and accounts", () => {
    fc.assert(
      fc.property(anyOperation, domain, anyAddress, (operation, where, other) => {
        fc.pre(other !== where.implementation && other !== operation.account);
        const compact = operationDigest(operation, "compact", where);
        const rest = [
          operationDigest(operation, "readable", where),
          operationDigest(operation, "compact", { ...where, chainId: where.chainId + 1 }),
          operationDigest(operation, "compact", { ...where, implementation: other }),
          operationDigest({ ...operation, account: other }, "compact", where),
          operationDigest({ ...operation, nonce: operation.nonce ^ 1n }, "compact", where),
        ];
        expect(new Set([compact, ...rest]).size).toBe(6);
      }),
    );
  });

  test("the readable form has at most five fields, of short ASCII names", () => {
    fc.assert(
      fc.property(anyOperation, domain, (operation, where) => {
        const { types, primaryType } = readableTypedData(operation, where, { symbol: "TUSD", decimals: 6 });
        const fields = types[primaryType] ?? [];
        expect(fields.length).toBeGreaterThan(0);
        expect(fields.length).toBeLessThanOrEqual(5);
        for (const { name } of fields) expect(name).toMatch(/^[A-Z][A-Za-z]{1,11}$/);
      }),
    );
  });

  test("of the compact form equals keccak256(0x1901, domain separator, struct hash)", () => {
    // Computed with ethers 5.8 (_TypedDataEncoder.hash), an implementation of its own.
    const typedData = compactTypedData(
      {
        kind: "withdraw",
        account: toAddress("0x1111111111111111111111111111111111111111"),
        token: NATIVE_TOKEN,
        to: toAddress("0x2222222222222222222222222222222222222222"),
        amount: 1_500_000_000_000_000_000n,
        nonce: 7n,
      },
      { chainId: 31337, implementation: toAddress("0x5FbDB2315678afecb367f032d93F642f64180aa3") },
    );
    expect(typedDataDigest(typedData)).toBe(
      "0xdc5a5e02f20f67a3afb0645119b8be72742fdff0f80cd4b122c18e40c5000812",
    );
  });
});
