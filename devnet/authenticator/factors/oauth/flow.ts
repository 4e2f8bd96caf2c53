/** The way of the browser: from the app to the provider, and back with a token that only the app can redeem. */
import { z } from "zod";
import { ApiError } from "../../api/errors.ts";
import { zCodeChallenge } from "../../api/pkce.ts";
import { parseRedirectUrl, withToken, zRedirectUrl } from "../../api/redirect.ts";
import type { Core } from "../../core.ts";
import { LIMITS } from "../../limits.ts";
import { newId, newToken } from "../../state/ids.ts";
import type { User } from "../../state/schema.ts";
import { createUser, findUser, findUserByContact } from "../../users/user.ts";
import { equalInConstantTime } from "../compare.ts";
import { newContact } from "../contact.ts";
import { verifyContact } from "../otp.ts";
import { type Flow, forgetExpired, type Login, zKnownProvider } from "./record.ts";

export const zStart = z.object({
  provider: zKnownProvider,
  public_token: z.string(),
  // Stytch can do without for web pages; an app that gets its token through a link must not.
  code_challenge: zCodeChallenge,
  login_redirect_url: zRedirectUrl.optional(),
  signup_redirect_url: zRedirectUrl.optional(),
  oauth_attach_token: z.string().optional(),
});

/** Starts a flow. @returns the `state` under which the provider answers it */
export function startFlow(core: Core, query: z.output<typeof zStart>): string {
  if (query.public_token !== core.identity.publicToken) throw new ApiError("unauthorized_credentials");
  const { oauth } = core.store.state;
  const now = core.clock.now();
  forgetExpired(oauth, now);
  const login = parseRedirectUrl(query.login_redirect_url);
  if (login === undefined) throw new ApiError("no_login_redirect_urls_set");
  const attach = query.oauth_attach_token;
  const flow: Flow = {
    state: newToken(),
    provider: query.provider,
    codeChallenge: query.code_challenge,
    loginRedirect: login.href,
    signupRedirect: (parseRedirectUrl(query.signup_redirect_url) ?? login).href,
    expiresAt: now + LIMITS.oauthFlowSeconds,
    ...(attach === undefined || attach === ""
      ? {}
      : { attachTo: useAttachToken(core, attach, query.provider) }),
  };
  oauth.flows = [flow, ...oauth.flows].slice(0, LIMITS.openChallenges);
  return flow.state;
}

function useAttachToken(core: Core, token: string, provider: Flow["provider"]): string {
  const { oauth } = core.store.state;
  const found = oauth.attachTokens.find((candidate) => equalInConstantTime(candidate.token, token));
  if (found?.provider !== provider) throw new ApiError("invalid_oauth_attach_token");
  oauth.attachTokens = oauth.attachTokens.filter((other) => other !== found);
  return found.userId;
}

/**
 * Ends a flow with the provider's answer.
 *
 * @returns where the browser goes, with a token for the app, or with an error when the person declined
 */
export function finishFlow(core: Core, answer: { state: string; code?: string | undefined }): string {
  const { oauth } = core.store.state;
  const now = core.clock.now();
  forgetExpired(oauth, now);
  const flow = oauth.flows.find(({ state }) => equalInConstantTime(state, answer.state));
  if (flow === undefined) throw new ApiError("oauth_invalid_state");
  oauth.flows = oauth.flows.filter((other) => other !== flow);
  if (answer.code === undefined) {
    const back = new URL(flow.loginRedirect);
    back.searchParams.set("error", "access_denied");
    return back.href;
  }
  const { granted } = flow;
  if (granted === undefined || !equalInConstantTime(granted.code, answer.code)) {
    throw new ApiError("oauth_auth_code_error");
  }
  const { user, login, isNew } = findOrLink(core, flow, granted);
  const token = newToken();
  const { userId } = user;
  const { registrationId } = login;
  const { codeChallenge } = flow;
  const expiresAt = now + LIMITS.oauthTokenSeconds;
  oauth.tokens = [{ token, userId, registrationId, codeChallenge, expiresAt }, ...oauth.tokens];
  return withToken(new URL(isNew ? flow.signupRedirect : flow.loginRedirect), "oauth", token);
}

/**
 * The user of a login: who has it, or whom it is to be added to, or who verified the same email address, which the
 * provider verified too; else a new one. The third way is Stytch's, and it lets who controls the account at the
 * provider into the user; the registry on the chain knows nothing of the new login.
 */
function findOrLink(
  core: Core,
  flow: Flow,
  { subject, email }: NonNullable<Flow["granted"]>,
): { user: User; login: Login; isNew: boolean } {
  const { state } = core.store;
  const { provider, attachTo } = flow;
  for (const user of state.users) {
    const login = user.factors.logins.find(
      (known) => known.provider === provider && known.subject === subject,
    );
    if (login === undefined) continue;
    if (attachTo !== undefined && attachTo !== user.userId) throw new ApiError("user_id_mismatch");
    return { user, login, isNew: false };
  }
  const byEmail = findUserByContact(state, "emails", email);
  const attached = attachTo === undefined ? undefined : findUser(state, attachTo);
  if (attachTo !== undefined && attached === undefined) throw new ApiError("user_not_found");
  const user = attached ?? byEmail?.user ?? createUser(state, core.clock.now());
  let contact = user.factors.emails.find(({ address }) => address === email);
  if (contact === undefined && (byEmail === undefined || byEmail.user === user)) {
    contact = newContact("emails", email);
    user.factors.emails.push(contact);
  }
  if (contact !== undefined) verifyContact(core, user, "emails", contact, undefined);
  const login: Login = {
    registrationId: newId("oauth-user"),
    provider,
    subject,
    emailId: contact?.id ?? "",
  };
  user.factors.logins.push(login);
  return { user, login, isNew: attached === undefined && byEmail === undefined };
}
