import { unixfsCid } from "#lit-actions/cid.ts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type GateCid, gateCid, gateDigest, MAX_GATE_BYTES, zGateCid } from "./gate-cid.ts";

describe("gateCid", () => {
  test("is the CIDv0 that IPFS gives a well-known file", () => {
    // `ipfs add` of "hello world\n".
    expect(gateCid(new TextEncoder().encode("hello world\n"))).toBe(
      "QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o",
    );
  });

  test("agrees with IPFS' own importer at every length of the length prefixes", async () => {
    for (const length of [1, 127, 128, 16_383, 16_384, MAX_GATE_BYTES - 1, MAX_GATE_BYTES]) {
      const code = new Uint8Array(length).fill(97);
      expect(gateCid(code)).toBe(await unixfsCid(code));
    }
  });

  test("agrees with IPFS' own importer for any bytes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 2000 }), async (code) => {
        expect(gateCid(code)).toBe(await unixfsCid(code));
      }),
      { numRuns: 50 },
    );
  });

  test("refuses nothing and what does not fit one block", () => {
    expect(() => gateCid(new Uint8Array(0))).toThrow(RangeError);
    expect(() => gateCid(new Uint8Array(MAX_GATE_BYTES + 1))).toThrow(RangeError);
  });
});

describe("gateDigest", () => {
  test("is the sha2-256 digest inside the CID", () => {
    // `ipfs cid format -b base16 -v 0 -f %d` of the file above.
    const cid = zGateCid.parse("QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o");
    expect(gateDigest(cid)).toBe("0x46d44814b9c5af141c3aaab7c05dc5e844ead5f91f12858b021eba45768b4c0e");
  });

  test("refuses a text that is no CIDv0, even when it looks like one", () => {
    expect(() => gateDigest(`Qm${"z".repeat(44)}` as GateCid)).toThrow(TypeError);
  });
});
