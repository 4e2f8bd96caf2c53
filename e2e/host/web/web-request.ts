import { loud } from "../loud.ts";

type Filter = { urls: string[] };
type BeforeRequest = (
  details: Electron.OnBeforeRequestListenerDetails,
  callback: (response: Electron.CallbackResponse) => void,
) => void;
type HeadersReceived = (
  details: Electron.OnHeadersReceivedListenerDetails,
  callback: (response: Electron.HeadersReceivedResponse) => void,
) => void;

interface Hook<L> {
  readonly matches: (url: string) => boolean;
  readonly listener: L;
}

/** What the app watches of its windows' requests; one listener of each kind, as in Electron. */
export const hooks: { beforeRequest?: Hook<BeforeRequest>; headersReceived?: Hook<HeadersReceived> } = {};

/** A pattern of a filter, like `https://*.example.com/*` or `<all_urls>`. */
function toRegExp(pattern: string): RegExp {
  if (pattern === "<all_urls>") return /^/;
  const literal = pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${literal.replaceAll("*", ".*")}$`);
}

function hook<L>(filterOrListener: Filter | L | null, listener?: L | null): Hook<L> | undefined {
  if (listener) {
    const patterns = (filterOrListener as Filter).urls.map(toRegExp);
    return { matches: (url) => patterns.some((pattern) => pattern.test(url)), listener };
  }
  if (typeof filterOrListener !== "function") return undefined;
  return { matches: () => true, listener: filterOrListener };
}

/** Electron's `session.webRequest`, as far as it decides on requests and headers. */
export const webRequest = loud("webRequest", {
  onBeforeRequest(filter: Filter | BeforeRequest | null, listener?: BeforeRequest | null): void {
    hooks.beforeRequest = hook(filter, listener);
  },
  onHeadersReceived(filter: Filter | HeadersReceived | null, listener?: HeadersReceived | null): void {
    hooks.headersReceived = hook(filter, listener);
  },
});
