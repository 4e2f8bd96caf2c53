import fc from "fast-check";
import { size } from "viem/utils";
import { describe, expect, test } from "vitest";
import { keyId } from "../keys/key.ts";
import { NO_SALT } from "../primitives/hex.ts";
import { anyAddress, anyBytes, anyKey } from "../testing/arbitraries.ts";
import { encodeSignatures, type KeySignature } from "./signatures.ts";
import { FORMS } from "./typed-data.ts";

const anySignature: fc.Arbitrary<KeySignature> = fc.record({
  signer: fc.constant("plain"),
  key: fc.oneof(
    anyKey,
    anyAddress.map((signer) => ({ signer, salt: NO_SALT })),
  ),
  form: fc.constantFrom(...FORMS),
  signature: anyBytes(65),
});

describe("encoded signatures", () => {
  test("are nothing for nobody", () => {
    expect(encodeSignatures([])).toBe("0x");
  });

  test("are the same bytes whatever the order, ascending by key id", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(anySignature, { selector: ({ key }) => keyId(key), maxLength: 5 }),
        (signatures) => {
          const encoded = encodeSignatures(signatures);
          expect(encodeSignatures([...signatures].reverse())).toBe(encoded);
          const ascending = [...signatures].sort((a, b) => (keyId(a.key) < keyId(b.key) ? -1 : 1));
          expect(encoded).toBe(`0x${ascending.map((one) => encodeSignatures([one]).slice(2)).join("")}`);
        },
      ),
    );
  });

  test("of a plain key are a header byte, the salt if there is one, and 65 bytes", () => {
    fc.assert(
      fc.property(anySignature, (one) => {
        const salted = one.key.salt !== NO_SALT;
        const encoded = encodeSignatures([one]);
        expect(size(encoded)).toBe(1 + (salted ? 32 : 0) + 65);
        expect(Number(encoded.slice(0, 4))).toBe((one.form === "readable" ? 1 : 0) | (salted ? 2 : 0));
        expect(encoded.endsWith(one.signature.slice(2))).toBe(true);
      }),
    );
  });

  test("of a contract name the signer, with both lengths in front", () => {
    const signer = `0x${"ab".repeat(20)}` as const;
    const signature = `0x${"cd".repeat(70)}` as const;
    const key = { signer, salt: NO_SALT };
    expect(encodeSignatures([{ key, signer: "contract", form: "compact", signature }])).toBe(
      `0x040014${signer.slice(2)}0046${signature.slice(2)}`,
    );
  });

  test("of a contract are spelled out also when they are as long as a plain key's: a Safe with one owner", () => {
    fc.assert(
      fc.property(anySignature, (one) => {
        const encoded = encodeSignatures([{ ...one, signer: "contract" }]);
        expect(Number(encoded.slice(0, 4)) & 4).toBe(4);
        expect(encoded).toContain(`0014${one.key.signer.slice(2)}0041${one.signature.slice(2)}`);
      }),
    );
  });

  test("said to be plain, of a signer or a length that is not, are refused", () => {
    const plain = { signer: "plain", form: "compact" } as const;
    const key = { signer: `0x${"ab".repeat(20)}`, salt: NO_SALT } as const;
    const longer = { signer: `0x${"ab".repeat(84)}`, salt: NO_SALT } as const;
    const signature = `0x${"cd".repeat(65)}` as const;
    expect(() => encodeSignatures([{ ...plain, key: longer, signature }])).toThrow("plain signer");
    expect(() => encodeSignatures([{ ...plain, key, signature: `${signature}00` }])).toThrow("plain signer");
  });
});
