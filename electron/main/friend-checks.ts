import { setTimeout as wait } from "node:timers/promises";
import { WalletError } from "#core/errors/wallet-error.ts";
import { listWords } from "#core/security/rules/words.ts";
import type { Friends } from "../services/friends/friends.ts";
import type { Profile } from "../services/profile.ts";
import type { JsonFile } from "../services/storage/json-file.ts";
import { lookAgainAndAgain } from "../services/watcher/schedule.ts";
import type { Notify } from "./notifications.ts";

/** A check falls due once a year: an hour more or less is soon enough. */
const EVERY_MS = 3_600_000;

export interface FriendChecksOptions {
  readonly friends: Pick<Friends, "fallenDue">;
  readonly profile: JsonFile<Profile>;
  readonly notify: Notify;
  readonly onUnexpected: (where: string, cause: unknown) => void;
}

/** Reminds the person, once for each, of friends who are to be asked whether they are still there. */
export function remindOfChecks({ friends, profile, notify, onUnexpected }: FriendChecksOptions): {
  readonly stop: () => void;
} {
  const stop = new AbortController();
  async function look(): Promise<void> {
    if (!(await profile.read())?.account) return;
    const names = await friends.fallenDue();
    if (names.length === 0) return;
    notify(
      `Is ${listWords(names, "and")} still there?`,
      "Trivet has not seen that key work for a year. Ask from the friends screen: the answer is a signature that moves nothing.",
    );
  }
  void lookAgainAndAgain({
    look,
    pause: () => wait(EVERY_MS, undefined, { signal: stop.signal }).catch(() => undefined),
    signal: stop.signal,
    onUnexpected: (_, cause) => {
      // Where the chain cannot be reached, the next look tells.
      if (!(cause instanceof WalletError)) onUnexpected("friend-checks", cause);
    },
  });
  return {
    stop: () => {
      stop.abort();
    },
  };
}
