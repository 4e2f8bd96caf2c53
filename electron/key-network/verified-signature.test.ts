import { privateKeyToAccount } from "viem/accounts";
import { keccak256 } from "viem/utils";
import { describe, expect, test } from "vitest";
import { zPublicKey } from "#core/keys/public-key.ts";
import type { Digest } from "#core/primitives/hex.ts";
import { verifiedSignature } from "./verified-signature.ts";

const DIGEST = keccak256("0x01") as Digest;

describe("verifiedSignature", () => {
  const account = privateKeyToAccount(`0x${"01".repeat(32)}`);
  const publicKey = zPublicKey.parse(account.publicKey);

  test("gives out a signature of the key over the digest", async () => {
    const signature = await account.sign({ hash: DIGEST });
    expect(await verifiedSignature(publicKey, DIGEST, signature)).toBe(signature);
  });

  test("gives out nothing else", async () => {
    const stranger = privateKeyToAccount(`0x${"02".repeat(32)}`);
    for (const signature of [
      await stranger.sign({ hash: DIGEST }),
      await account.sign({ hash: keccak256("0x02") }),
      `0x${"00".repeat(65)}`,
      "0x",
      "signature",
      undefined,
    ]) {
      expect(await verifiedSignature(publicKey, DIGEST, signature)).toBeUndefined();
    }
  });
});
