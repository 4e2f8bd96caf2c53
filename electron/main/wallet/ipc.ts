import { type BrowserWindow, ipcMain } from "electron";
import { unexpectedError, WalletError } from "#core/errors/wallet-error.ts";
import type { Envelope } from "#core/wallet-api/bridge.ts";
import { eventChannel, methodChannel } from "#core/wallet-api/channels.ts";
import {
  WALLET_METHODS,
  type WalletEvent,
  type WalletEventData,
  type WalletMethod,
} from "#core/wallet-api/methods.ts";
import { WALLET_ORIGIN } from "../app-files.ts";
import { isSender } from "../sender.ts";
import type { WalletHandlers } from "./handlers.ts";

export interface WalletIpcOptions {
  readonly window: () => BrowserWindow | undefined;
  readonly handlers: WalletHandlers;
  readonly onUnexpected: (method: string, cause: unknown) => void;
}

const forbidden = () =>
  new WalletError("forbidden", "This request did not come from Trivet's window.", "Nothing was done.");

const malformed = (cause: unknown) =>
  new WalletError(
    "malformed-request",
    "The window sent a request that does not fit the wallet API.",
    "Nothing was done. Restart Trivet if it happens again.",
    { cause },
  );

/** Answers the wallet API: one channel per method, the sender checked first, input and output parsed. */
export function serveWalletApi({ window, handlers, onUnexpected }: WalletIpcOptions): void {
  for (const method of Object.keys(WALLET_METHODS) as WalletMethod[]) {
    const { input: zInput, output: zOutput } = WALLET_METHODS[method];
    const handler = handlers[method] as (input: unknown) => Promise<unknown>;
    ipcMain.handle(methodChannel(method), async (event, raw: unknown): Promise<Envelope> => {
      try {
        if (!isSender(event, window(), WALLET_ORIGIN)) throw forbidden();
        const input = zInput.safeParse(raw ?? undefined);
        if (!input.success) throw malformed(input.error);
        return { ok: true, value: zOutput.parse(await handler(input.data)) };
      } catch (cause) {
        if (!(cause instanceof WalletError) || cause.cause !== undefined) onUnexpected(method, cause);
        return { ok: false, error: unexpectedError(cause).toJSON() };
      }
    });
  }
}

/** Tells the app's window something it did not ask for. */
export function sendEvent<E extends WalletEvent>(
  window: BrowserWindow | undefined,
  event: E,
  data: WalletEventData<E>,
): void {
  if (window && !window.isDestroyed()) window.webContents.send(eventChannel(event), data);
}
