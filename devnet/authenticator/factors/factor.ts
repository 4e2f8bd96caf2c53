import type { Endpoint } from "../api/endpoint.ts";
import type { SessionFactor, User } from "../state/schema.ts";

/** Factors of different categories rarely fall to one theft: a mailbox or account, a phone number, a device. */
export type Category = "account" | "phone" | "device";

/**
 * One kind of factor. To add one: a file here with its record in the state, its endpoints and this description,
 * one line in `factors/index.ts`, one in the user's record (`state/schema.ts`).
 */
export interface Factor {
  /**
   * Undefined for what Stytch's documentation puts in no category. A password, because the mailbox resets it. A wallet:
   * would it count, who added the device key of a first computer could add none of a second with the mailbox alone.
   */
  readonly category: Category | undefined;
  readonly endpoints: readonly Endpoint[];
  isEnrolled(user: User): boolean;
  /** Whether an entry of a session's factors is a proof of this kind. */
  isProof(factor: SessionFactor): boolean;
  /** This kind's part of the user object. */
  describe(user: User): Record<string, unknown>;
}
