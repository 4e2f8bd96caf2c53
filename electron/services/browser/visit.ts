/**
 * A visit of the system browser to the wallet: a page on a free port of this computer, under a path nobody can guess,
 * that gives one answer and is gone (RFC 8252, section 7.3).
 */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { WalletError } from "#core/errors/wallet-error.ts";

/** A page that waits for the browser. */
export interface BrowserVisit<Answer> {
  /** What the browser has to open, or be sent back to. */
  readonly url: string;
  /** What came of it. @throws WalletError "browser-timeout" when nothing did, or what the page itself makes of it */
  readonly answer: Promise<Answer>;
  /** Ends the visit; an answer that is still open is rejected with "browser-closed". */
  close(): void;
}

export interface VisitOptions {
  /** How long the person may take, in milliseconds. */
  readonly timeoutMs?: number;
}

/** What a page does with a request to its own address or below it. */
export interface VisitPage<Answer> {
  /** The name in the address. Passkeys are given to names only, everything else is safer with the number. */
  readonly host: "127.0.0.1" | "localhost";
  /**
   * Answers the browser. Whoever calls `done` or `fail` first decides.
   *
   * @param path below the visit's own address, "" for the address itself
   */
  respond(request: IncomingMessage, path: string, response: ServerResponse, end: VisitEnd<Answer>): void;
}

export interface VisitEnd<Answer> {
  readonly done: (answer: Answer) => void;
  readonly fail: (error: Error) => void;
  /** The visit's own address, as the browser names it. */
  readonly url: URL;
}

const TIMEOUT_MS = 10 * 60_000;

const timedOut = () =>
  new WalletError(
    "browser-timeout",
    "Nothing came back from the browser.",
    "Start again, and finish in the browser window that opens.",
  );
const closed = () =>
  new WalletError("browser-closed", "The browser's visit was ended.", "Start again when you are ready.");

/** Opens a page for one visit. */
export async function openVisit<Answer>(
  page: VisitPage<Answer>,
  { timeoutMs = TIMEOUT_MS }: VisitOptions = {},
): Promise<BrowserVisit<Answer>> {
  const { promise: answer, resolve, reject } = Promise.withResolvers<Answer>();
  const secretPath = `/${randomBytes(24).toString("base64url")}`;

  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    const { pathname } = new URL(request.url ?? "/", url);
    const isOurs = pathname === secretPath || pathname.startsWith(`${secretPath}/`);
    // Another name in the Host header is another site's, pointed at this computer (DNS rebinding).
    if (!isOurs || request.headers.host !== url.host) {
      response.writeHead(404).end();
      return;
    }
    page.respond(request, pathname.slice(secretPath.length), response, end);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new TypeError("A port was expected.");
  const url = new URL(`http://${page.host}:${address.port}${secretPath}`);

  const stop = () => {
    clearTimeout(timer);
    server.close();
    server.closeIdleConnections();
  };
  const end: VisitEnd<Answer> = {
    url,
    done: (value) => {
      resolve(value);
      stop();
    },
    fail: (error) => {
      reject(error);
      stop();
    },
  };
  const timer = setTimeout(() => end.fail(timedOut()), timeoutMs);
  answer.catch(() => undefined); // Whoever awaits it hears of it; a visit that nobody awaits must not end the app.
  return { url: url.href, answer, close: () => end.fail(closed()) };
}

const HEADERS = {
  "Cache-Control": "no-store",
  "Content-Security-Policy":
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  "Cross-Origin-Resource-Policy": "same-origin",
  // The address is a secret, and so may be what a provider put behind it.
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  Connection: "close",
} as const;

/** A page for people, without anything that runs. @param head markup of ours for the head */
export function htmlPage(title: string, body: string, head = ""): string {
  return [
    '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
    `<title>${title}</title>${head}`,
    `<main><h1>${title}</h1>${body}</main></html>`,
  ].join("\n");
}

/** Sends a page. */
export function sendPage(response: ServerResponse, html: string): void {
  response.writeHead(200, { "Content-Type": "text/html; charset=utf-8" }).end(html);
}
