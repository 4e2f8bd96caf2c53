import { privateKeyToAccount } from "viem/accounts";
import { keccak256 } from "viem/utils";
import { describe, expect, test } from "vitest";
import { zPublicKey } from "#core/keys/public-key.ts";
import type { Digest } from "#core/primitives/hex.ts";
import { mostCommonAnswer, verifiedSignature } from "./answers.ts";

const DIGEST = keccak256("0x01") as Digest;
const granted = JSON.stringify({ ok: true, digest: DIGEST });
const other = JSON.stringify({ ok: true, digest: keccak256("0x02") });
const refused = JSON.stringify({
  ok: false,
  reason: "factor-stale",
  message: "A factor was proven too long ago.",
});

describe("mostCommonAnswer", () => {
  test("is what most nodes say, whichever of them lies", () => {
    for (const lie of [refused, other, "", "null", "[]"]) {
      expect(mostCommonAnswer([lie, granted, granted, granted])).toEqual({ ok: true, digest: DIGEST });
      expect(mostCommonAnswer([granted, granted, lie])).toEqual({ ok: true, digest: DIGEST });
    }
    expect(mostCommonAnswer([granted, refused, refused, refused])).toMatchObject({ reason: "factor-stale" });
  });

  test.each([[[]], [["", "", granted]], [["{", "{", "{"]], [[JSON.stringify({ ok: true }), "1"]]])(
    "of %j is none",
    (responses) => {
      expect(() => mostCommonAnswer(responses)).toThrow(
        expect.objectContaining({ code: "network-failed" }) as Error,
      );
    },
  );
});

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
