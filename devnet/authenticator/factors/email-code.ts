/** The factor "email code": six digits sent to the person's mailbox, which on the devnet is the inbox. */
import { z } from "zod";
import { authenticated } from "../api/authenticated.ts";
import { type Call, endpoint, requireUser } from "../api/endpoint.ts";
import { ApiError, type DeadCodeReason } from "../api/errors.ts";
import { orError, zDigits, zSessionMinutes } from "../api/fields.ts";
import type { Core } from "../core.ts";
import { LIMITS } from "../limits.ts";
import { newDigits } from "../state/ids.ts";
import type { User } from "../state/schema.ts";
import { countFailure, refuseIfLocked } from "../users/lock.ts";
import { findOrCreateUser, normalEmail } from "../users/user.ts";
import { equalInConstantTime } from "./compare.ts";
import type { Factor } from "./factor.ts";

const zSeconds = z.int();

/** A user's email address and the one code that counts for it, as kept in the state. */
export const zEmailFactor = z.strictObject({
  emailId: z.string(),
  address: z.string(),
  verified: z.boolean(),
  /** When codes were sent within the last window. */
  sentAt: z.array(zSeconds),
  code: z
    .strictObject({
      digits: z.string(),
      expiresAt: zSeconds,
      wrongTries: z.int().nonnegative(),
      used: z.boolean(),
    })
    .optional(),
});

const zEmail = z
  .string(orError("invalid_email"))
  .transform(normalEmail)
  .pipe(z.email(orError("invalid_email")).max(254, orError("invalid_email")));

const zSend = z.object({
  email: zEmail,
  expiration_minutes: z
    .int(orError("invalid_expiration_otp"))
    .min(1, orError("invalid_expiration_otp"))
    .max(LIMITS.maxCodeMinutes, orError("invalid_expiration_otp"))
    .default(LIMITS.codeMinutes),
});

const zAuthenticate = z.object({
  method_id: z.string(),
  code: zDigits("invalid_code"),
  session_duration_minutes: zSessionMinutes,
});

/** Apps call the field `token`, back ends `code`. */
const zAuthenticateByApp = z
  .object({ ...zAuthenticate.omit({ code: true }).shape, token: zDigits("invalid_code") })
  .transform(({ token, ...body }): z.output<typeof zAuthenticate> => ({ ...body, code: token }));

async function loginOrCreate(core: Core, call: Call<z.output<typeof zSend>>) {
  const { email, expiration_minutes } = call.body;
  const now = core.clock.now();
  const { user, created } = findOrCreateUser(core.store.state, email, now);
  refuseIfLocked(user, now);
  sendCode(core, user, expiration_minutes * 60, now);
  const { emailId } = user.factors.email;
  return {
    user_id: user.userId,
    email_id: emailId,
    method_id: emailId,
    // Only a back end may learn who was a user before.
    ...(call.dialect === "server" ? { user_created: created } : {}),
  };
}

/** Sends a new code; the one before is void from now on. */
function sendCode(core: Core, user: User, lifetime: number, now: number): void {
  const { email } = user.factors;
  email.sentAt = email.sentAt.filter((sent) => now - sent < LIMITS.codeWindowSeconds);
  if (email.sentAt.length >= LIMITS.codesPerWindow) throw new ApiError("too_many_requests");
  email.sentAt.push(now);

  const digits = newDigits();
  email.code = { digits, expiresAt: now + lifetime, wrongTries: 0, used: false };
  const { state } = core.store;
  const mail = {
    to: email.address,
    code: digits,
    sentAt: new Date(now * 1000).toISOString(),
    expiresAt: new Date(email.code.expiresAt * 1000).toISOString(),
    purpose: "login" as const,
  };
  state.inbox = [mail, ...state.inbox].slice(0, LIMITS.inboxMails);
}

async function authenticate(core: Core, call: Call<z.output<typeof zAuthenticate>>) {
  const now = core.clock.now();
  const user = core.store.state.users.find(({ factors }) => factors.email.emailId === call.body.method_id);
  if (user === undefined) throw new ApiError("otp_code_not_found");
  if (call.session !== undefined && call.session.userId !== user.userId) {
    throw new ApiError("user_id_mismatch");
  }
  useCode(user, call.body.code, now);
  const { emailId, address } = user.factors.email;
  const answer = await authenticated(core, call, user, {
    type: "otp",
    deliveryMethod: "email",
    identity: { email_factor: { email_id: emailId, email_address: address } },
  });
  return { ...answer, method_id: emailId, reset_sessions: false };
}

/** Uses up the code, or counts a failure. Without a wait in between: two calls cannot use one code. */
function useCode(user: User, digits: string, now: number): void {
  refuseIfLocked(user, now);
  const { email } = user.factors;
  if (email.code === undefined) throw new ApiError("otp_code_not_found");
  // A dead code is dead whatever digits are sent: the answer tells nothing about them.
  const dead = whyDead(email.code, now);
  if (dead !== undefined) throw new ApiError("unable_to_auth_otp_code", { reason: dead });

  if (!equalInConstantTime(email.code.digits, digits)) {
    email.code.wrongTries += 1;
    const error =
      whyDead(email.code, now) === undefined
        ? new ApiError("otp_code_not_found")
        : new ApiError("unable_to_auth_otp_code", { reason: "too_many_tries" });
    throw countFailure(user, now, error);
  }
  email.code.used = true;
  email.verified = true;
}

function whyDead(
  code: NonNullable<User["factors"]["email"]["code"]>,
  now: number,
): DeadCodeReason | undefined {
  if (code.used) return "used";
  if (code.wrongTries >= LIMITS.wrongTriesPerCode) return "too_many_tries";
  if (now >= code.expiresAt) return "expired";
  return undefined;
}

export const emailCode: Factor = {
  category: "account",
  isEnrolled: (user) => user.factors.email.verified,
  isProof: ({ type, deliveryMethod }) => type === "otp" && deliveryMethod === "email",
  describe: ({ factors: { email } }) => ({
    emails: [{ email_id: email.emailId, email: email.address, verified: email.verified }],
  }),
  endpoints: [
    endpoint({
      method: "POST",
      path: "/otps/email/login_or_create",
      accepts: { sdk: zSend, server: zSend },
      answer: loginOrCreate,
    }),
    endpoint({
      method: "POST",
      path: "/otps/authenticate",
      accepts: { sdk: zAuthenticateByApp, server: zAuthenticate },
      answer: authenticate,
    }),
    endpoint({
      method: "DELETE",
      path: "/users/emails/:email_id",
      accepts: { sdk: z.object({ email_id: z.string() }) },
      answer: async (core, call) => {
        const user = requireUser(core, call);
        if (user.factors.email.emailId !== call.body.email_id) throw new ApiError("email_not_found");
        // Every user logs in with this address; without it the account would be out of reach.
        throw new ApiError("cannot_delete_last_primary_factor");
      },
    }),
  ],
};
