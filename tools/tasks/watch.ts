// `npm run watch -- --account 0x… --network FILE …`: the watcher without the app, for a server that is always on. Messages
// go to stdout, a line of JSON each, and to whoever is named; what goes wrong goes to stderr. See docs/watcher.md.
import { readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { type NetworkConfig, zNetworkConfig } from "#core/config/network.ts";
import { namedTokens } from "#core/config/tokens.ts";
import { WalletError } from "#core/errors/wallet-error.ts";
import { httpSources } from "#electron/services/watcher/http-source.ts";
import type { Notifier } from "#electron/services/watcher/outbox.ts";
import { lookAgainAndAgain } from "#electron/services/watcher/schedule.ts";
import { watchFile } from "#electron/services/watcher/state.ts";
import { createWatcher, type WatchView } from "#electron/services/watcher/watcher.ts";
import { lines, notifierOf } from "../watch/notifiers.ts";
import { USAGE, UsageError, watchOptions, type WatchOptions } from "../watch/options.ts";

/** Looks of `--once` until everything is read: each reads some ranges of blocks. */
const MOST_LOOKS = 10_000;

const say = (text: string) => {
  console.error(`${new Date().toISOString()} ${text}`);
};

function networkOf(file: string): NetworkConfig {
  try {
    return zNetworkConfig.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (cause) {
    const why = cause instanceof Error ? (cause.message.split("\n")[0] ?? "") : String(cause);
    throw new UsageError(`${file} is no description of a network: ${why}`, { cause });
  }
}

const reporting = (notifier: Notifier): Notifier => ({
  ...notifier,
  onFailure: (message, cause, retryInMs) => {
    const why = cause instanceof Error ? cause.message : String(cause);
    say(`"${message.title}" did not arrive at ${notifier.name}: ${why}. Again in ${retryInMs / 1000} s.`);
  },
});

function report({ sources }: WatchView): void {
  for (const { name, status, trouble } of sources) {
    if (trouble) say(`${name}: ${trouble.message}`);
    else if (status === "lagging") say(`${name} lags behind.`);
  }
}

/** @returns the exit code: 0, or 3 when `--once` could not read everything or not send everything */
async function watch(options: WatchOptions, signal: AbortSignal): Promise<number> {
  const { chain, contracts, tokens } = networkOf(options.network);
  const watcher = createWatcher({
    sources: httpSources(options.rpc.length > 0 ? options.rpc : chain.rpcUrls),
    chainId: chain.id,
    contracts,
    tokens: namedTokens({ chain, tokens }),
    file: watchFile(options.state),
    from: options["from-block"],
    notifiers: [
      lines((line) => {
        console.log(line);
      }),
      ...options.notify.map((notify) => reporting(notifierOf(notify))),
    ],
    now: Date.now,
  });
  const look = async () => {
    const view = await watcher.step(options.account);
    report(view);
    return view;
  };
  if (options.once) {
    let view = await look();
    const isReading = () => view.sources.some(({ status }) => status === "reading");
    for (let looks = 1; isReading() && looks < MOST_LOOKS && !signal.aborted; looks += 1) view = await look();
    return view.upToDate && view.unsent === 0 ? 0 : 3;
  }
  await lookAgainAndAgain({
    look,
    pause: () => wait(options.every * 1000, undefined, { signal }).catch(() => undefined),
    signal,
    onUnexpected: (where, cause) => {
      say(`${where}: ${cause instanceof Error ? cause.message : String(cause)}`);
    },
  });
  return 0;
}

const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    stop.abort();
  });
}
try {
  process.exitCode = await watch(watchOptions(process.argv.slice(2)), stop.signal);
} catch (error) {
  if (error instanceof UsageError) console.error(`${error.message}\n\n${USAGE}`);
  else if (error instanceof WalletError) console.error(`${error.message} ${error.whatToDo}`);
  else throw error;
  process.exitCode = 2;
}
