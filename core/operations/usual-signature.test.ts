import { secp256k1 } from "@noble/curves/secp256k1.js";
import fc from "fast-check";
import { privateKeyToAccount } from "viem/accounts";
import { bytesToHex, hexToBytes, recoverAddress } from "viem/utils";
import { expect, test } from "vitest";
import type { Hex } from "../primitives/hex.ts";
import { usualSignature } from "./usual-signature.ts";

const signer = privateKeyToAccount(`0x${"01".repeat(32)}`);
const anyHash = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => bytesToHex(bytes));

/** The same signature with the other s, which the curve takes as well. */
function turned(signature: Hex): Hex {
  const { n } = secp256k1.Point.CURVE();
  const s = (n - BigInt(`0x${signature.slice(66, 130)}`)).toString(16).padStart(64, "0");
  return `0x${signature.slice(2, 66)}${s}${signature.endsWith("1b") ? "1c" : "1b"}`;
}

const from0 = (signature: Hex): Hex => `0x${signature.slice(2, -2)}${signature.endsWith("1b") ? "00" : "01"}`;

test("a signature is taken whichever way a wallet counts v, leaves s and writes its digits", async () => {
  await fc.assert(
    fc.asyncProperty(anyHash, async (hash) => {
      const signature = await signer.sign({ hash });
      for (const written of [signature, from0(signature), turned(signature), from0(turned(signature))]) {
        expect(usualSignature(written)).toBe(signature);
        expect(usualSignature(`0x${written.slice(2).toUpperCase()}`)).toBe(signature);
      }
      expect(await recoverAddress({ hash, signature: usualSignature(turned(signature)) ?? "0x" })).toBe(
        signer.address,
      );
    }),
    { numRuns: 20 },
  );
});

test("what is no signature is none", () => {
  const ones: Hex = `0x${"01".repeat(65)}`;
  expect(usualSignature(ones)).toBeDefined();
  expect(usualSignature(`0x${"01".repeat(64)}1d`)).toBeUndefined();
  expect(usualSignature(`0x${"01".repeat(32)}${"00".repeat(32)}1b`)).toBeUndefined();
  expect(usualSignature(`0x${"01".repeat(32)}${"ff".repeat(32)}1b`)).toBeUndefined();
  expect(usualSignature(bytesToHex(hexToBytes(ones).slice(1)))).toBeUndefined();
  expect(usualSignature("0x")).toBeUndefined();
});
