import { loud } from "../loud.ts";
import { isReady } from "../app/readiness.ts";

export type SchemeHandler = (request: Request) => Response | Promise<Response>;

const registered = new Set<string>();
const handlers = new Map<string, SchemeHandler>();

/** Chromium cannot show a scheme of the app's own. Its pages live under https names that exist nowhere. */
const TOP = ".invalid";

/**
 * The address under which Chromium shows a page: `app://wallet/x` is shown as `https://app-wallet.invalid/x`, a
 * secure context and a site of its own for every host. Other addresses stay as they are.
 */
export function toShown(url: string): string {
  const parsed = URL.parse(url);
  if (!parsed || !registered.has(parsed.protocol.slice(0, -1))) return url;
  const { protocol, host, pathname, search, hash } = parsed;
  return `https://${protocol.slice(0, -1)}-${host}${TOP}${pathname === "" ? "/" : pathname}${search}${hash}`;
}

/** The address as the app knows it, from the one that Chromium shows. */
export function fromShown(url: string): string {
  const parsed = URL.parse(url);
  if (parsed?.protocol !== "https:" || !parsed.hostname.endsWith(TOP)) return url;
  const name = parsed.hostname.slice(0, -TOP.length);
  for (const scheme of registered) {
    if (!name.startsWith(`${scheme}-`)) continue;
    return `${scheme}://${name.slice(scheme.length + 1)}${parsed.pathname}${parsed.search}${parsed.hash}`;
  }
  return url;
}

/** The origin of an address as Electron gives it, also for schemes of the app's own. */
export function originOf(url: string): string {
  const parsed = URL.parse(url);
  if (!parsed) return "null";
  const own = registered.has(parsed.protocol.slice(0, -1));
  return own ? `${parsed.protocol}//${parsed.host}` : parsed.origin;
}

/** What answers requests for an address, if it is of a scheme of the app's own. */
export function handlerOf(url: string): SchemeHandler | undefined {
  return handlers.get(URL.parse(url)?.protocol.slice(0, -1) ?? "");
}

/** Electron's `protocol`. There is one session only, so this is its `protocol` too. */
export const protocol = loud("protocol", {
  registerSchemesAsPrivileged(schemes: Electron.CustomScheme[]): void {
    if (isReady()) {
      throw new Error("protocol.registerSchemesAsPrivileged should be called before app is ready");
    }
    for (const { scheme, privileges } of schemes) {
      if (!privileges?.standard || !privileges.secure) {
        throw new Error(`the stand-in shows "${scheme}" only as a standard and secure scheme`);
      }
      registered.add(scheme);
    }
  },

  handle(scheme: string, handler: SchemeHandler): void {
    if (!registered.has(scheme)) {
      throw new Error(`the stand-in handles registered schemes only, and "${scheme}" is not`);
    }
    if (handlers.has(scheme)) throw new Error(`Failed to register protocol: ${scheme}`);
    handlers.set(scheme, handler);
  },

  unhandle(scheme: string): void {
    if (!handlers.delete(scheme)) throw new Error(`Failed to unregister protocol: ${scheme}`);
  },

  isProtocolHandled: (scheme: string): boolean => handlers.has(scheme),
} satisfies Partial<Electron.Protocol>);
