import type { Browser, Page } from "playwright-core";
import { WalletError } from "#core/errors/wallet-error.ts";
import type { WalletEvent, WalletEventData, WalletMethod, WalletOutput } from "#core/wallet-api/methods.ts";

/** What the test's main process answers; a method without a handler answers with an error for people. */
export type Handlers = {
  [M in WalletMethod]?: (input: unknown) => Promise<WalletOutput<M>> | WalletOutput<M>;
};

declare global {
  interface Window {
    answerWallet: (method: string, input: unknown) => Promise<unknown>;
    walletListeners: Map<string, Set<(data: unknown) => void>>;
  }
}

export interface OpenPage {
  readonly page: Page;
  /** What the page complained about: uncaught errors, and everything its policy refused. */
  readonly complaints: string[];
  readonly emit: <E extends WalletEvent>(event: E, data: WalletEventData<E>) => Promise<void>;
}

export interface PageOptions {
  readonly theme?: "light" | "dark";
  readonly size?: { readonly width: number; readonly height: number };
  /** Left out: the page has no `window.trivet`, as in any other context. */
  readonly handlers?: Handlers;
}

async function answer(handlers: Handlers, method: WalletMethod, input: unknown): Promise<unknown> {
  try {
    const handler = handlers[method];
    if (!handler) throw new WalletError("no-handler", `The test answers no ${method}.`, "Add a handler.");
    return { ok: true, value: await handler(input) };
  } catch (error) {
    if (error instanceof WalletError) return { ok: false, error: error.toJSON() };
    throw error;
  }
}

/** Opens a page whose `window.trivet` is answered by the test, over the same bridge that the preload offers. */
export async function openPage(
  browser: Browser,
  url: string,
  { theme = "light", size = { width: 1280, height: 800 }, handlers }: PageOptions = {},
): Promise<OpenPage> {
  const context = await browser.newContext({ viewport: size, colorScheme: theme, reducedMotion: "reduce" });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  if (handlers) {
    await page.exposeBinding("answerWallet", (_source, method: WalletMethod, input: unknown) =>
      answer(handlers, method, input),
    );
    await page.addInitScript(() => {
      const listeners = new Map<string, Set<(data: unknown) => void>>();
      window.walletListeners = listeners;
      Object.assign(window, {
        trivet: {
          invoke: (method: string, input: unknown) => window.answerWallet(method, input),
          on: (event: string, callback: (data: unknown) => void) => {
            const set = listeners.get(event) ?? new Set();
            listeners.set(event, set.add(callback));
            return () => set.delete(callback);
          },
        },
      });
    });
  }
  await page.goto(url);
  return {
    page,
    complaints,
    async emit(event, data) {
      await page.evaluate(
        ([name, value]) => window.walletListeners.get(name)?.forEach((listener) => listener(value)),
        [event, data] as const,
      );
    },
  };
}
