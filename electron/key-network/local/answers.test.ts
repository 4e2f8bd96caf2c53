import { keccak256 } from "viem/utils";
import { describe, expect, test } from "vitest";
import type { Digest } from "#core/primitives/hex.ts";
import { mostCommonAnswer } from "./answers.ts";

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
