/** What email codes and SMS codes have in common: both are sent to an address and verified by one endpoint. */
import { z } from "zod";
import { authenticated } from "../api/authenticated.ts";
import { type Call, endpoint, requireSession, requireUser } from "../api/endpoint.ts";
import { ApiError, type ErrorType } from "../api/errors.ts";
import { zDigits, zSessionMinutes } from "../api/fields.ts";
import type { Core } from "../core.ts";
import type { Session, User } from "../state/schema.ts";
import { refuseIfLocked } from "../users/lock.ts";
import { findOrCreateUser, isPending } from "../users/user.ts";
import { requireRightToChangeFactors } from "./change-rule.ts";
import { type Contact, type ContactKind, newContact, sendCode, useCode } from "./contact.ts";

/** How a code is to be sent. */
export interface Sending {
  readonly kind: ContactKind;
  readonly address: string;
  readonly minutes: number;
}

/** What an endpoint answers about the contact, and the error when another user has verified it already. */
const CONTACTS = {
  emails: { idField: "email_id", duplicate: "duplicate_email" },
  phones: { idField: "phone_id", duplicate: "duplicate_phone_number" },
} as const satisfies Record<ContactKind, { idField: string; duplicate: ErrorType }>;

/** Sends a code to log in with. */
export function sendToLogIn(core: Core, call: Call<unknown>, { kind, address, minutes }: Sending) {
  const now = core.clock.now();
  const { state } = core.store;
  const { user, contact, created } = findOrCreateUser(state, kind, address, now);
  refuseIfLocked(user, now);
  sendCode(state, kind, contact, minutes, now);
  return {
    user_id: user.userId,
    [CONTACTS[kind].idField]: contact.id,
    method_id: contact.id,
    // Only a back end may learn who was a user before.
    ...(call.dialect === "server" ? { user_created: created } : {}),
  };
}

/**
 * Sends a code to an address of the user who is logged in, to prove it again or to add it. A new address replaces one
 * that was added before and never verified.
 */
export function sendToAdd(core: Core, call: Call<unknown>, { kind, address, minutes }: Sending) {
  const now = core.clock.now();
  const user = requireUser(core, call);
  refuseIfLocked(user, now);
  let contact = user.factors[kind].find((known) => known.address === address);
  if (contact === undefined) {
    if (call.dialect === "sdk") {
      requireRightToChangeFactors("add", user, requireSession(call), core.factors, now);
    }
    contact = newContact(kind, address);
    user.factors[kind] = [...user.factors[kind].filter(({ verified }) => verified), contact];
  }
  sendCode(core.store.state, kind, contact, minutes, now);
  return { user_id: user.userId, [CONTACTS[kind].idField]: contact.id, method_id: contact.id };
}

const zAuthenticate = z.object({
  method_id: z.string(),
  code: zDigits("invalid_code"),
  session_duration_minutes: zSessionMinutes,
});

/** Apps call the field `token`, back ends `code`. */
const zAuthenticateByApp = z
  .object({ ...zAuthenticate.omit({ code: true }).shape, token: zDigits("invalid_code") })
  .transform(({ token, ...body }): z.output<typeof zAuthenticate> => ({ ...body, code: token }));

async function authenticate(core: Core, call: Call<z.output<typeof zAuthenticate>>) {
  const now = core.clock.now();
  const found = findContact(core, call.body.method_id);
  if (found === undefined) throw new ApiError("otp_code_not_found");
  const { user, kind, contact } = found;
  if (call.session !== undefined && call.session.userId !== user.userId) {
    throw new ApiError("user_id_mismatch");
  }
  // An address is added within a session: else who receives mail for a mistyped one would be let into the user.
  const isAdded = !contact.verified && !isPending(user);
  if (isAdded && call.dialect === "sdk" && call.session === undefined) {
    throw new ApiError("otp_code_not_found");
  }
  useCode(user, contact, call.body.code, now);
  const resetSessions = verifyContact(core, user, kind, contact, call.session);
  const { id, address } = contact;
  const answer = await authenticated(
    core,
    call,
    user,
    kind === "emails"
      ? {
          type: "otp",
          deliveryMethod: "email",
          identity: { email_factor: { email_id: id, email_address: address } },
        }
      : {
          type: "otp",
          deliveryMethod: "sms",
          identity: { phone_number_factor: { phone_id: id, phone_number: address } },
        },
  );
  return { ...answer, method_id: id, reset_sessions: resetSessions };
}

function findContact(
  core: Core,
  id: string,
): { user: User; kind: ContactKind; contact: Contact } | undefined {
  for (const user of core.store.state.users) {
    for (const kind of ["emails", "phones"] as const) {
      const contact = user.factors[kind].find((known) => known.id === id);
      if (contact !== undefined) return { user, kind, contact };
    }
  }
  return undefined;
}

/**
 * Notes that a contact was proven to be the user's.
 *
 * When it is the first thing proven for a user, whoever chose a password for the address before may have been somebody
 * else: his sessions end, and unless the proof came in such a session the password has to be reset before it counts.
 *
 * @param session the session in which it was proven
 * @returns whether sessions were ended
 * @throws ApiError `duplicate_email` or `duplicate_phone_number` when another user has verified it
 */
export function verifyContact(
  core: Core,
  user: User,
  kind: ContactKind,
  contact: Contact,
  session: Session | undefined,
): boolean {
  if (contact.verified) return false;
  const elsewhere = core.store.state.users.some(
    (other) =>
      other !== user &&
      other.factors[kind].some(({ address, verified }) => verified && address === contact.address),
  );
  if (elsewhere) throw new ApiError(CONTACTS[kind].duplicate);

  const wasPending = isPending(user);
  contact.verified = true;
  if (!wasPending) return false;
  if (user.factors.password !== undefined && session === undefined) {
    user.factors.password.requiresReset = true;
  }
  return core.sessions.revokeOthers(user.userId, session);
}

export const otpEndpoints = [
  endpoint({
    method: "POST",
    path: "/otps/authenticate",
    accepts: { sdk: zAuthenticateByApp, server: zAuthenticate },
    answer: authenticate,
  }),
];
