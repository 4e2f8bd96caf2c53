import { z } from "zod";
import { zAddress } from "../primitives/address.ts";

export const MOST_NAME_LENGTH = 40;

/**
 * Characters that are not seen or that move others: controls, direction marks, tags, private use. The two joiners
 * are left, which some scripts and emoji cannot be written without; look-alikes are found as if they were not there.
 */
const UNSEEN = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\p{Zl}\p{Zp}]/u;
/** More marks on one letter than any language needs; they would grow into the lines around. */
const PILED_MARKS = /\p{M}{5,}/u;
/** A name that reads as an address would be believed to be one. */
const ADDRESS_LIKE = /0x[0-9a-f]{3,}/i;
const NOTHING_TO_SEE = /^[\p{Z}\p{M}\p{Default_Ignorable_Code_Point}]*$/u;

/** What a person calls somebody: in Unicode's NFC, with single spaces, and nothing in it that is not seen. */
export const zContactName = z
  .string()
  .max(500)
  .transform((text, context): string => {
    const name = text.normalize("NFC").replaceAll(/\s+/gu, " ").trim();
    const problem = nameProblem(name);
    if (problem === undefined) return name;
    context.addIssue({ code: "custom", message: problem });
    return z.NEVER;
  });

function nameProblem(name: string): string | undefined {
  if (NOTHING_TO_SEE.test(name)) return "Type a name.";
  if (Array.from(name).length > MOST_NAME_LENGTH) return `A name has at most ${MOST_NAME_LENGTH} characters.`;
  if (UNSEEN.test(name)) return "The name holds characters that cannot be seen. Type it again by hand.";
  if (PILED_MARKS.test(name)) return "The name holds too many marks on one letter. Leave them out.";
  if (ADDRESS_LIKE.test(name)) return "The name reads as an address. Choose one that does not.";
  return undefined;
}

/** Somebody whom the person of this wallet has named. */
export const zContact = z.object({
  name: zContactName,
  address: zAddress,
  /** Milliseconds since 1970. */
  addedAt: z.number().int().nonnegative(),
});
export type Contact = z.infer<typeof zContact>;
