import { z } from "zod";

/** What a person does as somebody's friend. */
export const FRIEND_METHODS = {
  /**
   * Answers an invitation, a request or a check with this person's key for that account, once they approved it in the
   * confirm window. The vault reads the letter itself, and computes from it what is signed.
   */
  answerLetter: {
    input: z.object({
      letter: z.string(),
      /** Of a letter that does not name the key: whether the account knows it hidden. */
      hidden: z.boolean(),
    }),
    /** The answer, as the text of a file. */
    output: z.object({ answer: z.string() }),
  },
} as const;
