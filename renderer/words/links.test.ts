import { expect, test } from "vitest";
import type { Link } from "#core/links/link.ts";
import type { WalletState } from "#core/wallet-api/state.ts";
import { recipient, unlockedState } from "../testing/samples.ts";
import { linkWords } from "./links.ts";

const letter: Link = { kind: "letter", text: "trivet://friend/x" };
const request: Link = { kind: "request", text: "trivet:join?" };
const account: Link = { kind: "account", text: "trivet:account/0x" };
const welcome: WalletState = { phase: "welcome" };
const locked: WalletState = { phase: "locked", email: "ada@example.org", reason: "idle" };
const coming: WalletState = { phase: "welcome", joining: { account: recipient } };

test.each([
  [letter, unlockedState(), "friends"],
  [request, unlockedState(), "devices"],
  [account, welcome, "join"],
])("a link can be looked at where its text can be put in: %o", (link, state, screen) => {
  expect(linkWords(link, state).screen?.name).toBe(screen);
});

test.each([
  [letter, locked, "waits until Trivet is unlocked"],
  [request, locked, "waits until Trivet is unlocked"],
  [letter, welcome, "waits until an account is open"],
  [request, coming, "waits until an account is open"],
  [account, unlockedState(), "has an account already"],
  [account, coming, "has an account already"],
  [{ kind: "unknown" } satisfies Link, unlockedState(), "damaged, or made by a newer version"],
])("a link that cannot be looked at now says why: %o", (link, state, words) => {
  const { screen, text } = linkWords(link, state);
  expect(screen).toBeUndefined();
  expect(text).toContain("Nothing was done with it.");
  expect(text).toContain(words);
});
