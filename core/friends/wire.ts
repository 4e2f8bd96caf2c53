import { base64urlnopad } from "@scure/base";
import { bytesToString, keccak256, stringToBytes } from "viem/utils";
import { z } from "zod";
import { WalletError } from "../errors/wallet-error.ts";
import { type Letter, letterToJson, NEWEST_LETTER_VERSION, zLetter } from "./letters.ts";
import { MOST_LETTER_CHARACTERS, MOST_LINK_CHARACTERS, MOST_QR_PARTS, QR_PART_CHARACTERS } from "./limits.ts";

/** What every link begins with. No server stands behind it: whoever opens it has a Trivet, or pastes it. */
const LINK = "trivet://friend/";
/** One of several QR codes: its number, how many there are, which letter it is of, and its part of the data. */
const PART = /^([1-9])-([1-9])-([0-9a-f]{8})\/([A-Za-z0-9_-]+)$/;

/** A letter as a file's text. */
export const letterToFile = (letter: Letter): string => `${JSON.stringify(letterToJson(letter), null, 2)}\n`;

const dataOf = (letter: Letter): string =>
  base64urlnopad.encode(stringToBytes(JSON.stringify(letterToJson(letter))));

/** A letter as a link; undefined for one that is too long for it, which goes as a file. */
export function letterToLink(letter: Letter): string | undefined {
  const data = dataOf(letter);
  return data.length > MOST_LINK_CHARACTERS ? undefined : `${LINK}${data}`;
}

/** What tells the parts of one letter from those of another. */
const markOf = (data: string) => keccak256(stringToBytes(data)).slice(2, 10);

/** A letter as the texts of one or more QR codes; undefined for one that is too long for them. */
export function letterToQr(letter: Letter): string[] | undefined {
  const data = dataOf(letter);
  const count = Math.ceil(data.length / QR_PART_CHARACTERS);
  if (count === 1) return [`${LINK}${data}`];
  if (count > MOST_QR_PARTS) return undefined;
  return Array.from({ length: count }, (_, index) => {
    const part = data.slice(index * QR_PART_CHARACTERS, (index + 1) * QR_PART_CHARACTERS);
    return `${LINK}${index + 1}-${count}-${markOf(data)}/${part}`;
  });
}

const unreadable = (cause?: unknown) =>
  new WalletError(
    "letter-unreadable",
    "This is no letter of Trivet's, or a part of it is missing.",
    "Ask for it again, best as a file.",
    { cause },
  );

/** One QR code of several. */
export interface Part {
  /** From 1. */
  readonly number: number;
  readonly count: number;
  readonly mark: string;
  readonly data: string;
}

/** @throws WalletError "letter-unreadable" */
export function partOf(link: string): Part {
  const [, number, count, mark, data] = PART.exec(link.slice(LINK.length)) ?? [];
  if (!number || !count || !mark || !data) throw unreadable();
  if (number > count) throw unreadable();
  return { number: Number(number), count: Number(count), mark, data };
}

/** The data of a link, or of all the parts of one letter in any order. */
function joined(links: readonly string[]): string {
  const [first, ...others] = links;
  if (first === undefined) throw unreadable();
  if (!isPart(first)) {
    if (others.some((other) => other !== first)) throw severalLetters();
    return first.slice(LINK.length);
  }
  const parts = links.map(partOf);
  const { count, mark } = partOf(first);
  if (parts.some((part) => part.count !== count || part.mark !== mark)) throw severalLetters();
  const byNumber = new Map(parts.map(({ number, data }) => [number, data]));
  if (byNumber.size < count) {
    throw new WalletError(
      "letter-incomplete",
      `${byNumber.size} of the ${count} parts of this letter are here.`,
      "Paste the others behind them; their order does not matter.",
    );
  }
  const data = Array.from({ length: count }, (_, index) => byNumber.get(index + 1) ?? "").join("");
  if (markOf(data) !== mark) throw unreadable();
  return data;
}

/** Whether a text is of one QR code of several. */
export const isPart = (link: string): boolean => link.startsWith(LINK) && link.includes("/", LINK.length);

const severalLetters = () =>
  new WalletError("letter-several", "These are several letters.", "Paste one at a time.");

function jsonOf(text: string): unknown {
  try {
    if (text.startsWith("{")) return JSON.parse(text);
    const links = text.split(/\s+/u);
    if (!links.every((link) => link.startsWith(LINK))) throw unreadable();
    return JSON.parse(bytesToString(base64urlnopad.decode(joined(links))));
  } catch (cause) {
    throw cause instanceof WalletError ? cause : unreadable(cause);
  }
}

const zHeader = z.looseObject({ trivet: z.literal("friend"), version: z.int().positive() });

/**
 * Reads a letter from a file's text, a link, or the texts of QR codes one after another. What comes back has the shape
 * of a letter and nothing more: nobody's signature was checked.
 * @throws WalletError "letter-too-large", "letter-unreadable", "letter-incomplete", "letter-several", "letter-newer"
 */
export function readLetter(text: string): Letter {
  if (text.length > MOST_LETTER_CHARACTERS) {
    throw new WalletError(
      "letter-too-large",
      "This is longer than any letter of Trivet's.",
      "Look whether it is the right file.",
    );
  }
  const json = jsonOf(text.trim());
  const header = zHeader.safeParse(json);
  if (!header.success) throw unreadable(header.error);
  if (header.data.version > NEWEST_LETTER_VERSION) {
    throw new WalletError(
      "letter-newer",
      "This letter was written by a newer version of Trivet.",
      "Update Trivet, then open it again.",
    );
  }
  const letter = zLetter.safeParse(json);
  if (!letter.success) throw unreadable(letter.error);
  return letter.data;
}
