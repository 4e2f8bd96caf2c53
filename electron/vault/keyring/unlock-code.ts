import { randomBytes } from "node:crypto";
import { bech32m } from "@scure/base";
import { WalletError } from "#core/errors/wallet-error.ts";

/** 128 bits: nobody guesses it, and it can be typed from paper. */
const CODE_BYTES = 16;
const PREFIX = "unlock";
const GROUP = 4;

/** The secret behind a new unlock code: 16 bytes, which the caller wipes. */
export const newUnlockSecret = (): Uint8Array => new Uint8Array(randomBytes(CODE_BYTES));

/**
 * The code as it stands on paper: bech32m (BIP-350, which finds every mistake in up to four characters) without its
 * constant start, in groups of four.
 */
export function writeUnlockCode(secret: Uint8Array): string {
  const text = bech32m.encodeFromBytes(PREFIX, secret).slice(PREFIX.length + 1);
  return (text.toUpperCase().match(new RegExp(`.{1,${GROUP}}`, "g")) ?? []).join("-");
}

/**
 * Reads what was typed: the case, spaces and dashes do not matter.
 * @returns 16 bytes, which the caller wipes
 * @throws WalletError "unlock-code-mistyped" when it is no unlock code
 */
export function readUnlockCode(typed: string): Uint8Array {
  const text = typed.replaceAll(/[\s-]/g, "").toLowerCase();
  try {
    const { prefix, bytes } = bech32m.decodeToBytes(`${PREFIX}1${text}`);
    if (prefix === PREFIX && bytes.length === CODE_BYTES) return bytes;
  } catch {
    // What is wrong with it is the same to the person, and a part of the code must not get into an error's text.
  }
  throw new WalletError(
    "unlock-code-mistyped",
    "This is not an unlock code: a character is missing or mistyped.",
    "Compare it with your paper, group by group. It has no letters B, I and O and no digit 1.",
  );
}
