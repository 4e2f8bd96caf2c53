import type { MiddlewareHandler } from "hono";
import { DEVNET_AUTHENTICATOR } from "#core/security/devnet-authenticator.ts";

const LOOPBACK = ["127.0.0.1", "localhost"];

/** The origin, if it is a page served from this computer. */
export function loopbackOrigin(origin: string): string | undefined {
  return URL.canParse(origin) && LOOPBACK.includes(new URL(origin).hostname) ? origin : undefined;
}

/**
 * Refuses requests that were addressed to another name. A web page can make its own name point to this computer
 * (DNS rebinding) and would then be of the same origin as the authenticator.
 */
export const knownHostOnly: MiddlewareHandler = async (c, next) => {
  const url = `http://${c.req.header("host") ?? ""}`;
  const name = URL.canParse(url) ? new URL(url).hostname : "";
  if (![...LOOPBACK, DEVNET_AUTHENTICATOR.host].includes(name)) {
    return c.json({ error: "The authenticator does not answer to this name." }, 421);
  }
  return next();
};
