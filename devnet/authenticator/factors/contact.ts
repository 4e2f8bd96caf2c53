/** Email addresses and phone numbers: what a code can be sent to, and the one code that counts for each. */
import { z } from "zod";
import { ApiError, type DeadCodeReason } from "../api/errors.ts";
import { orError } from "../api/fields.ts";
import { LIMITS } from "../limits.ts";
import { deliver } from "../state/deliver.ts";
import { newDigits, newId } from "../state/ids.ts";
import type { State, User } from "../state/schema.ts";
import { countFailure, refuseIfLocked } from "../users/lock.ts";
import { equalInConstantTime } from "./compare.ts";

const zSeconds = z.int();

/** An email address or phone number of a user, as kept in the state. */
export const zContact = z.strictObject({
  id: z.string(),
  /** The one form under which it is found: an email address in lower case, a phone number as E.164. */
  address: z.string(),
  verified: z.boolean(),
  code: z
    .strictObject({
      digits: z.string(),
      expiresAt: zSeconds,
      wrongTries: z.int().nonnegative(),
      used: z.boolean(),
    })
    .optional(),
});
export type Contact = z.output<typeof zContact>;

/** Where contacts of a kind are kept in a user's factors. */
export type ContactKind = "emails" | "phones";

const ID_KINDS = { emails: "email", phones: "phone-number" } as const;

export function newContact(kind: ContactKind, address: string): Contact {
  return { id: newId(ID_KINDS[kind]), address, verified: false };
}

export const zCodeMinutes = z
  .int(orError("invalid_expiration_otp"))
  .min(1, orError("invalid_expiration_otp"))
  .max(LIMITS.maxCodeMinutes, orError("invalid_expiration_otp"))
  .default(LIMITS.codeMinutes);

/**
 * Sends a new code to a contact; the one before is void from now on.
 *
 * @param minutes how long the code counts
 * @throws ApiError `too_many_requests` when too many were sent there lately, whoever asked for them
 */
export function sendCode(
  state: State,
  kind: ContactKind,
  contact: Contact,
  minutes: number,
  now: number,
): void {
  const digits = newDigits();
  const expiresAt = now + minutes * 60;
  const box = kind === "emails" ? "inbox" : "phone";
  deliver(state, box, { to: contact.address, code: digits, expiresAt, purpose: "login" }, now);
  contact.code = { digits, expiresAt, wrongTries: 0, used: false };
}

/** Uses up the code, or counts a failure. Without a wait in between: two calls cannot use one code. */
export function useCode(user: User, contact: Contact, digits: string, now: number): void {
  refuseIfLocked(user, now);
  const { code } = contact;
  if (code === undefined) throw new ApiError("otp_code_not_found");
  // A dead code is dead whatever digits are sent: the answer tells nothing about them.
  const dead = whyDead(code, now);
  if (dead !== undefined) throw new ApiError("unable_to_auth_otp_code", { reason: dead });

  if (!equalInConstantTime(code.digits, digits)) {
    code.wrongTries += 1;
    const error =
      whyDead(code, now) === undefined
        ? new ApiError("otp_code_not_found")
        : new ApiError("unable_to_auth_otp_code", { reason: "too_many_tries" });
    throw countFailure(user, now, error);
  }
  code.used = true;
}

function whyDead(code: NonNullable<Contact["code"]>, now: number): DeadCodeReason | undefined {
  if (code.used) return "used";
  if (code.wrongTries >= LIMITS.wrongTriesPerCode) return "too_many_tries";
  if (now >= code.expiresAt) return "expired";
  return undefined;
}
