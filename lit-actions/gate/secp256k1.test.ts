import fc from "fast-check";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { bytesToHex, keccak256, recoverAddress } from "viem/utils";
import { describe, expect, test } from "vitest";
import { type Digest, type Hex, zDigest } from "#core/primitives/hex.ts";
import { addressOfPrivateKey, publicKeyOf, recoverSigner, signDigest } from "./secp256k1.ts";

const anyBytes = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) => bytesToHex(bytes));
/** Hashes of anything are below the order of the curve, but for one in 2^127. */
const privateKeys = anyBytes(32).map((bytes) => keccak256(bytes));
const digests = anyBytes(32).map((bytes): Digest => zDigest.parse(bytes));

/** What another library says. */
const theirs = (hash: Hex, signature: Hex): Promise<string | undefined> =>
  recoverAddress({ hash, signature }).catch(() => undefined);

describe("a key's public side", () => {
  test("is what another library computes", () => {
    fc.assert(
      fc.property(privateKeys, (key) => {
        const { publicKey, address } = privateKeyToAccount(key);
        expect([publicKeyOf(key), addressOfPrivateKey(key)]).toEqual([publicKey, address]);
      }),
      { numRuns: 20 },
    );
  });
});

describe("a signature", () => {
  test("is the one that another library makes, and names its signer", async () => {
    await fc.assert(
      fc.asyncProperty(privateKeys, digests, async (key, digest) => {
        const signature = signDigest(digest, key);
        const account = privateKeyToAccount(key);
        expect(signature).toBe(await account.sign({ hash: digest }));
        expect(recoverSigner(digest, signature)).toBe(account.address);
      }),
      { numRuns: 20 },
    );
  });

  test("of any bytes is the same person's as for another library, or nobody's for both", async () => {
    const v = fc.constantFrom("00", "01", "1b", "1c", "02", "1d", "ff");
    await fc.assert(
      fc.asyncProperty(digests, anyBytes(64), v, async (digest, rs, last) => {
        const signature: Hex = `${rs}${last}`;
        expect(recoverSigner(digest, signature)).toBe(await theirs(digest, signature));
      }),
      { numRuns: 100 },
    );
  });

  test.each([
    ["too short", `0x${"11".repeat(64)}`],
    ["too long", `0x${"11".repeat(66)}`],
    ["of zeros", `0x${"00".repeat(65)}`],
    ["of the largest numbers", `0x${"ff".repeat(64)}1b`],
    ["empty", "0x"],
  ] as const)("that is %s is nobody's", (_what, signature) => {
    expect(recoverSigner(zDigest.parse(keccak256("0x01")), signature)).toBeUndefined();
  });

  test("with v as 0 or 1 is read, too", () => {
    const key = generatePrivateKey();
    const digest = zDigest.parse(keccak256("0x01"));
    const signature = signDigest(digest, key);
    const bit = Number(`0x${signature.slice(-2)}`) - 27;
    expect(recoverSigner(digest, `${signature.slice(0, -2) as Hex}0${bit}`)).toBe(addressOfPrivateKey(key));
  });
});
