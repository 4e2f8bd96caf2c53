import { readFile } from "node:fs/promises";
import path from "node:path";
import { protocol } from "electron";

/** The two origins of the app: the wallet's window and the confirm window share nothing. */
export const APP_SCHEME = "app";
export const WALLET_ORIGIN = "app://wallet";
export const CONFIRM_ORIGIN = "app://confirm";

const CONTENT_TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".woff2": "font/woff2",
};

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

/** Must run before the app is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: false } },
  ]);
}

/** The file behind a URL of the app, or undefined when it is none of ours. */
export function fileOfUrl(url: string, root: string): string | undefined {
  const { origin, host, pathname } = parseAppUrl(url);
  if (origin !== WALLET_ORIGIN && origin !== CONFIRM_ORIGIN) return undefined;
  let decoded: string;
  try {
    decoded = decodeURIComponent(pathname);
  } catch {
    return undefined;
  }
  const page = host === "confirm" ? "confirm/index.html" : "index.html";
  const relative = decoded === "/" ? page : decoded.slice(1);
  const file = path.resolve(root, relative);
  return file.startsWith(root + path.sep) && CONTENT_TYPES[path.extname(file)] ? file : undefined;
}

/** URL's own `origin` of a custom scheme is "null" in Node, so it is put together here. */
export function parseAppUrl(url: string): { origin: string; host: string; pathname: string } {
  const { protocol: scheme, host, pathname } = new URL(url);
  return { origin: `${scheme}//${host}`, host, pathname };
}

/** Serves the built renderer, and only that, under the app's scheme. */
export function serveApp(root: string): void {
  protocol.handle(APP_SCHEME, async (request) => {
    const file = request.method === "GET" ? fileOfUrl(request.url, root) : undefined;
    if (!file) return new Response("Not found", { status: 404 });
    try {
      const body = await readFile(file);
      const type = CONTENT_TYPES[path.extname(file)] ?? "application/octet-stream";
      return new Response(new Uint8Array(body), { headers: { ...HEADERS, "content-type": type } });
    } catch {
      return new Response("Not found", { status: 404 });
    }
  });
}
