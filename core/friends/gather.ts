import { WalletError } from "../errors/wallet-error.ts";
import { isPart, partOf, readLetter } from "./wire.ts";

/** What QR codes held so far. */
export interface Gathered {
  /** Their texts, one for each part; of a letter they are together what `readLetter` reads. */
  readonly texts: readonly string[];
  /** How many parts there are; all are here when there are as many texts. */
  readonly of: number;
}

/**
 * Takes the text of one more QR code of a letter, in any order. A part that was here before is replaced, so that one
 * that was read wrongly can be read again.
 * @param held the texts that came before
 * @throws WalletError as `readLetter` does; what is held still counts then
 */
export function gatherLetter(held: readonly string[], scanned: string): Gathered {
  const text = scanned.trim();
  if (!isPart(text)) {
    readLetter(text);
    return { texts: [text], of: 1 };
  }
  const part = partOf(text);
  const others = held
    .map((link) => ({ link, ...partOf(link) }))
    .filter(({ number }) => number !== part.number);
  if (others.some(({ count, mark }) => count !== part.count || mark !== part.mark)) {
    throw new WalletError(
      "letter-several",
      "This QR code is of another letter than the ones before.",
      "Go on with the others of the first letter, or begin again.",
    );
  }
  const texts = [...others.map(({ link }) => link), text];
  if (texts.length === part.count) readLetter(texts.join("\n"));
  return { texts, of: part.count };
}
