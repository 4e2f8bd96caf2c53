import { z } from "zod";
import { WalletError } from "../errors/wallet-error.ts";
import { gatherLetter } from "../friends/gather.ts";
import { MOST_LINK_CHARACTERS } from "../friends/limits.ts";
import { parseAccountText } from "../joining/account-text.ts";
import { parseJoinRequest } from "../joining/request.ts";

/** What the links that the operating system hands to Trivet begin with. */
export const LINK_SCHEME = "trivet";

/** A letter's link is the longest; in characters. */
const MOST_LENGTH = MOST_LINK_CHARACTERS + 100;

/** A link that was opened outside Trivet. Anybody can write one: its text goes where it could be pasted as well. */
export const zLink = z.discriminatedUnion("kind", [
  /** A letter between friends, or one of its parts. */
  z.object({ kind: z.literal("letter"), text: z.string() }),
  /** The request of a new computer. */
  z.object({ kind: z.literal("request"), text: z.string() }),
  /** Which account a new computer is to join. */
  z.object({ kind: z.literal("account"), text: z.string() }),
  /** Nothing that this version of Trivet knows. */
  z.object({ kind: z.literal("unknown") }),
]);
export type Link = z.output<typeof zLink>;

/** The link among the arguments with which the app was started, if there is one. */
export const linkAmong = (args: readonly string[]): string | undefined =>
  args.find((arg) => arg.toLowerCase().startsWith(`${LINK_SCHEME}:`));

function isLetter(text: string): boolean {
  try {
    gatherLetter([], text);
    return true;
  } catch (cause) {
    if (cause instanceof WalletError) return false;
    throw cause;
  }
}

/** What a link is, by the same readers as a text that was pasted. Whether it may be believed is not said by that. */
export function readLink(text: string): Link {
  if (text.length > MOST_LENGTH || !/^trivet:[\x21-\x7e]+$/.test(text)) return { kind: "unknown" };
  if (text.startsWith("trivet:join?")) {
    return "signed" in parseJoinRequest(text) ? { kind: "request", text } : { kind: "unknown" };
  }
  if (text.startsWith("trivet:account/")) {
    return "account" in parseAccountText(text) ? { kind: "account", text } : { kind: "unknown" };
  }
  return isLetter(text) ? { kind: "letter", text } : { kind: "unknown" };
}
