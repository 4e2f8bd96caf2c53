/**
 * The factor "password". Whoever has the mailbox can reset it: that is so at the real service, and the reason why a
 * password adds nothing to a mailbox (docs/threat-model.md).
 */
import { z } from "zod";
import { authenticated } from "../../api/authenticated.ts";
import { type Call, endpoint, requireSession, requireUser } from "../../api/endpoint.ts";
import { ApiError } from "../../api/errors.ts";
import { orError, zSessionMinutes } from "../../api/fields.ts";
import type { Core } from "../../core.ts";
import { LIMITS } from "../../limits.ts";
import { newId } from "../../state/ids.ts";
import type { Session, User } from "../../state/schema.ts";
import { countFailure, refuseIfLocked } from "../../users/lock.ts";
import { findOrCreateUser, isPending } from "../../users/user.ts";
import { requireRightToChangeFactors } from "../change-rule.ts";
import { zEmail } from "../email-code.ts";
import type { Factor } from "../factor.ts";
import { removalEndpoint } from "../removal.ts";
import { hashPassword, isPassword } from "./hash.ts";
import { PASSWORD_PROOF, requireStrength, setPassword, zPassword } from "./record.ts";
import { resetEndpoints } from "./reset.ts";
import { rateStrength } from "./strength.ts";

const zCredentials = z.object({
  email: zEmail,
  password: zPassword,
  session_duration_minutes: zSessionMinutes,
});
type Credentials = z.output<typeof zCredentials>;

/** A new user with a password. Who is one already sets a password in a session, or with a mail. */
async function create(core: Core, call: Call<Credentials>) {
  const { email, password } = call.body;
  await requireStrength(password, email);
  const { user, contact } = findOrCreateUser(core.store.state, "emails", email, core.clock.now());
  const refuseIfTaken = () => {
    if (!isPending(user) || user.factors.password !== undefined) throw new ApiError("duplicate_email");
  };
  refuseIfTaken();
  const hash = await hashPassword(password, core.passwordCost);
  refuseIfTaken(); // Somebody may have been quicker while the hash was made.
  user.factors.password = { passwordId: newId("password"), hash, requiresReset: false };
  return { ...(await authenticated(core, call, user, PASSWORD_PROOF)), email_id: contact.id };
}

async function authenticate(core: Core, call: Call<Credentials>) {
  const user = await usePassword(core, call.body.email, call.body.password);
  return authenticated(core, call, user, PASSWORD_PROOF);
}

/** The user whose password it is. @throws ApiError the same for an unknown user, one without password and a wrong one */
async function usePassword(core: Core, email: string, password: string): Promise<User> {
  // An unknown address becomes a user, as when a code is sent: so it is locked after ten failures like any other.
  const { user } = findOrCreateUser(core.store.state, "emails", email, core.clock.now());
  refuseIfLocked(user, core.clock.now());
  const record = user.factors.password;
  const right = await isPassword(password, record?.hash, core.passwordCost);
  const now = core.clock.now();
  refuseIfLocked(user, now); // Many tries at the same time are counted one by one.
  if (!right || user.factors.password !== record) {
    throw countFailure(user, now, new ApiError("unauthorized_credentials"));
  }
  if (record?.requiresReset === true) throw new ApiError("reset_password");
  return user;
}

const zChange = z.object({
  email: zEmail,
  existing_password: zPassword,
  new_password: zPassword,
  session_duration_minutes: zSessionMinutes,
});

/** A new password for the old one. */
async function change(core: Core, call: Call<z.output<typeof zChange>>) {
  const { email, existing_password, new_password } = call.body;
  const user = await usePassword(core, email, existing_password);
  await setPassword(user, new_password, core.passwordCost);
  core.sessions.revokeOthers(user.userId, call.session);
  return authenticated(core, call, user, PASSWORD_PROOF);
}

const zSet = z.object({ password: zPassword, session_duration_minutes: zSessionMinutes });

/** Sets a password, the first or another, in a session that proved mailbox or password within five minutes. */
async function setInSession(core: Core, call: Call<z.output<typeof zSet>>) {
  const user = requireUser(core, call);
  const session = requireSession(call);
  const now = core.clock.now();
  refuseIfLocked(user, now);
  if (!provedLately(session, now)) throw new ApiError("session_too_old_to_reset_password");
  if (call.dialect === "sdk") {
    requireRightToChangeFactors("add", user, session, core.factors, now);
  }
  await setPassword(user, call.body.password, core.passwordCost);
  core.sessions.revokeOthers(user.userId, session);
  return authenticated(core, call, user, PASSWORD_PROOF);
}

function provedLately(session: Session, now: number): boolean {
  return session.factors.some(
    ({ type, deliveryMethod, lastAuthenticatedAt }) =>
      (type === "password" || (type === "otp" && deliveryMethod === "email")) &&
      now - lastAuthenticatedAt < LIMITS.resetInSessionSeconds,
  );
}

const zStrength = z.object({
  email: z.union([z.literal("").transform(() => undefined), zEmail]).optional(),
  password: z.string(orError("bad_request")).max(LIMITS.maxPasswordLength),
});

async function checkStrength(_core: Core, call: Call<z.output<typeof zStrength>>) {
  const { valid, score, warning, suggestions } = await rateStrength(call.body.password, call.body.email);
  return {
    valid_password: valid,
    score,
    // Whether it was ever leaked is asked of a service on the internet, which the devnet does without.
    breached_password: false,
    breach_detection_on_create: false,
    strength_policy: "zxcvbn",
    feedback: { warning, suggestions, luds_requirements: null },
  };
}

export const password: Factor = {
  category: undefined,
  isEnrolled: (user) => user.factors.password !== undefined,
  isProof: ({ type }) => type === "password",
  describe: ({ factors: { password: record } }) => ({
    password:
      record === undefined ? null : { password_id: record.passwordId, requires_reset: record.requiresReset },
  }),
  endpoints: [
    endpoint({
      method: "POST",
      path: "/passwords",
      accepts: { sdk: zCredentials, server: zCredentials },
      answer: create,
    }),
    endpoint({
      method: "POST",
      path: "/passwords/authenticate",
      accepts: { sdk: zCredentials, server: zCredentials },
      answer: authenticate,
    }),
    endpoint({
      method: "POST",
      path: "/passwords/existing_password/reset",
      accepts: { sdk: zChange, server: zChange },
      answer: change,
    }),
    endpoint({
      method: "POST",
      path: "/passwords/session/reset",
      accepts: { sdk: zSet, server: zSet },
      answer: setInSession,
    }),
    endpoint({
      method: "POST",
      path: "/passwords/strength_check",
      accepts: { sdk: zStrength, server: zStrength },
      answer: checkStrength,
    }),
    ...resetEndpoints,
    removalEndpoint({
      path: "/users/passwords",
      idField: "password_id",
      notFound: "password_not_found",
      byApp: false,
      has: ({ factors }, id) => factors.password?.passwordId === id,
      remove: ({ factors }) => {
        delete factors.password;
      },
      isProof: ({ type }) => type === "password",
    }),
  ],
};
