import { setTimeout as sleep } from "node:timers/promises";
import { type Address, sameAddress, toAddress, zAddress } from "#core/primitives/address.ts";
import { differencesAt, type Difference, type Testimony } from "#core/watch/agreement.ts";
import { type Alert, alertsOf, isStanding, tellingOf } from "#core/watch/alerts.ts";
import { alertWords, type AlertWords, NO_NAMES } from "#core/watch/words.ts";
import type { Names, PeopleNames, TokenName } from "#core/activity/words.ts";
import type { Token } from "#core/wallet-api/state.ts";
import { chainAhead } from "../chain/clock.ts";
import type { JsonFile } from "../storage/json-file.ts";
import { ownWordOf } from "./asking.ts";
import type { WatchedContracts } from "./decode.ts";
import {
  type Advance,
  advance,
  type Following,
  knows,
  NETWORK,
  NOT_STARTED,
  pictureOf,
} from "./following.ts";
import type { Message, Said } from "./messages.ts";
import { createOutbox, type Notifier } from "./outbox.ts";
import { DEPTH, hashAt } from "./reading.ts";
import { type Header, type RpcSource, SourceFailure } from "./source.ts";
import type { WatchState } from "./state.ts";

/** An RPC that has given no answer for so long is worth a message of its own. */
const SILENT_TOO_LONG_MS = 10 * 60_000;
/** What an RPC told of before it fell silent counts this long: another may hide it. */
const STALE_MS = 24 * 3_600_000;
/** Blocks this close to the head differ between honest RPCs now and then. */
const UNSETTLED = 2;
/** An RPC that is so many blocks behind another is said to lag. */
const LAGS = 5;
/** So long a look waits for an RPC; what comes later counts at a later look, so that a slow one delays no warning. */
const PATIENCE_MS = 2 * 60_000;
/** So many unknown tokens are asked at one look how they call themselves: whoever invents more learns no more. */
const MOST_TOKENS = 50;
/** The place in the file is kept this often where nothing else changes: reading a block twice does no harm. */
const KEEP_EVERY_MS = 60_000;

export interface WatcherOptions {
  readonly sources: readonly RpcSource[];
  readonly chainId: number;
  readonly contracts: WatchedContracts;
  /** Tokens, and the chain's own coin, that are called by these names; others are called what they call themselves. */
  readonly tokens: readonly Token[];
  /** What the person calls people now; without it, they are called as the chain has them. */
  readonly people?: () => Promise<PeopleNames>;
  readonly file: JsonFile<WatchState>;
  /** The first block that can hold an event of the accounts. */
  readonly from: number;
  /** Who wants to know. */
  readonly notifiers: readonly Notifier[];
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Resolves when a look waits for an RPC no longer. */
  readonly patience?: () => Promise<unknown>;
}

/** How it stands with an RPC. */
export interface SourceStanding {
  readonly name: string;
  /** following: up to date; reading: catching up; lagging: behind the others; else why it is of no use. */
  readonly status: "following" | "reading" | "lagging" | "failing";
  readonly block?: number;
  /** How many blocks it is behind the one that is furthest. */
  readonly behind?: number;
  /** What is wrong, and since when (milliseconds since 1970). */
  readonly trouble?: { readonly kind: string; readonly message: string; readonly since: number };
}

/** An alert with what is known beside it. */
export interface WatchedAlert {
  readonly alert: Alert;
  readonly words: AlertWords;
  readonly said: Said;
  readonly seen: boolean;
}

/** What the watcher knows now. */
export interface WatchView {
  readonly alerts: readonly WatchedAlert[];
  readonly sources: readonly SourceStanding[];
  readonly differences: readonly Difference[];
  /** Every RPC that answers is read to its end, and at least one answers. */
  readonly upToDate: boolean;
  /** How many seconds the chain's clock is ahead of this computer's. */
  readonly chainAhead: number;
  /** Messages that wait to be sent. */
  readonly unsent: number;
}

export interface Watcher {
  /** Looks once: follows every RPC, tells what is new, keeps what it knows. */
  readonly step: (accounts: readonly Address[]) => Promise<WatchView>;
  /** Marks an alert as seen, by its telling. */
  readonly see: (telling: string) => Promise<void>;
  /** How many seconds the chain's clock was ahead of this computer's at the last look. */
  readonly chainAhead: () => number;
}

