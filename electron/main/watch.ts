import { setTimeout as wait } from "node:timers/promises";
import type { BrowserWindow } from "electron";
import type { PeopleNames } from "#core/activity/words.ts";
import type { NetworkConfig } from "#core/config/network.ts";
import type { Token } from "#core/wallet-api/state.ts";
import type { Operations } from "../services/operations/operations.ts";
import type { Profile } from "../services/profile.ts";
import type { SignedRecords } from "../services/records/signed-records.ts";
import type { JsonFile } from "../services/storage/json-file.ts";
import { type AccountWatch, watchAccount } from "../services/watcher/account-watch.ts";
import { httpSources } from "../services/watcher/http-source.ts";
import { type Message, textOf } from "../services/watcher/messages.ts";
import { isOwnNews, ownBy } from "../services/watcher/own.ts";
import { profileWatchFile } from "../services/watcher/state.ts";
import { createWatcher } from "../services/watcher/watcher.ts";
import type { Notify } from "./notifications.ts";
import { sendEvent } from "./wallet/ipc.ts";

/** On the devnet nobody wants to wait; elsewhere a block takes about this long. */
const EVERY_MS = { devnet: 3_000, live: 12_000 } as const;

export interface WatchOptions {
  readonly config: NetworkConfig;
  readonly directory: string;
  readonly tokens: readonly Token[];
  readonly people: () => Promise<PeopleNames>;
  readonly profile: JsonFile<Profile>;
  readonly operations: Pick<Operations, "submitted">;
  readonly signed: Pick<SignedRecords, "has">;
  readonly window: () => BrowserWindow | undefined;
  readonly notify: Notify;
  readonly onUnexpected: (where: string, cause: unknown) => void;
}

/** Watches the account, and shows what it finds as notifications of the desktop. */
export function startWatch(options: WatchOptions): AccountWatch {
  const { config, directory, tokens, people, profile, operations, signed, window, notify, onUnexpected } =
    options;
  const isOwn = ownBy(operations, signed);
  // Where the chain's clock was moved, what is left counts from there, as on every screen.
  const chainTime = () => Math.floor(Date.now() / 1000) + watcher.chainAhead();

  function show(message: Message): void {
    if (!isOwnNews(message, isOwn)) notify(message.title, textOf(message, chainTime()));
  }

  const watcher = createWatcher({
    sources: httpSources(config.chain.rpcUrls),
    chainId: config.chain.id,
    contracts: config.contracts,
    tokens,
    people,
    file: profileWatchFile(directory),
    from: 0,
    notifiers: [
      {
        name: "desktop",
        notify: (message) => {
          show(message);
          return Promise.resolve();
        },
      },
    ],
    now: Date.now,
  });
  return watchAccount({
    watcher,
    account: async () => (await profile.read())?.account?.address,
    isOwn,
    pause: (signal) => wait(EVERY_MS[config.kind], undefined, { signal }).catch(() => undefined),
    onChange: (view) => {
      sendEvent(window(), "watch", view);
    },
    onUnexpected,
  });
}
