import { encodeEventTopics, pad } from "viem/utils";
import { z } from "zod";
import { accountFactoryAbi } from "#contracts/abi.ts";
import type { Address } from "#core/primitives/address.ts";
import { type Fact, type Place, type PlacedFact, zPlacedFact } from "#core/watch/facts.ts";
import { BLANK, type Picture, withFact, zPicture } from "#core/watch/picture.ts";
import { otherProposers } from "./asking.ts";
import { type Decoded, decodeLog, type WatchedContracts } from "./decode.ts";
import { NOTHING_READ, type Reader, readOn, zCursor } from "./reading.ts";
import { type Header, type RawLog, type RpcSource, SourceFailure } from "./source.ts";

/** No account has more unsettled events than these: whoever tells of more wants to fill the disk. */
const MOST_UNSETTLED = 20_000;

/** What concerns the network all accounts share is kept under this name. */
export const NETWORK = "network";

/** How far one RPC was followed, and what it told. Plain JSON. */
export const zFollowing = z.object({
  ...zCursor.shape,
  /** Of an account (in lower case) or the network: what is settled, and the facts after the first checkpoint. */
  told: z.record(z.string(), z.object({ base: zPicture, recent: z.array(zPlacedFact) })),
});
export type Following = z.output<typeof zFollowing>;
type Told = Following["told"][string];

export const NOT_STARTED: Following = { ...NOTHING_READ, told: {} };

export interface FollowOptions {
  readonly accounts: readonly Address[];
  readonly contracts: WatchedContracts;
  /** The first block that can hold an event of these accounts. */
  readonly from: number;
}

/** What came of one advance. */
export interface Advance {
  readonly following: Following;
  /** The RPC's latest block. */
  readonly head: Header;
  /** The RPC's latest block is one that it had long ago: it lags behind itself. */
  readonly behindItself: boolean;
}

// Pictures of facts that did not change need not be put together again.
const pictures = new WeakMap<Told, Picture>();

function pictureOfTold(told: Told | undefined): Picture {
  if (!told) return BLANK;
  const known = pictures.get(told);
  if (known) return known;
  const picture = told.recent.reduce(withFact, told.base);
  pictures.set(told, picture);
  return picture;
}

const nameOf = (account: Address | typeof NETWORK): string => account.toLowerCase();

/** What an RPC's events add up to for an account, or for the network. */
export const pictureOf = ({ told }: Following, account: Address | typeof NETWORK): Picture =>
  pictureOfTold(told[nameOf(account)]);

/** Whether an RPC told of a transaction of an account, or the network, as far as that is remembered. */
export function knows({ told }: Following, account: Address | typeof NETWORK, transaction: string): boolean {
  const one = told[nameOf(account)];
  const isIt = ({ place }: { readonly place: Place }) => place.transaction === transaction;
  const { scheduled, keys, frozen, changes } = pictureOfTold(one);
  return (
    (one?.recent.some(isIt) ?? false) ||
    changes.some(isIt) ||
    Object.values(scheduled).some(isIt) ||
    Object.values(keys).some(isIt) ||
    (frozen.kind !== "no" && isIt(frozen))
  );
}

const [CREATED] = encodeEventTopics({ abi: accountFactoryAbi, eventName: "AccountCreated" });

/** All events of a range that can concern the accounts, in the chain's order. */
async function eventsOf(
  source: RpcSource,
  following: Following,
  { accounts, contracts }: FollowOptions,
  from: number,
  to: number,
): Promise<RawLog[]> {
  const uncreated = accounts.filter(
    (account) => Object.keys(pictureOf(following, account).keys).length === 0,
  );
  const addresses = [...accounts, contracts.factorRegistry, contracts.gateRegistry];
  const [events, creations] = await Promise.all([
    source.logs({ from, to, addresses }),
    uncreated.length === 0
      ? []
      : source.logs({
          from,
          to,
          addresses: [contracts.factory],
          topics: [CREATED, uncreated.map((account) => pad(account))],
        }),
  ]);
  return [...creations, ...events].sort((a, b) => a.blockNumber - b.blockNumber || a.logIndex - b.logIndex);
}

interface Found extends Decoded {
  readonly log: RawLog;
}

/** Whether a fact can change what is told: most withdrawals do not, and their blocks need not be looked up. */
function matters({ fact, concerned }: Decoded, following: Following, range: readonly Found[]): boolean {
  if (fact.kind === "recordSet") return fact.version > 1;
  if (fact.kind !== "withdrawn" && fact.kind !== "executed") return true;
  if (typeof concerned === "string") return false;
  const { account } = concerned;
  const waits = Object.keys(pictureOf(following, account).scheduled).length > 0;
  return (
    waits ||
    range.some(
      (other) =>
        other.fact.kind === "scheduled" &&
        typeof other.concerned !== "string" &&
        other.concerned.account === account,
    )
  );
}