/** One RPC after a step. */
interface Look {
  readonly source: RpcSource;
  readonly following: Following;
  /** Absent when it gave no usable answer. */
  readonly advance?: Advance;
  readonly failure?: SourceFailure;
}

const secondsOf = (milliseconds: number): number => Math.floor(milliseconds / 1000);

const heightOf = ({ following }: Look): number => following.checkpoints.at(-1)?.number ?? 0;

/** The token whose amount a warning names. */
function tokenIn({ subject }: Alert): Address | undefined {
  if (subject.kind === "scheduled") {
    const { asked } = subject;
    if (asked.kind === "withdraw") return asked.token;
    return asked.kind === "change" ? zAddress.safeParse(asked.change.fields.token).data : undefined;
  }
  if (subject.kind !== "change") return undefined;
  const { fact } = subject;
  if (fact.kind === "emergencyWithdrawn") return fact.token;
  return fact.kind === "changed" ? zAddress.safeParse(fact.change.fields.token).data : undefined;
}

/** An alert that at least one RPC tells of, and which ones do. */
interface Found {
  readonly alert: Alert;
  readonly confirmedBy: Set<string>;
}

/**
 * Follows accounts on several RPCs, each by itself. What any of them tells of is told: an RPC that hides something
 * cannot hide it, and one that invents something is named as the only one.
 */
