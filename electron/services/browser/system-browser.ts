import { WalletError } from "#core/errors/wallet-error.ts";
import type { BrowserVisit } from "./visit.ts";

/** The person's own browser. */
export interface SystemBrowser {
  /**
   * Has the browser go on a visit and waits for what comes of it. One visit at a time: an earlier one is ended.
   * @param start where the browser begins, if not at the visit's own page: an address of the configuration
   * @throws WalletError "browser-closed" when the visit was ended, or what the visit itself makes of it
   */
  readonly visit: <Answer>(visit: BrowserVisit<Answer>, start?: string) => Promise<Answer>;
  /** Ends the visit that is open; nothing to do without one. */
  readonly cancel: () => void;
}

export interface SystemBrowserOptions {
  /** Hands an address to the operating system. */
  readonly openExternal: (url: string) => Promise<void>;
  /** Addresses of the configuration at which a visit may begin; what is below them is theirs. */
  readonly startsAt: readonly string[];
}

/** Whether an address is below another: the same origin, and the path or one under it. */
function isBelow(address: URL, base: URL): boolean {
  const folder = base.pathname.endsWith("/") ? base.pathname : `${base.pathname}/`;
  return address.origin === base.origin && address.pathname.startsWith(folder);
}

/** Opens nothing but a visit's own page and what the configuration names. */
export function createSystemBrowser({ openExternal, startsAt }: SystemBrowserOptions): SystemBrowser {
  const bases = startsAt.map((address) => new URL(address));
  let open: BrowserVisit<unknown> | undefined;

  return {
    async visit(visit, start = visit.url) {
      open?.close();
      open = visit;
      try {
        const address = new URL(start);
        if (start !== visit.url && !bases.some((base) => isBelow(address, base))) {
          throw new TypeError(`an address that the configuration does not name: ${address.origin}`);
        }
        await openExternal(address.href).catch((cause: unknown) => {
          throw notOpened(cause);
        });
        return await visit.answer;
      } finally {
        visit.close();
        if (open === visit) open = undefined;
      }
    },
    cancel() {
      open?.close();
    },
  };
}

const notOpened = (cause: unknown) =>
  new WalletError(
    "browser-not-opened",
    "Trivet could not open your browser.",
    "Check that this computer has a default browser, then try again.",
    { cause },
  );
