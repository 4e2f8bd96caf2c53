import { z } from "zod";
import { type Address, zAddress } from "#core/primitives/address.ts";
import { type Hex, zBytes32, zHex, zTransactionHash } from "#core/primitives/hex.ts";
import { zTime } from "#core/watch/facts.ts";

/** Why a source did not answer as it should; `too-much` asks for a smaller range of blocks. */
export const FAILURES = ["silent", "garbage", "refused", "too-much", "other-chain", "changing"] as const;
export type FailureKind = (typeof FAILURES)[number];

/** An RPC that did not answer, or not so that it can be used. */
export class SourceFailure extends Error {
  override readonly name = "SourceFailure";
  readonly kind: FailureKind;

  constructor(kind: FailureKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

/** A number as JSON-RPC writes it; block numbers, times and positions stay far below 2^53. */
const zQuantity = z
  .string()
  .regex(/^0x[0-9a-f]{1,13}$/i, "must be a hexadecimal number below 2^52")
  .transform((text) => Number.parseInt(text, 16));

/** An amount as JSON-RPC writes it. */
const zWei = z
  .string()
  .regex(/^0x[0-9a-f]{1,64}$/i, "must be a hexadecimal number of 256 bits")
  .transform((text) => BigInt(text));

/** What of a block is looked at. */
export const zHeader = z.object({
  number: zQuantity,
  hash: zBytes32,
  parentHash: zBytes32,
  timestamp: zQuantity.pipe(zTime),
});
export type Header = z.output<typeof zHeader>;

/** One event as a node hands it out. */
export const zRawLog = z.object({
  address: zAddress,
  topics: z.array(zBytes32).max(4),
  data: zHex,
  blockNumber: zQuantity,
  blockHash: zBytes32,
  transactionHash: zTransactionHash,
  logIndex: zQuantity,
  removed: z.literal(false).optional(),
});
export type RawLog = z.output<typeof zRawLog>;

/** No answer of a contract that the watcher asks is longer (bytes). */
const MOST_ANSWER = 8_192;
const zAnswer = zHex.refine((hex) => hex.length <= 2 + 2 * MOST_ANSWER, "must not be longer than 8 kB");

/** Which events are asked for; both ends included. */
export interface LogFilter {
  readonly from: number;
  readonly to: number;
  readonly addresses: readonly Address[];
  readonly topics?: readonly (Hex | readonly Hex[] | null)[];
}

/**
 * One RPC, as far as the watcher asks it. Nothing it says is trusted: answers are parsed, and what several say is
 * compared. Every function rejects with SourceFailure.
 */
export interface RpcSource {
  /** The RPC's host: its address may hold a secret, and is shown nowhere. */
  readonly name: string;
  readonly chainId: () => Promise<number>;
  /** A block; undefined when the RPC has none of that number. */
  readonly header: (block: number | "latest") => Promise<Header | undefined>;
  readonly logs: (filter: LogFilter) => Promise<RawLog[]>;
  /** What an address holds of the chain's own coin at a block, in wei. */
  readonly balance: (address: Address, block: number) => Promise<bigint>;
  /** What a contract answers now. */
  readonly call: (to: Address, data: Hex) => Promise<Hex>;
}

/** Sends one JSON-RPC request; resolves with its result, rejects with SourceFailure. */
export type Request = (method: string, params: readonly unknown[]) => Promise<unknown>;

const quantity = (value: number): Hex => `0x${value.toString(16)}`;

function parsed<T>(schema: z.ZodType<T>, answer: unknown, what: string): T {
  const { data, error } = schema.safeParse(answer);
  if (data !== undefined || error === undefined) return data as T;
  const [issue] = error.issues;
  throw new SourceFailure(
    "garbage",
    `It answered ${what} with something else: ${issue?.path.join(".") ?? ""} ${issue?.message ?? ""}`.trim(),
  );
}

/** An RPC behind anything that sends requests. */
export function rpcSource(name: string, request: Request): RpcSource {
  return {
    name,
    chainId: async () => parsed(zQuantity, await request("eth_chainId", []), "the chain's number"),
    async header(block) {
      const number = block === "latest" ? block : quantity(block);
      const answer = await request("eth_getBlockByNumber", [number, false]);
      if (answer === null) return undefined;
      const header = parsed(zHeader, answer, "a block");
      if (block !== "latest" && header.number !== block) {
        throw new SourceFailure("garbage", `Asked for block ${block}, it answered with ${header.number}.`);
      }
      return header;
    },
    async logs({ from, to, addresses, topics }) {
      const answer = await request("eth_getLogs", [
        { fromBlock: quantity(from), toBlock: quantity(to), address: addresses, ...(topics && { topics }) },
      ]);
      const logs = parsed(z.array(zRawLog), answer, "events");
      const asked = new Set<string>(addresses);
      const foreign = logs.find(
        ({ address, blockNumber }) => !asked.has(address) || blockNumber < from || blockNumber > to,
      );
      if (foreign) throw new SourceFailure("garbage", "It answered with events that nobody asked for.");
      const placed = new Set(logs.map(({ blockNumber, logIndex }) => `${blockNumber}:${logIndex}`));
      if (placed.size < logs.length) throw new SourceFailure("garbage", "It told of an event twice.");
      return logs.sort((a, b) => a.blockNumber - b.blockNumber || a.logIndex - b.logIndex);
    },
    async balance(address, block) {
      const answer = await request("eth_getBalance", [address, quantity(block)]);
      return parsed(zWei, answer, "a balance");
    },
    async call(to, data) {
      return parsed(zAnswer, await request("eth_call", [{ to, data }, "latest"]), "a call");
    },
  };
}
