import path from "node:path";
import { BrowserWindow, ipcMain } from "electron";
import { z } from "zod";
import { WalletError } from "#core/errors/wallet-error.ts";
import { CONFIRM_CHANNELS } from "#core/wallet-api/channels.ts";
import type { ConfirmView } from "#core/wallet-api/operation-view.ts";
import { CONFIRM_ORIGIN } from "../app-files.ts";
import { isSender } from "../sender.ts";
import { webPreferences } from "./web-preferences.ts";

const zDecision = z.strictObject({ id: z.uuid(), approved: z.boolean() });

interface Open {
  readonly view: ConfirmView;
  readonly window: BrowserWindow;
  readonly decide: (approved: boolean) => void;
}

/** Shows what the vault will sign, in a window that the app's window cannot reach; one at a time. */
export interface ConfirmWindow {
  /** Resolves with the person's decision; closing the window rejects. */
  readonly ask: (view: ConfirmView) => Promise<boolean>;
  readonly bringToFront: () => void;
  /** Closes it if it shows this view: the decision is no. */
  readonly takeBack: (id: ConfirmView["id"]) => void;
  /** Closes it, whatever it shows: the decision is no. */
  readonly dismiss: () => void;
}

export function createConfirmWindow(preloads: string): ConfirmWindow {
  let open: Open | undefined;

  function current(event: Parameters<typeof isSender>[0]): Open {
    if (!open || !isSender(event, open.window, CONFIRM_ORIGIN)) {
      throw new WalletError(
        "forbidden",
        "This request did not come from the confirm window.",
        "Nothing was done.",
      );
    }
    return open;
  }

  ipcMain.handle(CONFIRM_CHANNELS.view, (event) => current(event).view);
  ipcMain.handle(CONFIRM_CHANNELS.decide, (event, input: unknown) => {
    const asked = current(event);
    const { id, approved } = zDecision.parse(input);
    // A late click for an earlier operation must not decide this one.
    if (id === asked.view.id) asked.decide(approved);
  });

  return {
    async ask(view) {
      if (open) {
        open.window.focus();
        throw new WalletError(
          "confirm-busy",
          "Another operation is waiting in the confirm window.",
          "Decide that one first, then continue this one.",
        );
      }
      const window = new BrowserWindow({
        width: 560,
        height: 760,
        minWidth: 480,
        minHeight: 560,
        title: "Trivet: confirm",
        show: false,
        autoHideMenuBar: true,
        alwaysOnTop: true,
        webPreferences: webPreferences(path.join(preloads, "confirm.cjs")),
      });
      const decision = new Promise<boolean>((resolve) => {
        open = { view, window, decide: resolve };
        window.once("closed", () => {
          resolve(false);
        });
      });
      window.once("ready-to-show", () => {
        window.show();
      });
      try {
        // Closed while it loads, it loads no more: that is a decision too.
        await Promise.race([window.loadURL(`${CONFIRM_ORIGIN}/`), decision]);
        return await decision;
      } finally {
        open = undefined;
        if (!window.isDestroyed()) window.destroy();
      }
    },
    bringToFront() {
      open?.window.show();
      open?.window.focus();
    },
    takeBack(id) {
      if (open?.view.id === id) open.decide(false);
    },
    dismiss() {
      open?.decide(false);
    },
  };
}
