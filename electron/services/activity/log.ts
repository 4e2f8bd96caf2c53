import { encodeEventTopics, pad } from "viem";
import { z } from "zod";
import { accountFactoryAbi } from "#contracts/abi.ts";
import { type ActivityEntry, zActivityEntry } from "#core/activity/entry.ts";
import { type Address, NATIVE_TOKEN, sameAddress } from "#core/primitives/address.ts";
import type { WatchedContracts } from "../watcher/decode.ts";
import { NOTHING_READ, type Reader, zCursor } from "../watcher/reading.ts";
import { type Header, type RawLog, type RpcSource, SourceFailure } from "../watcher/source.ts";
import { decodeActivity, TRANSFER } from "./decode.ts";

/** No account does more in a life: whoever tells of more wants to fill the disk. */
const MOST_ENTRIES = 200_000;
/** So many blocks are asked for at the same time. */
const AT_ONCE = 20;
/** Behind every event of its block. */
const LAST_IN_BLOCK = 1_000_000;

/** What is known of an account's activity. Plain JSON. */
export const zActivityLog = z.object({
  ...zCursor.shape,
  /** In the chain's order. */
  entries: z.array(zActivityEntry),
  /** What the account held of the chain's own coin, in wei, at blocks that were looked at; the latest last. */
  coins: z.array(z.object({ block: z.int(), amount: z.string() })),
});
export type ActivityLog = z.output<typeof zActivityLog>;

export const EMPTY_LOG: ActivityLog = { ...NOTHING_READ, entries: [], coins: [] };

export interface LogOptions {
  readonly account: Address;
  readonly contracts: WatchedContracts;
  /** Tokens whose transfers are looked for. */
  readonly tokens: readonly Address[];
}

const [CREATED] = encodeEventTopics({ abi: accountFactoryAbi, eventName: "AccountCreated" });

/** The ids of the keys that entries speak of. */
function keysIn(entries: readonly ActivityEntry[]): Set<string> {
  const keys = new Set<string>();
  for (const { event } of entries) {
    if (event.kind !== "fact") continue;
    const { fact } = event;
    if (fact.kind === "created") keys.add(fact.device).add(fact.mfa).add(fact.recovery);
    if (fact.kind === "keyReplaced") keys.add(fact.newKey);
    if (fact.kind === "changed" && fact.change.kind === "addKey") keys.add(String(fact.change.fields.key));
  }
  return keys;
}

/** All events of a range that can be the account's, in the chain's order, each once. */
async function eventsOf(
  source: RpcSource,
  { account, contracts, tokens }: LogOptions,
  from: number,
  to: number,
): Promise<RawLog[]> {
  const self = pad(account);
  const found = await Promise.all([
    source.logs({ from, to, addresses: [account, contracts.factorRegistry] }),
    source.logs({ from, to, addresses: [contracts.factory], topics: [CREATED, self] }),
    ...(tokens.length > 0
      ? [
          source.logs({ from, to, addresses: tokens, topics: [TRANSFER, self] }),
          source.logs({ from, to, addresses: tokens, topics: [TRANSFER, null, self] }),
        ]
      : []),
  ]);
  const each = new Map(found.flat().map((log) => [`${log.blockNumber}:${log.logIndex}`, log]));
  return [...each.values()].sort((a, b) => a.blockNumber - b.blockNumber || a.logIndex - b.logIndex);
}

/** The blocks of some events, by number; they have to be the blocks that the events name. */
async function headersOf(
  source: RpcSource,
  logs: readonly RawLog[],
  end: Header,
): Promise<Map<number, Header>> {
  const headers = new Map([[end.number, end]]);
  const missing = [...new Set(logs.map(({ blockNumber }) => blockNumber))].filter((one) => !headers.has(one));
  for (let at = 0; at < missing.length; at += AT_ONCE) {
    const some = await Promise.all(missing.slice(at, at + AT_ONCE).map((number) => source.header(number)));
    for (const header of some) if (header) headers.set(header.number, header);
  }
  const strange = logs.find(({ blockNumber, blockHash }) => headers.get(blockNumber)?.hash !== blockHash);
  if (strange) {
    throw new SourceFailure("changing", `Its events of block ${strange.blockNumber} are not of its block.`);
  }
  return headers;
}

