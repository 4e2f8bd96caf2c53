import type { BrowserWindow } from "electron";
import { parseAppUrl, WALLET_ORIGIN } from "./app-files.ts";

/** What Electron says of a page that wants a permission, in one shape for its requests and its checks. */
export interface Asked {
  readonly permission: string;
  /** The web contents that ask; Electron does not always know. */
  readonly contents: { readonly id: number } | null;
  readonly isMainFrame: boolean;
  /** The page, or its origin. */
  readonly url: string | undefined;
  /** "video" is the camera, "audio" the microphone. */
  readonly media: readonly (string | undefined)[];
}

/**
 * Whether the wallet's own window asks for the camera and nothing else: to read QR codes. It is the only permission
 * that a page ever gets.
 */
export function isCameraForWallet(asked: Asked, window: BrowserWindow | undefined): boolean {
  const { permission, contents, isMainFrame, url, media } = asked;
  if (permission !== "media" || media.length !== 1 || media[0] !== "video") return false;
  if (!window || window.isDestroyed() || contents?.id !== window.webContents.id || !isMainFrame) return false;
  return url !== undefined && URL.canParse(url) && parseAppUrl(url).origin === WALLET_ORIGIN;
}
