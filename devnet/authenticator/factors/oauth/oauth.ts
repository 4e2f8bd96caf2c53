/** The factor "social login": OAuth through the system browser, bound to the app by PKCE. */
import { z } from "zod";
import { authenticated } from "../../api/authenticated.ts";
import { type Call, endpoint, requireSession, requireUser } from "../../api/endpoint.ts";
import { ApiError } from "../../api/errors.ts";
import { zSessionMinutes } from "../../api/fields.ts";
import { checkPkce, zCodeVerifier } from "../../api/pkce.ts";
import type { Core } from "../../core.ts";
import { LIMITS } from "../../limits.ts";
import { newToken } from "../../state/ids.ts";
import { refuseIfLocked } from "../../users/lock.ts";
import { findUser } from "../../users/user.ts";
import { requireRightToChangeFactors } from "../change-rule.ts";
import { equalInConstantTime } from "../compare.ts";
import type { Factor } from "../factor.ts";
import { removalEndpoint } from "../removal.ts";
import { forgetExpired, PROVIDERS, zKnownProvider } from "./record.ts";

const zAttach = z.object({ provider: zKnownProvider });

/** A token with which the next flow adds its login to the user. */
async function attach(core: Core, call: Call<z.output<typeof zAttach>>) {
  const user = requireUser(core, call);
  const now = core.clock.now();
  refuseIfLocked(user, now);
  if (call.dialect === "sdk") {
    requireRightToChangeFactors("add", user, requireSession(call), core.factors, now);
  }
  const { oauth } = core.store.state;
  forgetExpired(oauth, now);
  const token = newToken();
  const { userId } = user;
  const expiresAt = now + LIMITS.oauthFlowSeconds;
  oauth.attachTokens = [{ token, userId, provider: call.body.provider, expiresAt }, ...oauth.attachTokens];
  return { oauth_attach_token: token };
}

const zAuthenticate = z.object({
  token: z.string(),
  code_verifier: zCodeVerifier.optional(),
  session_duration_minutes: zSessionMinutes,
});

/** Counts a login for who started the flow: the token alone, which went through the browser, is worth nothing. */
async function authenticate(core: Core, call: Call<z.output<typeof zAuthenticate>>) {
  const { oauth } = core.store.state;
  const now = core.clock.now();
  forgetExpired(oauth, now);
  const record = oauth.tokens.find(({ token }) => equalInConstantTime(token, call.body.token));
  const user = record === undefined ? undefined : findUser(core.store.state, record.userId);
  const login = user?.factors.logins.find(({ registrationId }) => registrationId === record?.registrationId);
  if (record === undefined || user === undefined || login === undefined) {
    throw new ApiError("oauth_token_not_found");
  }
  if (call.session !== undefined && call.session.userId !== user.userId) {
    throw new ApiError("user_id_mismatch");
  }
  refuseIfLocked(user, now);
  checkPkce(record.codeChallenge, call.body.code_verifier);
  oauth.tokens = oauth.tokens.filter((other) => other !== record);
  const { registrationId, provider, subject, emailId } = login;
  const answer = await authenticated(core, call, user, {
    type: "oauth",
    deliveryMethod: `oauth_${provider}`,
    identity: {
      [`${provider}_oauth_factor`]: { id: registrationId, provider_subject: subject, email_id: emailId },
    },
  });
  return {
    ...answer,
    ...(call.dialect === "server" ? { user_session: answer.session } : {}),
    oauth_user_registration_id: registrationId,
    provider_type: PROVIDERS[provider],
    provider_subject: subject,
    // The devnet's provider serves nothing but log-ins.
    provider_values: { access_token: "", refresh_token: "", id_token: "", scopes: [], expires_at: null },
    reset_sessions: false,
  };
}

export const socialLogin: Factor = {
  category: "account",
  isEnrolled: (user) => user.factors.logins.length > 0,
  isProof: ({ type }) => type === "oauth",
  describe: ({ factors: { logins } }) => ({
    providers: logins.map(({ registrationId, provider, subject }) => ({
      oauth_user_registration_id: registrationId,
      provider_type: PROVIDERS[provider],
      provider_subject: subject,
      profile_picture_url: "",
      locale: "",
    })),
  }),
  endpoints: [
    endpoint({
      method: "POST",
      path: "/oauth/attach",
      accepts: { sdk: zAttach, server: zAttach },
      answer: attach,
    }),
    endpoint({
      method: "POST",
      path: "/oauth/authenticate",
      accepts: { sdk: zAuthenticate, server: zAuthenticate },
      answer: authenticate,
    }),
    removalEndpoint({
      path: "/users/oauth",
      idField: "oauth_user_registration_id",
      notFound: "oauth_user_registration_not_found",
      has: ({ factors }, id) => factors.logins.some(({ registrationId }) => registrationId === id),
      remove: ({ factors }, id) => {
        factors.logins = factors.logins.filter(({ registrationId }) => registrationId !== id);
      },
      isProof: ({ identity }, id) => Object.values(identity).some((claim) => claim.id === id),
    }),
  ],
};
