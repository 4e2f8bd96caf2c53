/** The factor "email code": six digits sent to the person's mailbox, which on the devnet is the inbox. */
import { z } from "zod";
import { endpoint } from "../api/endpoint.ts";
import { orError } from "../api/fields.ts";
import { normalEmail } from "../users/user.ts";
import { zCodeMinutes } from "./contact.ts";
import type { Factor } from "./factor.ts";
import { type Sending, sendToAdd, sendToLogIn } from "./otp.ts";
import { removalEndpoint } from "./removal.ts";

/** An email address as people type it, in the one form under which it is kept. */
export const zEmail = z
  .string(orError("invalid_email"))
  .transform(normalEmail)
  .pipe(z.email(orError("invalid_email")).max(254, orError("invalid_email")));

const zSend = z
  .object({ email: zEmail, expiration_minutes: zCodeMinutes })
  .transform(({ email, expiration_minutes }): Sending => ({
    kind: "emails",
    address: email,
    minutes: expiration_minutes,
  }));

export const emailCode: Factor = {
  category: "account",
  isEnrolled: (user) => user.factors.emails.some(({ verified }) => verified),
  isProof: ({ type, deliveryMethod }) => type === "otp" && deliveryMethod === "email",
  describe: ({ factors: { emails } }) => ({
    emails: emails.map(({ id, address, verified }) => ({ email_id: id, email: address, verified })),
  }),
  endpoints: [
    endpoint({
      method: "POST",
      path: "/otps/email/login_or_create",
      accepts: { sdk: zSend, server: zSend },
      answer: async (core, call) => sendToLogIn(core, call, call.body),
    }),
    endpoint({
      method: "POST",
      path: "/otps/email/send/primary",
      accepts: { sdk: zSend },
      answer: async (core, call) => sendToLogIn(core, call, call.body),
    }),
    endpoint({
      method: "POST",
      path: "/otps/email/send/secondary",
      accepts: { sdk: zSend },
      answer: async (core, call) => sendToAdd(core, call, call.body),
    }),
    removalEndpoint({
      path: "/users/emails",
      idField: "email_id",
      notFound: "email_not_found",
      has: ({ factors }, id) => factors.emails.some((email) => email.id === id),
      remove: ({ factors }, id) => {
        factors.emails = factors.emails.filter((email) => email.id !== id);
      },
      isProof: ({ identity }, id) => identity.email_factor?.email_id === id,
    }),
  ],
};
