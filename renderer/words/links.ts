import type { Link } from "#core/links/link.ts";
import type { WalletState } from "#core/wallet-api/state.ts";

/** What is said of a link that was opened outside Trivet. */
export interface LinkWords {
  readonly title: string;
  readonly text: string;
  /** The screen with the place for its text, where it can be looked at now. */
  readonly screen?: { readonly name: "friends" | "devices" | "join"; readonly label: string };
}

const NOTHING = "Nothing was done with it.";

const KINDS = {
  letter: {
    title: "A link to a friend's letter was opened",
    screen: { name: "friends", label: "Look at the letter" },
    phase: "unlocked",
  },
  request: {
    title: "A link to a new computer's request was opened",
    screen: { name: "devices", label: "Look at the request" },
    phase: "unlocked",
  },
  account: {
    title: "A link to an account was opened",
    screen: { name: "join", label: "Look at the account" },
    phase: "welcome",
  },
} as const;

/** What is said of a link, and where it can be looked at, as the wallet stands. */
export function linkWords(link: Link, state: WalletState): LinkWords {
  if (link.kind === "unknown") {
    return {
      title: "A link was opened that Trivet does not know",
      text: `${NOTHING} It may be damaged, or made by a newer version of Trivet. Ask for it again, best as a file.`,
    };
  }
  const { title, screen, phase } = KINDS[link.kind];
  if (state.phase === phase && !(state.phase === "welcome" && state.joining)) {
    return { title, screen, text: `${NOTHING} Anybody can make a link: look at it before you open it.` };
  }
  if (phase === "welcome") return { title, text: `${NOTHING} This computer has an account already.` };
  if (state.phase === "locked") return { title, text: `${NOTHING} It waits until Trivet is unlocked.` };
  return { title, text: `${NOTHING} It waits until an account is open on this computer.` };
}
