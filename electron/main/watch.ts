import { setTimeout as wait } from "node:timers/promises";
import { type BrowserWindow, Notification } from "electron";
import type { NetworkConfig } from "#core/config/network.ts";
import { timeLeft } from "#core/watch/words.ts";
import type { Operations } from "../services/operations/operations.ts";
import type { Profile } from "../services/profile.ts";
import type { JsonFile } from "../services/storage/json-file.ts";
import { type AccountWatch, isOwnNews, watchAccount } from "../services/watcher/account-watch.ts";
import { httpSources } from "../services/watcher/http-source.ts";
import type { Message } from "../services/watcher/messages.ts";
import { profileWatchFile } from "../services/watcher/state.ts";
import { createWatcher } from "../services/watcher/watcher.ts";
import { sendEvent } from "./wallet/ipc.ts";

/** On the devnet nobody wants to wait; elsewhere a block takes about this long. */
const EVERY_MS = { devnet: 3_000, live: 12_000 } as const;

export interface WatchOptions {
  readonly config: NetworkConfig;
  readonly directory: string;
  readonly profile: JsonFile<Profile>;
  readonly operations: Operations;
  readonly window: () => BrowserWindow | undefined;
  readonly onUnexpected: (where: string, cause: unknown) => void;
}

function bodyOf(message: Message): string {
  if (message.type !== "alert" || message.alert.until === undefined) return message.detail;
  const left = message.alert.until - Math.floor(Date.now() / 1000);
  return left > 0 ? `${timeLeft(left)} left. ${message.detail}` : message.detail;
}

/** Watches the account, and shows what it finds as notifications of the desktop; a click brings the window. */
export function startWatch(options: WatchOptions): AccountWatch {
  const { config, directory, profile, operations, window, onUnexpected } = options;
  const isOwn = (transaction: string) =>
    operations.list().some(({ transactionHash }) => transactionHash === transaction);
  // Kept until it is closed: one that is collected as garbage does not hear its click.
  const open = new Set<Notification>();

  function show(message: Message): void {
    if (!Notification.isSupported() || isOwnNews(message, isOwn)) return;
    const notification = new Notification({ title: message.title, body: bodyOf(message) });
    open.add(notification);
    notification.on("close", () => open.delete(notification));
    notification.on("click", () => {
      const app = window();
      if (app?.isMinimized()) app.restore();
      app?.focus();
    });
    notification.show();
  }

  const watcher = createWatcher({
    sources: httpSources(config.chain.rpcUrls),
    chainId: config.chain.id,
    contracts: config.contracts,
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
