/** Resetting a password with a mail: the mailbox is all it takes. */
import { z } from "zod";
import { authenticated } from "../../api/authenticated.ts";
import { type Call, endpoint } from "../../api/endpoint.ts";
import { ApiError } from "../../api/errors.ts";
import { orError, zSessionMinutes } from "../../api/fields.ts";
import { checkPkce, zCodeChallenge, zCodeVerifier } from "../../api/pkce.ts";
import { parseRedirectUrl, withToken, zRedirectUrl } from "../../api/redirect.ts";
import type { Core } from "../../core.ts";
import { LIMITS } from "../../limits.ts";
import { deliver } from "../../state/deliver.ts";
import { newToken } from "../../state/ids.ts";
import { refuseIfLocked } from "../../users/lock.ts";
import { findOrCreateUser, findUser } from "../../users/user.ts";
import { equalInConstantTime } from "../compare.ts";
import { zEmail } from "../email-code.ts";
import { verifyContact } from "../otp.ts";
import { PASSWORD_PROOF, requireStrength, storePassword, zPassword } from "./record.ts";

const zStart = z.object({
  email: zEmail,
  reset_password_redirect_url: zRedirectUrl.optional(),
  reset_password_expiration_minutes: z
    .int(orError("bad_request"))
    .min(LIMITS.minResetMinutes)
    .max(LIMITS.maxResetMinutes)
    .default(LIMITS.resetMinutes),
  code_challenge: zCodeChallenge.optional(),
});

/** Sends the mail; one sent before is void. Unknown addresses are answered like known ones. */
async function start(core: Core, call: Call<z.output<typeof zStart>>) {
  const { email, reset_password_redirect_url, reset_password_expiration_minutes, code_challenge } = call.body;
  const now = core.clock.now();
  const { state } = core.store;
  const { user, contact } = findOrCreateUser(state, "emails", email, now);
  refuseIfLocked(user, now);
  const token = newToken();
  const expiresAt = now + reset_password_expiration_minutes * 60;
  const redirect = parseRedirectUrl(reset_password_redirect_url);
  const link = redirect === undefined ? {} : { link: withToken(redirect, "reset_password", token) };
  deliver(state, "inbox", { to: email, code: token, ...link, expiresAt, purpose: "reset-password" }, now);
  state.resetTokens = [
    ...state.resetTokens.filter((other) => now < other.expiresAt && other.userId !== user.userId),
    { token, userId: user.userId, emailId: contact.id, codeChallenge: code_challenge, expiresAt },
  ];
  return { user_id: user.userId, email_id: contact.id };
}

const zReset = z.object({
  token: z.string(),
  password: zPassword,
  code_verifier: zCodeVerifier.optional(),
  session_duration_minutes: zSessionMinutes,
});

/** Sets the password for the token of the mail, once. All other sessions end: they may be somebody else's. */
async function reset(core: Core, call: Call<z.output<typeof zReset>>) {
  const { token, password, code_verifier } = call.body;
  const now = core.clock.now();
  const record = core.store.state.resetTokens.find((candidate) =>
    equalInConstantTime(candidate.token, token),
  );
  const user = record === undefined ? undefined : findUser(core.store.state, record.userId);
  const contact = user?.factors.emails.find(({ id }) => id === record?.emailId);
  if (record === undefined || user === undefined || contact === undefined || now >= record.expiresAt) {
    throw new ApiError("unable_to_auth_password_reset_token");
  }
  if (call.session !== undefined && call.session.userId !== user.userId) {
    throw new ApiError("user_id_mismatch");
  }
  refuseIfLocked(user, now);
  checkPkce(record.codeChallenge, code_verifier);
  await requireStrength(password, contact.address); // A weak one does not use up the mail.
  if (!core.store.state.resetTokens.includes(record)) {
    throw new ApiError("unable_to_auth_password_reset_token");
  }
  core.store.state.resetTokens = core.store.state.resetTokens.filter((other) => other !== record);
  verifyContact(core, user, "emails", contact, call.session);
  await storePassword(user, password, core.passwordCost);
  core.sessions.revokeOthers(user.userId, call.session);
  return authenticated(core, call, user, PASSWORD_PROOF);
}

export const resetEndpoints = [
  endpoint({
    method: "POST",
    path: "/passwords/email/reset/start",
    accepts: { sdk: zStart, server: zStart },
    answer: start,
  }),
  endpoint({
    method: "POST",
    path: "/passwords/email/reset",
    accepts: { sdk: zReset, server: zReset },
    answer: reset,
  }),
];