/** The headers of the blocks in which something was found; they have to be the blocks that the events name. */
async function placesOf(
  source: RpcSource,
  found: readonly Found[],
  end: Header,
): Promise<Map<string, Place>> {
  const places = new Map<string, Place>();
  const headers = new Map<number, Header>([[end.number, end]]);
  for (const { log } of found) {
    const header = headers.get(log.blockNumber) ?? (await source.header(log.blockNumber));
    if (header?.hash !== log.blockHash) {
      throw new SourceFailure("changing", `Its events of block ${log.blockNumber} are not of its block.`);
    }
    headers.set(log.blockNumber, header);
    places.set(`${log.blockNumber}:${log.logIndex}`, {
      block: log.blockNumber,
      blockHash: log.blockHash,
      transaction: log.transactionHash,
      time: header.timestamp,
    });
  }
  return places;
}

/** Whom a fact concerns, by name; a record concerns every account that has its key now. */
function concernedBy(
  { fact, concerned }: Decoded,
  following: Following,
  accounts: readonly Address[],
): readonly string[] {
  if (concerned === "network") return [NETWORK];
  if (concerned !== "holders") return [nameOf(concerned.account)];
  if (fact.kind !== "recordSet") return [];
  return accounts.filter((account) => fact.key in pictureOf(following, account).keys).map(nameOf);
}

/** What is scheduled, with all who proposed it: its event names the first. */
async function withProposers(source: RpcSource, { fact, concerned }: Decoded): Promise<Fact> {
  if (fact.kind !== "scheduled" || typeof concerned === "string") return fact;
  const others = await otherProposers(source, concerned.account, fact.operation);
  return { ...fact, ...(others && { others }) };
}

/** Reads one range, and rejects with SourceFailure when the RPC's answers do not fit together. */
async function withRange(
  source: RpcSource,
  following: Following,
  options: FollowOptions,
  from: number,
  end: Header,
): Promise<Following> {
  const logs = await eventsOf(source, following, options, from, end.number);
  const decoded = logs.flatMap((log): Found[] => {
    const one = decodeLog(log, options.contracts);
    return one ? [{ ...one, log }] : [];
  });
  const found = decoded.filter((one) => matters(one, following, decoded));
  const places = await placesOf(source, found, end);
  // The events may have been read on another fork than the block that ends the range.
  if ((await source.header(end.number))?.hash !== end.hash) {
    throw new SourceFailure("changing", `Its block ${end.number} was replaced while it was read.`);
  }
  let next = following;
  for (const one of found) {
    const place = places.get(`${one.log.blockNumber}:${one.log.logIndex}`);
    if (!place) continue;
    const fact = await withProposers(source, one);
    for (const name of concernedBy(one, next, options.accounts))
      next = withPlaced(next, name, { fact, place });
  }
  return next;
}

function withPlaced(following: Following, name: string, placed: PlacedFact): Following {
  const { base, recent } = following.told[name] ?? { base: BLANK, recent: [] };
  if (recent.length >= MOST_UNSETTLED) {
    throw new SourceFailure("garbage", "It tells of more events than an account can have.");
  }
  return { ...following, told: { ...following.told, [name]: { base, recent: [...recent, placed] } } };
}

/** How the facts of the watched accounts are read out of ranges, taken back, and settled. */
const reader = (source: RpcSource, options: FollowOptions): Reader<Following> => ({
  first: options.from,
  notStarted: NOT_STARTED,
  withRange: (following, from, end) => withRange(source, following, options, from, end),
  rewound: (following, at) => ({
    ...following,
    told: Object.fromEntries(
      Object.entries(following.told).map(([name, one]) => {
        const recent = one.recent.filter(({ place }) => place.block <= at);
        return [name, recent.length === one.recent.length ? one : { base: one.base, recent }];
      }),
    ),
  }),
  settled: (following, deep) => ({
    ...following,
    told: Object.fromEntries(
      Object.entries(following.told).map(([name, one]) => {
        const old = one.recent.filter(({ place }) => place.block <= deep);
        if (old.length === 0) return [name, one];
        return [name, { base: old.reduce(withFact, one.base), recent: one.recent.slice(old.length) }];
      }),
    ),
  }),
});

/**
 * Follows an RPC from where it was left: see `readOn`.
 * @throws SourceFailure when it does not answer, or not so that it can be used; the state then stays as it was
 */
export async function advance(source: RpcSource, from: Following, options: FollowOptions): Promise<Advance> {
  const { state, ...rest } = await readOn(source, from, reader(source, options));
  return { following: state, ...rest };
}
