import { z } from "zod";

/** Where Ledger's own software keeps a person's first Ethereum account. */
export const ACCOUNT_PATH = "44'/60'/0'/0/0";

/** The Ethereum app gives out keys below these only: Ethereum's and what Ethereum's forks share with it. */
const ALLOWED_ROOTS: readonly (readonly number[])[] = [[44, 60], [45]];
const MAX_LEVELS = 10;
const HARDENED = 0x8000_0000;

interface Level {
  readonly number: number;
  readonly hardened: boolean;
}

const levelText = ({ number, hardened }: Level): string => `${number}${hardened ? "'" : ""}`;

function readLevel(text: string): Level | undefined {
  const match = /^(0|[1-9]\d{0,9})(['h’]?)$/i.exec(text);
  if (!match) return undefined;
  const number = Number(match[1]);
  return number < HARDENED ? { number, hardened: match[2] !== "" } : undefined;
}

/** A path as a person typed it, or what is wrong with it. */
export type ReadPath = { readonly path: string } | { readonly problem: string };

/**
 * Reads a derivation path (BIP-32) as people write it: with or without "m/", hardened levels with ' or h.
 * @returns it in the one way in which Trivet writes it, or one sentence about the first thing that is wrong
 */
export function readLedgerPath(text: string): ReadPath {
  const parts = text.trim().replace(/^m\//i, "").split("/");
  const levels: Level[] = [];
  for (const part of parts) {
    const level = readLevel(part);
    if (!level)
      return { problem: "Write it like 44'/60'/0'/0/0: whole numbers, an apostrophe where it has one." };
    levels.push(level);
  }
  if (levels.length > MAX_LEVELS) return { problem: `A path has at most ${MAX_LEVELS} levels.` };
  const isAllowed = ALLOWED_ROOTS.some(
    (root) =>
      levels.length > root.length &&
      root.every((number, index) => levels[index]?.number === number && levels[index].hardened),
  );
  if (!isAllowed) return { problem: "The Ethereum app gives out keys below 44'/60' and 45' only." };
  return { path: levels.map(levelText).join("/") };
}

/** A path of an Ethereum account on a Ledger, as Trivet writes it: "44'/60'/0'/0/0". */
export const zLedgerPath = z
  .string()
  .max(120)
  .refine((text) => {
    const read = readLedgerPath(text);
    return "path" in read && read.path === text;
  }, "not a path of the Ethereum app");

/** The ways in which wallets number a person's Ethereum accounts. */
export const PATH_SCHEMES = ["ledger-live", "legacy", "bip44"] as const;
export type PathScheme = (typeof PATH_SCHEMES)[number];

/** How a scheme is known to people. */
export const PATH_SCHEME_TEXT: Record<PathScheme, string> = {
  "ledger-live": "Ledger Live",
  legacy: "Legacy (MyEtherWallet, MyCrypto)",
  bip44: "BIP-44 (other wallets)",
};

/** The path of an account in a scheme; the first has the index 0. */
export function schemePath(scheme: PathScheme, index: number): string {
  switch (scheme) {
    case "ledger-live":
      return `44'/60'/${index}'/0/0`;
    case "legacy":
      return `44'/60'/0'/${index}`;
    case "bip44":
      return `44'/60'/0'/0/${index}`;
  }
}

const SEARCHED_ACCOUNTS = 5;

/** Where an address is looked for whose path is not known: the first accounts of each scheme, the usual one first. */
export const USUAL_PATHS: readonly string[] = [
  ...new Set(
    PATH_SCHEMES.flatMap((scheme) =>
      Array.from({ length: SEARCHED_ACCOUNTS }, (_, index) => schemePath(scheme, index)),
    ),
  ),
];
