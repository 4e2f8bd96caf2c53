import type { Letter, LetterKind } from "#core/friends/letters.ts";
import { letterToFile, letterToLink, letterToQr } from "#core/friends/wire.ts";
import type { LetterForms } from "#core/wallet-api/friends.ts";

const FILE_NAME: Record<LetterKind, string> = {
  invitation: "invitation",
  acceptance: "answer-to-invitation",
  request: "request",
  signature: "signature",
  check: "still-there",
  presence: "answer-still-there",
};

/** The name of a letter's file: what it is, and of which account. */
export const fileNameOf = ({ kind, account }: Letter): string =>
  `trivet-${FILE_NAME[kind]}-${account.slice(2, 10)}.json`;

/** A letter in every form in which it can be sent. */
export function formsOf(letter: Letter, code?: string): LetterForms {
  const link = letterToLink(letter);
  const qr = letterToQr(letter);
  return {
    fileName: fileNameOf(letter),
    file: letterToFile(letter),
    ...(link && { link }),
    ...(qr && { qr }),
    ...(code && { code }),
  };
}
