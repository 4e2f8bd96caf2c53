import { readFile } from "node:fs/promises";
import path from "node:path";
import { protocol } from "electron";
import { CONTENT_TYPES, fileOfUrl, parseAppUrl, WALLET_ORIGIN } from "./app-files.ts";

const APP_SCHEME = "app";

/** Nothing from elsewhere, nothing inline, no connections: the window talks to main over the wallet API only. */
const HEADERS = {
  "content-security-policy": [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; "),
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
} as const;

/** What pages may ask main for at all: the wallet's for the camera. Everything else is refused before main is asked. */
const permissionsPolicy = (url: string) =>
  [
    parseAppUrl(url).origin === WALLET_ORIGIN ? "camera=(self)" : "camera=()",
    "microphone=()",
    "display-capture=()",
    "geolocation=()",
    "usb=()",
    "hid=()",
    "serial=()",
  ].join(", ");

/** Must run before the app is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: false } },
  ]);
}

/** Serves the built renderer, and only that, under the app's scheme. */
export function serveApp(root: string): void {
  protocol.handle(APP_SCHEME, async (request) => {
    const file = request.method === "GET" ? fileOfUrl(request.url, root) : undefined;
    if (!file) return new Response("Not found", { status: 404 });
    try {
      const body = await readFile(file);
      const type = CONTENT_TYPES[path.extname(file)] ?? "application/octet-stream";
      const headers = {
        ...HEADERS,
        "permissions-policy": permissionsPolicy(request.url),
        "content-type": type,
      };
      return new Response(new Uint8Array(body), { headers });
    } catch {
      return new Response("Not found", { status: 404 });
    }
  });
}
