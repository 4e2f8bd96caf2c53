import { ContractFunctionExecutionError, parseAbi } from "viem";
import { z } from "zod";
import type { PriceFeedConfig } from "#core/config/network.ts";
import type { NoPrice } from "#core/wallet-api/security.ts";
import type { ChainClient } from "../chain/client.ts";

/** The part of Chainlink's AggregatorV3Interface that a price needs. */
const feedAbi = parseAbi([
  "function decimals() view returns (uint8)",
  "function latestRoundData() view returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound)",
]);

/** Chainlink's feeds have 8 or 18; what has more than a token can have is no price feed. */
const MAX_DECIMALS = 36;
/** Chainlink's aggregators keep answers in 192 bits, of which one is the sign. */
const MAX_ANSWER = 2n ** 191n;
/** A block may be dated a little after the one in which the answer came is read (seconds). */
const MAX_AHEAD = 900n;

/** What a feed answers, before anything is believed. */
export interface Round {
  readonly decimals: number;
  readonly roundId: bigint;
  readonly answer: bigint;
  /** Seconds since 1970. */
  readonly updatedAt: bigint;
  readonly answeredInRound: bigint;
}

/** A price: `answer` has `decimals` digits after the point, in US dollars. */
export interface Price {
  readonly answer: bigint;
  readonly decimals: number;
}

const zDecimals = z.int().min(0).max(MAX_DECIMALS);

/**
 * Whether an answer is a price.
 * @param now the chain's time (seconds since 1970), by which the feed dates its answers
 * @returns the price, or why it is none
 */
export function checkRound(
  { decimals, roundId, answer, updatedAt, answeredInRound }: Round,
  now: bigint,
  { maxAgeSeconds }: Pick<PriceFeedConfig, "maxAgeSeconds">,
): Price | NoPrice {
  if (!zDecimals.safeParse(decimals).success) return "bad-answer";
  if (answer <= 0n || answer >= MAX_ANSWER) return "bad-answer";
  // A round without a time is not complete; an answer of an earlier round was carried over.
  if (roundId === 0n || updatedAt === 0n || answeredInRound < roundId) return "incomplete";
  if (updatedAt > now + MAX_AHEAD) return "bad-answer";
  return now - updatedAt > BigInt(maxAgeSeconds) ? "stale" : { answer, decimals };
}

/**
 * Reads a feed.
 * @returns the price, or why there is none
 * @throws WalletError when the chain cannot be reached
 */
export async function readPrice(
  { read }: Pick<ChainClient, "read">,
  feed: PriceFeedConfig,
): Promise<Price | NoPrice> {
  const { address } = feed;
  try {
    // Block last: time only goes on, so that no answer is younger than the block it is held against.
    const [decimals, round] = await read((client) =>
      Promise.all([
        client.readContract({ address, abi: feedAbi, functionName: "decimals" }),
        client.readContract({ address, abi: feedAbi, functionName: "latestRoundData" }),
      ]),
    );
    const { timestamp } = await read((client) => client.getBlock());
    const [roundId, answer, , updatedAt, answeredInRound] = round;
    return checkRound({ decimals, roundId, answer, updatedAt, answeredInRound }, timestamp, feed);
  } catch (error) {
    // Nobody there, a call that reverts, or an answer of another shape: the feed's fault, and only this price's.
    if (error instanceof ContractFunctionExecutionError) return "silent";
    throw error;
  }
}
