import path from "node:path";

/** The two origins of the app: the wallet's window and the confirm window share nothing. */
export const WALLET_ORIGIN = "app://wallet";
export const CONFIRM_ORIGIN = "app://confirm";

export const CONTENT_TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".woff2": "font/woff2",
};

/** URL's own `origin` of a custom scheme is "null" in Node, so it is put together here. */
export function parseAppUrl(url: string): { origin: string; host: string; pathname: string } {
  const { protocol: scheme, host, pathname } = new URL(url);
  return { origin: `${scheme}//${host}`, host, pathname };
}

/** The file behind a URL of the app, or undefined when it is none of the built renderer's in `root`. */
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
  const relative = decoded === "/" || decoded === "" ? page : decoded.slice(1);
  const file = path.resolve(root, relative);
  const isOurs = file.startsWith(path.resolve(root) + path.sep) && !decoded.includes("\0");
  return isOurs && CONTENT_TYPES[path.extname(file)] ? file : undefined;
}
