import type { BrowserWindow, IpcMainInvokeEvent } from "electron";
import { parseAppUrl } from "./app-files.ts";

/**
 * Whether an IPC message comes from the main frame of the window it should come from, showing the page it should
 * show. Anything else (a frame inside it, another window, a page that navigated away) gets no answer.
 */
export function isSender(
  event: Pick<IpcMainInvokeEvent, "sender" | "senderFrame">,
  window: BrowserWindow | undefined,
  origin: string,
): boolean {
  const frame = event.senderFrame;
  if (!window || window.isDestroyed() || !frame) return false;
  return (
    event.sender.id === window.webContents.id &&
    frame.parent === null &&
    parseAppUrl(frame.url).origin === origin
  );
}