export function createWatcher(options: WatcherOptions): Watcher {
  const { sources, chainId, contracts, tokens, file, from, notifiers, now } = options;
  const { patience = () => sleep(PATIENCE_MS, undefined, { ref: false }) } = options;
  const outbox = createOutbox(notifiers, now);
  /** What comes of the RPCs that are still being asked, by their names, and for which accounts. */
  const asking = new Map<string, { readonly of: WatchState["accounts"]; readonly look: Promise<Look> }>();
  const checked = new Set<string>();
  /** What tokens that have no name here call themselves; undefined where that is of no use. */
  const ownWords = new Map<Address, TokenName | undefined>();
  let people: PeopleNames = NO_NAMES;
  let state: WatchState | undefined;
  let keptAt = 0;
  let last: Promise<unknown> = Promise.resolve();
  let ahead = 0;

  const blank = (accounts: readonly Address[]): WatchState => ({
    version: 1,
    accounts: [...accounts],
    chainId,
    following: {},
    failing: {},
    told: {},
    toldOfSources: [],
    seen: [],
    outbox: [],
  });

  /** What is remembered; of other accounts, or of another chain, nothing counts but what has to be sent. */
  async function remembered(accounts: readonly Address[]): Promise<WatchState> {
    const known = state ?? (await file.read());
    if (!known) return blank(accounts);
    const same =
      known.chainId === chainId &&
      known.accounts.length === accounts.length &&
      accounts.every((account) => known.accounts.includes(account));
    if (same) return known;
    return { ...blank(accounts), told: known.told, seen: known.seen, outbox: known.outbox };
  }

  /** What comes soon; undefined where it takes too long. */
  const inTime = <T>(coming: Promise<T>): Promise<T | undefined> =>
    Promise.race([coming, patience().then(() => undefined)]);

  /** What comes of an RPC, as far as it comes soon: nobody waits for one that takes its time, and once is enough. */
  async function look(source: RpcSource, known: WatchState): Promise<Look> {
    const { name } = source;
    const before = asking.get(name);
    const isAsked = before?.of === known.accounts;
    const asked = isAsked ? before.look : ask(source, known);
    asking.set(name, { of: known.accounts, look: asked });
    const slow: Look = {
      source,
      following: known.following[name] ?? NOT_STARTED,
      failure: new SourceFailure("silent", "It is still being waited for."),
    };
    const enough = isAsked ? Promise.resolve() : patience();
    try {
      const one = await Promise.race([asked, enough.then(() => slow)]);
      if (one !== slow) asking.delete(name);
      return one;
    } catch (error) {
      asking.delete(name);
      throw error;
    }
  }

  async function ask(source: RpcSource, known: WatchState): Promise<Look> {
    const following = known.following[source.name] ?? NOT_STARTED;
    try {
      if (!checked.has(source.name)) {
        const id = await source.chainId();
        if (id !== chainId) {
          throw new SourceFailure("other-chain", `It is of chain ${id}, not of chain ${chainId}.`);
        }
        checked.add(source.name);
      }
      const advanced = await advance(source, following, { accounts: known.accounts, contracts, from });
      return { source, following: advanced.following, advance: advanced };
    } catch (error) {
      if (!(error instanceof SourceFailure)) throw error;
      // What answers at this address after a break may be another chain.
      checked.delete(source.name);
      return { source, following, failure: error };
    }
  }

  /** The chain's time as an RPC tells it, seconds since 1970. */
  const timeOf = (head: Header | undefined): number =>
    head ? Math.max(head.timestamp, secondsOf(now())) : secondsOf(now()) + ahead;

  /** Half a history would tell of what ended long ago; and what a silent RPC said does not count for ever. */
  const counts = ({ source, following, failure }: Look, { failing }: WatchState): boolean =>
    following.complete && (!failure || now() - (failing[source.name]?.since ?? now()) < STALE_MS);

  function alertsBySource(
    looks: readonly Look[],
    known: WatchState,
    since: number | undefined,
  ): Map<string, Found> {
    const found = new Map<string, Found>();
    for (const { source, following, advance: advanced } of looks.filter((one) => counts(one, known))) {
      const time = timeOf(advanced?.head);
      const all = [
        ...known.accounts.flatMap((account) => alertsOf(account, pictureOf(following, account), time)),
        ...alertsOf(undefined, pictureOf(following, NETWORK), time),
      ];
      for (const alert of all) {
        if (!isStanding(alert) && alert.place.time < (since ?? 0)) continue;
        const telling = tellingOf(alert);
        const one = found.get(telling) ?? { alert, confirmedBy: new Set() };
        one.confirmedBy.add(source.name);
        found.set(telling, one);
      }
    }
    return found;
  }

  function said({ alert, confirmedBy }: Found, looks: readonly Look[]): Said {
    const others = looks.filter(({ source }) => !confirmedBy.has(source.name));
    const has = ({ following }: Look) => (following.checkpoints.at(-1)?.number ?? -1) >= alert.place.block;
    // Another stage of the same alert is no contradiction: clocks differ.
    const names = (those: readonly Look[]) => those.map(({ source }) => source.name);
    return {
      confirmedBy: [...confirmedBy],
      contradictedBy: names(others.filter((one) => has(one) && !tells(one, alert))),
      notYet: names(others.filter((one) => !has(one))),
    };
  }

  const tells = ({ following }: Look, { account, place }: Alert): boolean =>
    knows(following, account ?? NETWORK, place.transaction);

  /** What each RPC says at a height that all that answer have. */
  async function compare(looks: readonly Look[], found: ReadonlyMap<string, Found>): Promise<Difference[]> {
    const furthest = Math.max(...looks.map(heightOf));
    // One that lags far is shown as such; what the others have settled since cannot be asked of it.
    const able = looks.filter(
      (one) => one.advance && one.following.complete && furthest - heightOf(one) < DEPTH / 2,
    );
    if (able.length < 2) return [];
    const block = Math.min(...able.map(heightOf)) - UNSETTLED;
    if (block < from) return [];
    const testimonies = await Promise.all(
      able.map(async (one): Promise<Testimony | undefined> => {
        const { source, following } = one;
        const hash =
          hashAt(following, block) ??
          (
            await source.header(block).catch((error: unknown) => {
              if (error instanceof SourceFailure) return undefined;
              throw error;
            })
          )?.hash;
        const events = [...found.values()]
          .filter(({ alert }) => alert.place.block <= block && tells(one, alert))
          .map(({ alert }) => alert.id);
        return hash && { source: source.name, hash, events: new Set(events) };
      }),
    );
    return differencesAt(
      block,
      testimonies.flatMap((testimony) => (testimony ? [testimony] : [])),
    );
  }

  function standings(looks: readonly Look[], known: WatchState): SourceStanding[] {
    const furthest = Math.max(...looks.map(heightOf));
    return looks.map(({ source: { name }, following, advance: advanced }): SourceStanding => {
      const block = following.checkpoints.at(-1)?.number;
      const at = block === undefined ? {} : { block, behind: furthest - block };
      const trouble = known.failing[name];
      if (!advanced) return { name, status: "failing", ...at, ...(trouble && { trouble }) };
      if (!following.complete) return { name, status: "reading", ...at };
      const lags = advanced.behindItself || furthest - (block ?? 0) > LAGS;
      return { name, status: lags ? "lagging" : "following", ...at };
    });
  }

  function failingNow(looks: readonly Look[], known: WatchState): WatchState["failing"] {
    return Object.fromEntries(
      looks.flatMap(({ source: { name }, failure }) => {
        if (!failure) return [];
        const since = known.failing[name]?.since ?? now();
        return [[name, { since, kind: failure.kind, message: failure.message }]];
      }),
    );
  }

  /** What is to be said about the RPCs themselves. */
  function sourceMessages(failing: WatchState["failing"], differences: readonly Difference[]): Message[] {
    const troubles = Object.entries(failing).flatMap(([source, { since, kind, message }]): Message[] => {
      const wrong = kind === "other-chain" || kind === "garbage";
      if (!wrong && now() - since < SILENT_TOO_LONG_MS) return [];
      return [
        {
          type: "sources",
          id: `source:${source}:${kind}:${since}`,
          title: wrong
            ? `An RPC gives answers that cannot be true: ${source}`
            : `An RPC is silent: ${source}`,
          detail: `${message} The account is watched without it.`,
          source,
        },
      ];
    });
    const blind = sources.length > 0 && Object.keys(failing).length === sources.length;
    const since = Math.max(...Object.values(failing).map((one) => one.since));
    const all: Message[] =
      blind && now() - since >= SILENT_TOO_LONG_MS
        ? [
            {
              type: "sources",
              id: `blind:${since}`,
              title: "Nobody watches your account",
              detail:
                "None of the RPCs gives an answer that can be used. Check the connection, or name another RPC.",
            },
          ]
        : [];
    const differing = differences.map((difference): Message => {
      const { about, sayings } = difference;
      const who = sayings.map(({ source, says }) => `${source}: ${says}`).join("; ");
      return {
        type: "sources",
        // Named by who differs, not by the height, which grows.
        id: `differ:${about}:${sayings.map(({ source }) => source).join(",")}`,
        title:
          about === "block"
            ? "RPCs differ about the chain"
            : "RPCs differ about what happened to your account",
        detail: `At block ${difference.block}: ${who}. Alerts of every one of them are shown.`,
        difference,
      };
    });
    return [...all, ...troubles, ...differing];
  }

  /** Asks what the tokens of warnings call themselves, once. */
  async function learnTokens(found: ReadonlyMap<string, Found>, looks: readonly Look[]): Promise<void> {
    const able = looks.flatMap(({ source, advance: advanced }) => (advanced ? [source] : []));
    if (able.length === 0) return;
    const isUnknown = (token: Address) =>
      !ownWords.has(token) && !tokens.some(({ address }) => sameAddress(address, token));
    const named = [...found.values()].flatMap(({ alert }) => tokenIn(alert) ?? []);
    const unknown = [...new Set(named)].filter(isUnknown).slice(0, MOST_TOKENS);
    await Promise.all(
      unknown.map(async (token) => {
        ownWords.set(token, undefined);
        ownWords.set(token, await ownWordOf(able, token));
      }),
    );
  }

  /** Whatever is wrong with the person's names, nothing is warned of less for it. */
  const named = async (): Promise<PeopleNames> =>
    (await options.people?.().catch(() => undefined)) ?? NO_NAMES;

  /** How the tokens, the keys and the people of a warning are called. */
  function namesFor({ account }: Alert, looks: readonly Look[]): Names {
    return {
      token: (address) =>
        tokens.find((token) => sameAddress(token.address, address)) ?? ownWords.get(toAddress(address)),
      person: people.person,
      friend: people.friend,
      role: (key) =>
        account && looks.map(({ following }) => pictureOf(following, account).keys[key]?.role).find(Boolean),
    };
  }
  const wordsFor = (alert: Alert, looks: readonly Look[]) => alertWords(alert, namesFor(alert, looks));

  const alertMessage = (one: Found, looks: readonly Look[]): Message => ({
    type: "alert",
    id: tellingOf(one.alert),
    ...wordsFor(one.alert, looks),
    alert: one.alert,
    ...(one.alert.until !== undefined && { until: new Date(one.alert.until * 1000).toISOString() }),
    said: said(one, looks),
  });

  const withdrawal = (telling: string, alert: Alert, looks: readonly Look[]): Message => ({
    type: "withdrawn",
    id: `${telling}:withdrawn`,
    title: `Taken back: ${wordsFor(alert, looks).title}`,
    detail: "The chain was reorganised, and what this warning told of is not on it any more.",
    alert,
  });

  async function once(accounts: readonly Address[]): Promise<WatchView> {
    const before = await remembered(accounts);
    const looks = await Promise.all(sources.map((source) => look(source, before)));
    const heads = looks.flatMap(({ advance: advanced }) => (advanced ? [advanced.head] : []));
    if (heads.length > 0) {
      // The least of them: one RPC alone cannot make every countdown wrong.
      ahead = chainAhead(Math.min(...heads.map(({ timestamp }) => timestamp)), now());
    }

    // The earliest clock counts: news that are old are better than news that are not told.
    const since =
      before.since ??
      (heads.length === 0
        ? undefined
        : Math.min(secondsOf(now()), ...heads.map(({ timestamp }) => timestamp)));
    const found = alertsBySource(looks, before, since);
    await inTime(learnTokens(found, looks));
    people = await named();
    const failing = failingNow(looks, before);
    const differences = (await inTime(compare(looks, found))) ?? [];

    // What nobody tells of any more ended, or was taken back by a reorganisation. Nothing is known while reading.
    const upToDate =
      heads.length > 0 && looks.every(({ following, failure }) => failure ?? following.complete);
    const gone = upToDate ? Object.entries(before.told).filter(([telling]) => !found.has(telling)) : [];
    const takenBack = gone.filter(
      ([, alert]) =>
        looks.some(
          ({ following: { rewoundTo } }) => rewoundTo !== undefined && alert.place.block > rewoundTo,
        ) && !looks.some((one) => tells(one, alert)),
    );
    const fresh = [...found.entries()]
      .filter(([telling]) => !(telling in before.told))
      .slice(0, outbox.room(before.outbox));
    const about = sourceMessages(failing, differences);
    const news = about.filter(({ id }) => !before.toldOfSources.includes(id));

    const posted = outbox.posted(before.outbox, [
      ...fresh.map(([, one]) => alertMessage(one, looks)),
      ...takenBack.map(([telling, alert]) => withdrawal(telling, alert, looks)),
      ...news,
    ]);
    const ended = new Set(gone.map(([telling]) => telling));
    const told = Object.fromEntries([
      ...Object.entries(before.told).filter(([telling]) => !ended.has(telling)),
      ...fresh.map(([telling, { alert }]) => [telling, alert] as const),
    ]);
    const following = Object.fromEntries(
      looks.map(({ source: { name }, following: one }) => {
        const { rewoundTo: _, ...rest } = one;
        return [name, upToDate ? rest : one];
      }),
    );
    const after: WatchState = {
      ...before,
      ...(since !== undefined && { since }),
      following,
      failing,
      told,
      toldOfSources: about.map(({ id }) => id),
      seen: before.seen.filter((telling) => !ended.has(telling)),
      outbox: posted,
    };
    await keep(after, fresh.length + gone.length + news.length > 0 || state === undefined);
    await deliver();
    return {
      alerts: [...found.values()].map((one) => ({
        alert: one.alert,
        words: wordsFor(one.alert, looks),
        said: said(one, looks),
        seen: after.seen.includes(tellingOf(one.alert)),
      })),
      sources: standings(looks, after),
      differences,
      upToDate,
      chainAhead: ahead,
      unsent: state?.outbox.length ?? 0,
    };
  }

  /** Keeps what is known: at once when something was told, now and then when only blocks passed. */
  async function keep(next: WatchState, atOnce: boolean): Promise<void> {
    state = next;
    if (!atOnce && now() - keptAt < KEEP_EVERY_MS) return;
    await file.write(next);
    keptAt = now();
  }

  /** Sends what is due. It was kept before, so that a crash meanwhile sends it again and loses nothing. */
  async function deliver(): Promise<void> {
    if (!state) return;
    const left = await outbox.send(state.outbox);
    if (left === state.outbox) return;
    await keep({ ...state, outbox: left }, true);
  }

  /** One thing at a time: two looks at once would tell everything twice. */
  function alone<T>(job: () => Promise<T>): Promise<T> {
    const result = last.then(job);
    last = result.catch(() => undefined);
    return result;
  }

  return {
    step: (accounts) => alone(() => once(accounts)),
    chainAhead: () => ahead,
    see: (telling) =>
      alone(async () => {
        if (!state || state.seen.includes(telling) || !(telling in state.told)) return;
        await keep({ ...state, seen: [...state.seen, telling] }, true);
      }),
  };
}
