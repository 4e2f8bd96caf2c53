import type { LoginProvider } from "#core/security/login-providers.ts";
import { type CallOptions, type InSession, prove, type ProofOptions, removeFactor } from "../calls.ts";
import { AuthenticatorError } from "../errors.ts";
import { zOAuthAttach } from "../responses.ts";
import type { AuthenticatorSession, AuthenticatorUser } from "../session.ts";
import type { Transport } from "../transport.ts";

/**
 * Social logins. The system browser visits `startUrl` and comes back to the app with a token, which only the holder of
 * the PKCE verifier can redeem.
 */
export class SocialLogins {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** A token that makes the next flow add its login to the person who is logged in. */
  async attach(
    session: AuthenticatorSession,
    provider: LoginProvider,
    { signal }: CallOptions = {},
  ): Promise<string> {
    const attached = await this.#transport.request({
      method: "POST",
      path: "/oauth/attach",
      body: { provider },
      sessionToken: session.token,
      answer: zOAuthAttach,
      signal,
    });
    return attached.oauth_attach_token;
  }

  /**
   * What the system browser has to visit.
   *
   * @param start.redirectUrl where it comes back to: the app's own scheme, or a port of this computer
   * @param start.codeChallenge of `createPkce`
   */
  startUrl(start: {
    provider: LoginProvider;
    redirectUrl: string;
    codeChallenge: string;
    attachToken?: string;
  }): URL {
    const url = this.#transport.publicUrl(`/v1/public/oauth/${start.provider}/start`);
    url.searchParams.set("code_challenge", start.codeChallenge);
    url.searchParams.set("login_redirect_url", start.redirectUrl);
    url.searchParams.set("signup_redirect_url", start.redirectUrl);
    if (start.attachToken !== undefined) url.searchParams.set("oauth_attach_token", start.attachToken);
    return url;
  }

  /** Logs in with the token that came back, or proves or adds the login within `session`. */
  async verify(
    { token, codeVerifier, session }: InSession & { token: string; codeVerifier: string },
    options: ProofOptions = {},
  ): Promise<AuthenticatorSession> {
    const proof = { token, code_verifier: codeVerifier };
    return prove(this.#transport, "/oauth/authenticate", proof, session, options);
  }

  async remove(
    session: AuthenticatorSession,
    registrationId: string,
    options: CallOptions = {},
  ): Promise<AuthenticatorUser> {
    return removeFactor(this.#transport, "/users/oauth", registrationId, session, options);
  }
}

/**
 * The token in the address that the browser came back to, of a social login or a mail that resets a password.
 *
 * @throws AuthenticatorError `login-declined` when there is none of this type
 */
export function tokenInRedirect(redirect: URL, type: "oauth" | "reset_password"): string {
  const token = redirect.searchParams.get("token");
  if (redirect.searchParams.get("stytch_token_type") !== type || token === null || token === "") {
    throw new AuthenticatorError("login-declined");
  }
  return token;
}
