import fc from "fast-check";
import { createPublicClient, custom, numberToHex, RpcRequestError } from "viem";
import { describe, expect, test } from "vitest";
import { NATIVE_TOKEN } from "#core/primitives/address.ts";
import { checkRound, readPrice, type Round } from "./price-feed.ts";

const NOW = 1_795_269_780n;
const feed = { maxAgeSeconds: 3_600 };
const round = (changes: Partial<Round> = {}): Round => ({
  decimals: 8,
  roundId: 7n,
  answer: 250_000_000_000n,
  updatedAt: NOW - 60n,
  answeredInRound: 7n,
  ...changes,
});

describe("an answer of a price feed", () => {
  test("is a price while it is young", () => {
    expect(checkRound(round(), NOW, feed)).toEqual({ answer: 250_000_000_000n, decimals: 8 });
    expect(checkRound(round({ updatedAt: NOW - 3_600n }), NOW, feed)).toMatchObject({ decimals: 8 });
    expect(checkRound(round({ updatedAt: NOW }), NOW, feed)).toMatchObject({ decimals: 8 });
  });

  const REFUSED: [string, Partial<Round>, string][] = [
    ["zero", { answer: 0n }, "bad-answer"],
    ["negative", { answer: -1n }, "bad-answer"],
    ["larger than an aggregator can keep", { answer: 2n ** 191n }, "bad-answer"],
    ["of more decimals than a token can have", { decimals: 37 }, "bad-answer"],
    ["of a time to come", { updatedAt: NOW + 901n }, "bad-answer"],
    ["of a round without a time", { updatedAt: 0n }, "incomplete"],
    ["of no round", { roundId: 0n, answeredInRound: 0n }, "incomplete"],
    ["carried over from an earlier round", { answeredInRound: 6n }, "incomplete"],
    ["too old by a second", { updatedAt: NOW - 3_601n }, "stale"],
  ];
  test.each(REFUSED)("is refused when it is %s", (_, changes, because) => {
    expect(checkRound(round(changes), NOW, feed)).toBe(because);
  });

  test("takes the largest of everything that is allowed", () => {
    const largest = { answer: 2n ** 191n - 1n, decimals: 36, updatedAt: NOW + 900n, roundId: 2n ** 80n - 1n };
    expect(checkRound(round({ ...largest, answeredInRound: 2n ** 80n - 1n }), NOW, feed)).toEqual({
      answer: largest.answer,
      decimals: 36,
    });
  });

  test("is never a price without being positive, complete and young, whatever a feed says", () => {
    const uint = (bits: number) => fc.bigInt({ min: 0n, max: 2n ** BigInt(bits) - 1n });
    fc.assert(
      fc.property(
        fc.record({
          decimals: fc.integer({ min: 0, max: 255 }),
          roundId: uint(80),
          answer: fc.bigInt({ min: -(2n ** 255n), max: 2n ** 255n - 1n }),
          updatedAt: fc.oneof(uint(256), uint(33)),
          answeredInRound: uint(80),
        }),
        (said) => {
          const found = checkRound(said, NOW, feed);
          if (typeof found === "string") return;
          expect(said.answer).toBeGreaterThan(0n);
          expect(said.answeredInRound).toBeGreaterThanOrEqual(said.roundId);
          expect(NOW - said.updatedAt).toBeLessThanOrEqual(3_600n);
          expect(found).toEqual({ answer: said.answer, decimals: said.decimals });
        },
      ),
    );
  });
});

describe("reading a price feed", () => {
  /** A chain on which every call answers the same word five times, and which fails where it is asked to. */
  const chainThatRefuses = (refused: string) => {
    const client = createPublicClient({
      transport: custom(
        {
          request: ({ method }: { method: string }) =>
            method === refused
              ? Promise.reject(
                  new RpcRequestError({
                    body: {},
                    error: { code: -32_005, message: "limit exceeded" },
                    url: "",
                  }),
                )
              : Promise.resolve(`0x${numberToHex(8, { size: 32 }).slice(2).repeat(5)}`),
        },
        { retryCount: 0 },
      ),
    });
    return { read: <T>(call: (asked: typeof client) => Promise<T>) => call(client) };
  };
  const asked = { ...feed, address: NATIVE_TOKEN };

  test("takes a contract that answers with an error for silent", async () => {
    expect(await readPrice(chainThatRefuses("eth_call"), asked)).toBe("silent");
  });

  test("does not blame the feed where the chain does not say what time it is", async () => {
    await expect(readPrice(chainThatRefuses("eth_getBlockByNumber"), asked)).rejects.toThrow(
      "limit exceeded",
    );
  });
});
