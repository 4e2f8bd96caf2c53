import { keyOfAddress } from "../../keys/key.ts";
import type { Address } from "../../primitives/address.ts";
import { toAddress } from "../../primitives/address.ts";
import type { Hex } from "../../primitives/hex.ts";
import type { Check, Invitation, SignatureRequest } from "../letters.ts";

/** Ana's letters to her friends, for tests. */

export const bytes = (byte: string, length = 32): Hex => `0x${byte.repeat(length)}`;
export const at = (byte: string): Address => toAddress(bytes(byte, 20));

export const DOMAIN = { chainId: 31337, implementation: at("11") };
export const ACCOUNT = at("22");
/** What every letter of that account begins with. */
export const HEADER = { trivet: "friend", version: 1, domain: DOMAIN, account: ACCOUNT } as const;

/** The key of Ana's new computer is to be added. */
export const NEW_COMPUTER = {
  kind: "addKey",
  account: ACCOUNT,
  role: "device",
  key: keyOfAddress(at("55")),
  expires: 0,
  nonce: 7n,
} as const;

/** @param now seconds since 1970; the letters count from a minute before to a day after it */
export function lettersOf(now: number) {
  const asking = { from: "Ana", createdAt: now - 60, expiresAt: now + 86_400 };
  return {
    invitation: {
      ...HEADER,
      ...asking,
      kind: "invitation",
      role: "recovery",
      hidden: true,
      challenge: bytes("33"),
    } satisfies Invitation as Invitation,
    /** @param keys of the friends who are asked; none where Ana has lost everything */
    requestOf: (keys: SignatureRequest["keys"]): SignatureRequest => ({
      ...HEADER,
      ...asking,
      kind: "request",
      role: "recovery",
      reason: "My laptop was stolen.",
      operation: NEW_COMPUTER,
      needed: 1,
      keys,
    }),
    checkOf: (key: Check["key"]): Check => ({
      ...HEADER,
      ...asking,
      kind: "check",
      role: "recovery",
      key,
      challenge: bytes("44"),
    }),
  };
}
