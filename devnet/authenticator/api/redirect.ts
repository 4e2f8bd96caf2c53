/** Where a browser may be sent back to: on a real project the dashboard lists it, here it is this computer. */
import { z } from "zod";
import { ApiError } from "./errors.ts";
import { orError } from "./fields.ts";

/** The wallet's own scheme, for links that open the app. */
const APP_SCHEME = "trivet:";
const LOOPBACK = ["127.0.0.1", "localhost"];

/** Whether a browser may be sent to an address with a token in it: a page of this computer, or the app itself. */
export function isOwnUrl(url: URL): boolean {
  if (url.username !== "" || url.password !== "") return false;
  return url.protocol === APP_SCHEME || (url.protocol === "http:" && LOOPBACK.includes(url.hostname));
}

export const zRedirectUrl = z.string(orError("no_match_for_provided_oauth_url")).max(2048);

/** @throws ApiError `no_match_for_provided_oauth_url` when it leads elsewhere */
export function parseRedirectUrl(text: string | undefined): URL | undefined {
  if (text === undefined || text === "") return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !isOwnUrl(url)) throw new ApiError("no_match_for_provided_oauth_url");
  return url;
}

/** The address with a token, in the parameters that Stytch's clients look for. */
export function withToken(redirect: URL, type: "oauth" | "reset_password", token: string): string {
  const url = new URL(redirect);
  url.searchParams.set("stytch_token_type", type);
  url.searchParams.set("token", token);
  return url.href;
}
