/** The exit kit: a file that gets the account's funds out without Trivet. */
import { z } from "zod";

export const EXIT_KIT_METHODS = {
  /** Makes the kit and asks the person where to save it; no name when they decided against it. */
  "exitKit.create": { input: z.undefined(), output: z.object({ savedAs: z.string().optional() }) },
} as const;