/** Wei that an entry took out of the account. */
function coinsOut({ event }: ActivityEntry): bigint {
  const out = (token: Address, amount: string) => (sameAddress(token, NATIVE_TOKEN) ? BigInt(amount) : 0n);
  if (event.kind === "withdrew") return out(event.token, event.amount);
  if (event.kind === "fact" && event.fact.kind === "emergencyWithdrawn") {
    return out(event.fact.token, event.fact.amount);
  }
  return 0n;
}

/** Compares the balance of the chain's own coin with what the entries explain. */
async function withCoins(
  source: RpcSource,
  log: ActivityLog,
  account: Address,
  end: Header,
): Promise<ActivityLog> {
  let balance: bigint;
  try {
    balance = await source.balance(account, end.number);
  } catch (cause) {
    // Most RPCs forget old balances: the next look at a new block explains this one, too.
    if (cause instanceof SourceFailure && cause.kind === "refused") return log;
    throw cause;
  }
  const before = log.coins.at(-1) ?? { block: -1, amount: "0" };
  const explained = log.entries
    .filter(({ block }) => block > before.block)
    .reduce((sum, entry) => sum - coinsOut(entry), BigInt(before.amount));
  const coins = [...log.coins, { block: end.number, amount: balance.toString() }];
  if (balance === explained) return { ...log, coins };
  const more = balance > explained;
  const amount = (more ? balance - explained : explained - balance).toString();
  const entry: ActivityEntry = {
    event: { kind: "coins", more, amount, since: before.block },
    block: end.number,
    blockHash: end.hash,
    time: end.timestamp,
    index: LAST_IN_BLOCK,
  };
  return { ...log, entries: [...log.entries, entry], coins };
}

/** How an account's log grows with what an RPC tells. */
export const logReader = (source: RpcSource, options: LogOptions): Reader<ActivityLog> => ({
  first: 0,
  notStarted: EMPTY_LOG,
  async withRange(log, from, end) {
    const events = await eventsOf(source, options, from, end.number);
    const headers = await headersOf(source, events, end);
    const keys = keysIn(log.entries);
    const added: ActivityEntry[] = [];
    for (const one of events) {
      const event = decodeActivity(one, options.account, options.contracts, keys);
      if (!event) continue;
      const entry: ActivityEntry = {
        event,
        block: one.blockNumber,
        blockHash: one.blockHash,
        time: headers.get(one.blockNumber)?.timestamp ?? end.timestamp,
        index: one.logIndex,
        transaction: one.transactionHash,
      };
      for (const key of keysIn([entry])) keys.add(key);
      added.push(entry);
    }
    if (log.entries.length + added.length > MOST_ENTRIES) {
      throw new SourceFailure("garbage", "It tells of more events than an account can have.");
    }
    const next = await withCoins(
      source,
      { ...log, entries: [...log.entries, ...added] },
      options.account,
      end,
    );
    // The events may have been read on another fork than the block that ends the range.
    if ((await source.header(end.number))?.hash !== end.hash) {
      throw new SourceFailure("changing", `Its block ${end.number} was replaced while it was read.`);
    }
    return next;
  },
  rewound: (log, at) => ({
    ...log,
    entries: log.entries.filter(({ block }) => block <= at),
    coins: log.coins.filter(({ block }) => block <= at),
  }),
  settled: (log, deep) => {
    const last = log.coins.findLastIndex(({ block }) => block <= deep);
    return last > 0 ? { ...log, coins: log.coins.slice(last) } : log;
  },
});
