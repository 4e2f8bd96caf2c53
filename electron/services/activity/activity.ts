import { createHash } from "node:crypto";
import { activityCsv, activityJson } from "#core/activity/export.ts";
import { matches } from "#core/activity/filter.ts";
import { type History, historyOf } from "#core/activity/history.ts";
import type { PeopleNames } from "#core/activity/words.ts";
import { WalletError } from "#core/errors/wallet-error.ts";
import type { Role } from "#core/keys/role.ts";
import { type Address, NATIVE_TOKEN, sameAddress } from "#core/primitives/address.ts";
import type { ActivityFilter, ActivityItem } from "#core/wallet-api/activity.ts";
import type { WalletInput, WalletOutput } from "#core/wallet-api/methods.ts";
import type { Token } from "#core/wallet-api/state.ts";
import type { JsonFile } from "../storage/json-file.ts";
import type { WatchedContracts } from "../watcher/decode.ts";
import { readOn } from "../watcher/reading.ts";
import { type RpcSource, SourceFailure } from "../watcher/source.ts";
import { chainAhead } from "../chain/clock.ts";
import type { ActivityOnDisk } from "./file.ts";
import { type ActivityLog, EMPTY_LOG, logReader } from "./log.ts";

/** So many blocks are read before the log is kept although nothing happened in them. */
const KEEP_AFTER_BLOCKS = 1_000;

export interface ActivityOptions {
  readonly chainId: number;
  readonly contracts: WatchedContracts;
  /** RPCs, the preferred first; the next is asked where one does not answer. */
  readonly sources: readonly RpcSource[];
  /** Names and decimals of the tokens that Trivet knows, the chain's own coin among them. */
  readonly tokens: readonly Token[];
  readonly file: JsonFile<ActivityOnDisk>;
  /** The open account's address. */
  readonly account: () => Promise<Address>;
  readonly people: () => Promise<PeopleNames>;
  /** The roles that signed what was submitted with this computer, by the transaction. */
  readonly signers: () => Promise<ReadonlyMap<string, readonly Role[]>>;
  /** Asks the person where to keep a text, and keeps it there. */
  readonly save: (name: string, content: string, format: "csv" | "json") => Promise<string | undefined>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What happened to the account, and what will. */
export interface Activity {
  readonly list: (input: WalletInput<"activity.list">) => Promise<WalletOutput<"activity.list">>;
  /** The newest items. */
  readonly newest: (count: number) => Promise<ActivityItem[]>;
  /** The addresses to which the account withdrew, each once. */
  readonly paid: () => Promise<Address[]>;
  /** What the chain tells, as far as it was read, for whoever looks for something certain in it. */
  readonly entries: () => Promise<ActivityLog["entries"]>;
  readonly exportItems: (
    format: "csv" | "json",
    filter: ActivityFilter,
  ) => Promise<WalletOutput<"activity.export">>;
}

const unreachable = (cause: unknown) =>
  new WalletError(
    "chain-unreachable",
    "The chain cannot be reached.",
    "Check the connection (or start the devnet), then try again. Nothing is lost.",
    { cause },
  );

export function createActivity(options: ActivityOptions): Activity {
  const { chainId, contracts, sources, tokens, file } = options;
  const withTransfers = tokens.flatMap(({ address }) => (address === NATIVE_TOKEN ? [] : [address]));
  let known: { readonly account: Address; readonly log: ActivityLog; readonly time: number } | undefined;
  let keptUpTo = -1;
  let reading: Promise<NonNullable<typeof known>> | undefined;
  const rightChain = new Set<RpcSource>();

  /** What was kept, or nothing: whatever is not there is read again. */
  async function kept(account: Address): Promise<ActivityLog> {
    const onDisk = await file.read().catch(() => undefined);
    const isThis = onDisk?.chainId === chainId && sameAddress(onDisk.account, account);
    return isThis ? onDisk.log : EMPTY_LOG;
  }

  async function keep(account: Address, log: ActivityLog, before: ActivityLog): Promise<void> {
    const at = log.checkpoints.at(-1)?.number ?? -1;
    if (log.entries === before.entries && at - keptUpTo < KEEP_AFTER_BLOCKS) return;
    await file.write({ version: 1, chainId, account, log });
    keptUpTo = at;
  }

  async function checkChain(source: RpcSource): Promise<void> {
    if (rightChain.has(source)) return;
    if ((await source.chainId()) !== chainId)
      throw new SourceFailure("other-chain", "It is of another chain.");
    rightChain.add(source);
  }

  async function readFrom(source: RpcSource, account: Address, log: ActivityLog) {
    await checkChain(source);
    const reader = logReader(source, { account, contracts, tokens: withTransfers });
    const { state, head } = await readOn(source, log, reader);
    return { account, log: state, time: head.timestamp };
  }

  async function readAgain(): Promise<NonNullable<typeof known>> {
    const account = await options.account();
    const before = known && sameAddress(known.account, account) ? known.log : await kept(account);
    let failure: unknown;
    for (const source of sources) {
      try {
        const read = await readFrom(source, account, before);
        await keep(account, read.log, before);
        known = read;
        return read;
      } catch (cause) {
        if (!(cause instanceof SourceFailure)) throw cause;
        failure = cause;
      }
    }
    throw unreachable(failure);
  }

  /** Reads on; who asks while it is being read gets the same. */
  const read = (): Promise<NonNullable<typeof known>> =>
    (reading ??= readAgain().finally(() => {
      reading = undefined;
    }));

  async function history(): Promise<History & { readonly complete: boolean }> {
    const [{ log, time }, people, signers] = await Promise.all([read(), options.people(), options.signers()]);
    const signedBy = (transaction: string) => signers.get(transaction);
    const { items, coming } = historyOf(log.entries, { tokens, people, signedBy, now: time });
    // Countdowns on the screens run by this computer's clock.
    const ahead = chainAhead(time, options.now());
    return { items, coming: coming.map((one) => ({ ...one, at: one.at - ahead })), complete: log.complete };
  }

  return {
    async list({ known: version }) {
      const { items, coming, complete } = await history();
      const plain = JSON.stringify(items, (_, value: unknown) =>
        typeof value === "bigint" ? value.toString() : value,
      );
      const now = createHash("sha256").update(plain).digest("hex");
      return { version: now, ...(now === version ? {} : { items }), coming, complete };
    },
    newest: async (count) => (await history()).items.slice(0, count),
    async paid() {
      const { log } = await read();
      const to = log.entries.flatMap(({ event }) => (event.kind === "withdrew" ? [event.to] : []));
      return [...new Set(to)];
    },
    entries: async () => (await read()).log.entries,
    async exportItems(format, filter) {
      const items = (await history()).items.filter((item) => matches(item, filter));
      const account = await options.account();
      const content = format === "csv" ? activityCsv(items) : activityJson(items, account, chainId);
      const name = `trivet-activity-${account.slice(2, 8).toLowerCase()}.${format}`;
      const savedAs = await options.save(name, content, format);
      return { ...(savedAs !== undefined && { savedAs }), items: items.length };
    },
  };
}
