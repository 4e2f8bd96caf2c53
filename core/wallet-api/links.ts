/** Links that were opened outside Trivet. */
import { z } from "zod";
import { zLink } from "../links/link.ts";

/** The part of the wallet API for links; the "link" event tells of one that came while the window is open. */
export const LINK_METHODS = {
  /** The newest link that nobody has looked at. */
  "links.waiting": { input: z.undefined(), output: zLink.optional() },
  /** The person looked at it, or dropped it. */
  "links.taken": { input: z.undefined(), output: z.undefined() },
} as const;
