import type { Address } from "#core/primitives/address.ts";
import { isStanding, tellingOf } from "#core/watch/alerts.ts";
import type { Warning, WatchApiView } from "#core/wallet-api/watch.ts";
import type { IsOwn } from "./own.ts";
import { lookAgainAndAgain } from "./schedule.ts";
import type { WatchedAlert, Watcher, WatchView } from "./watcher.ts";

export interface AccountWatchOptions {
  readonly watcher: Pick<Watcher, "step" | "see">;
  /** The account of this computer; undefined while there is none. */
  readonly account: () => Promise<Address | undefined>;
  /** Whether this computer did it: then it is no news. */
  readonly isOwn: IsOwn;
  readonly pause: (signal: AbortSignal) => Promise<void>;
  readonly onChange: (view: WatchApiView) => void;
  readonly onUnexpected: (where: string, cause: unknown) => void;
}

/** The watch over this computer's account, for the app. */
export interface AccountWatch {
  readonly view: () => WatchApiView;
  readonly see: (telling: string) => Promise<WatchApiView>;
  readonly stop: () => void;
}

/** Nothing was looked at yet. */
const UNKNOWN: WatchApiView = { warnings: [], sources: [], differences: [], upToDate: false };

function warningOf({ alert, words, said }: WatchedAlert, chainAhead: number): Warning {
  return {
    telling: tellingOf(alert),
    ...words,
    standing: isStanding(alert),
    // The chain's clock is not this computer's: countdowns run by the latter.
    ...(alert.until !== undefined && { until: (alert.until - chainAhead) * 1000 }),
    ...(alert.veto && { remedy: alert.veto.remedy }),
    contradictedBy: said.contradictedBy,
  };
}

/** What goes on first, and of that what ends soonest. */
const pressing = (a: Warning, b: Warning): number =>
  Number(b.standing) - Number(a.standing) || (a.until ?? Infinity) - (b.until ?? Infinity) || 0;

/** The view as the app's window gets it. */
export function apiView(view: WatchView, isOwn: IsOwn): WatchApiView {
  return {
    warnings: view.alerts
      // Gates have screens of their own.
      .filter(({ alert }) => alert.account !== undefined)
      .filter(({ alert, seen }) => isStanding(alert) || !(seen || isOwn(alert)))
      .map((alert) => warningOf(alert, view.chainAhead))
      .sort(pressing),
    sources: view.sources.map(({ name, status, block, trouble }) => ({
      name,
      status,
      ...(block !== undefined && { block }),
      ...(trouble && { trouble: trouble.message }),
    })),
    differences: [...view.differences],
    upToDate: view.upToDate,
  };
}

/** Watches this computer's account until it is stopped, also while the wallet is locked: no key is needed for it. */
export function watchAccount(options: AccountWatchOptions): AccountWatch {
  const { watcher, account, isOwn, pause, onChange, onUnexpected } = options;
  const stop = new AbortController();
  let current = UNKNOWN;

  function show(view: WatchApiView): void {
    const before = JSON.stringify(current);
    current = view;
    if (JSON.stringify(view) !== before) onChange(view);
  }

  async function look(): Promise<void> {
    const address = await account();
    if (address) show(apiView(await watcher.step([address]), isOwn));
  }

  void lookAgainAndAgain({ look, pause: () => pause(stop.signal), signal: stop.signal, onUnexpected });

  return {
    view: () => current,
    async see(telling) {
      await watcher.see(telling);
      show({
        ...current,
        warnings: current.warnings.filter((one) => one.standing || one.telling !== telling),
      });
      return current;
    },
    stop: () => {
      stop.abort();
    },
  };
}
