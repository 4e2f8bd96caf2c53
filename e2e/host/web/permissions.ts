import type { Protocol } from "../chromium/protocol.ts";
import { say } from "../say.ts";
import type { WebContents } from "../window/web-contents.ts";
import { originOf } from "./schemes.ts";

type PermissionName = Parameters<
  NonNullable<Parameters<Electron.Session["setPermissionCheckHandler"]>[0]>
>[1];

interface Details {
  readonly isMainFrame: boolean;
  readonly requestingUrl: string;
  /** Of a request for "media". */
  readonly mediaTypes?: readonly MediaType[];
  /** Of a check of "media". */
  readonly mediaType?: MediaType;
}
type MediaType = "video" | "audio";
type RequestHandler = (
  contents: WebContents,
  permission: PermissionName,
  decide: (granted: boolean) => void,
  details: Details,
) => void;
type CheckHandler = (
  contents: WebContents | null,
  permission: PermissionName,
  requestingOrigin: string,
  details: Details,
) => boolean;

/** What "media" is about, by Chromium's name. */
const MEDIA: Readonly<Record<string, MediaType>> = { camera: "video", microphone: "audio" };

/** Electron's names of permissions, and what Chromium calls them where it lets them be set. */
const PERMISSIONS = [
  ["background-fetch", { name: "background-fetch" }],
  ["background-sync", { name: "background-sync" }],
  ["clipboard-read", { name: "clipboard-read" }],
  ["clipboard-sanitized-write", { name: "clipboard-write" }],
  ["display-capture", { name: "display-capture" }],
  ["geolocation", { name: "geolocation" }],
  ["idle-detection", { name: "idle-detection" }],
  ["keyboardLock", { name: "keyboard-lock" }],
  ["local-fonts", { name: "local-fonts" }],
  ["local-network-access", { name: "local-network-access" }],
  ["loopback-network", { name: "loopback-network" }],
  ["media", { name: "camera" }],
  ["media", { name: "microphone" }],
  ["midi", { name: "midi" }],
  ["midiSysex", { name: "midi", sysex: true }],
  ["nfc", { name: "nfc" }],
  ["notifications", { name: "notifications" }],
  ["payment-handler", { name: "payment-handler" }],
  ["periodic-background-sync", { name: "periodic-background-sync" }],
  ["persistent-storage", { name: "persistent-storage" }],
  ["pointerLock", { name: "pointer-lock" }],
  ["screen-wake-lock", { name: "screen-wake-lock" }],
  ["sensors", { name: "accelerometer" }],
  ["sensors", { name: "gyroscope" }],
  ["speaker-selection", { name: "speaker-selection" }],
  ["storage-access", { name: "storage-access" }],
  ["system-wake-lock", { name: "system-wake-lock" }],
  ["top-level-storage-access", { name: "top-level-storage-access" }],
  ["window-management", { name: "window-management" }],
] as const satisfies (readonly [PermissionName, Protocol.Browser.PermissionDescriptor])[];

let onRequest: RequestHandler | null = null;
let onCheck: CheckHandler | null = null;
let warned = false;

export function setPermissionRequestHandler(handler: RequestHandler | null): void {
  onRequest = handler;
}

export function setPermissionCheckHandler(handler: CheckHandler | null): void {
  onCheck = handler;
}

/**
 * Chromium cannot be made to ask the app while a page runs, so the app's handlers are asked about every permission
 * when a page is loaded: granted is what either of them grants.
 *
 * @param url the page, as the app knows it
 */
export async function decidePermissions(
  contents: WebContents,
  url: string,
): Promise<{ permission: Protocol.Browser.PermissionDescriptor; setting: "granted" | "denied" }[]> {
  if ((!onRequest || !onCheck) && !warned) {
    warned = true;
    say("Electron would grant pages every permission: the app sets no handler that denies them.");
  }
  const details = { isMainFrame: true, requestingUrl: url };
  const check = (name: PermissionName, mediaType: MediaType | undefined) =>
    onCheck?.(contents, name, originOf(url), { ...details, ...(mediaType && { mediaType }) }) ?? true;
  const request = (name: PermissionName, mediaType: MediaType | undefined) =>
    new Promise<boolean>((resolve) => {
      if (!onRequest) resolve(true);
      else onRequest(contents, name, resolve, { ...details, ...(mediaType && { mediaTypes: [mediaType] }) });
    });
  return Promise.all(
    PERMISSIONS.map(async ([name, permission]) => {
      const media = MEDIA[permission.name];
      const granted = check(name, media) || (await request(name, media));
      return { permission, setting: granted ? "granted" : "denied" } as const;
    }),
  );
}
