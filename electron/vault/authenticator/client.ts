import type { CallOptions, ProofOptions } from "./calls.ts";
import { EmailCodes } from "./factors/email-code.ts";
import { Passkeys } from "./factors/passkey.ts";
import { Passwords } from "./factors/password.ts";
import { SmsCodes } from "./factors/sms-code.ts";
import { SocialLogins } from "./factors/social-login.ts";
import { AuthenticatorApps } from "./factors/totp.ts";
import { Wallets } from "./factors/wallet.ts";
import { zAuthenticated, zDone, zUser, zUserChanged } from "./responses.ts";
import {
  type AuthenticatorSession,
  type AuthenticatorUser,
  type Metadata,
  toSession,
  toUser,
} from "./session.ts";
import { Transport, type TransportOptions } from "./transport.ts";

export interface ClientOptions extends TransportOptions {
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/**
 * The authenticator's /sdk/v1 API: Stytch in production, the devnet's authenticator for trying out; one code path.
 * Sessions and the user are here, each factor in a file of its own below `factors/`.
 *
 * Every method rejects with an AuthenticatorError whose `code` says what happened. Methods that take a session use
 * its token and hand back a newer session where the API gives one.
 */
export class AuthenticatorClient {
  readonly #transport: Transport;
  readonly email: EmailCodes;
  readonly sms: SmsCodes;
  readonly totp: AuthenticatorApps;
  readonly passkey: Passkeys;
  readonly password: Passwords;
  readonly login: SocialLogins;
  readonly wallet: Wallets;

  constructor(options: ClientOptions) {
    const transport = new Transport(options);
    const now = options.now ?? Date.now;
    this.#transport = transport;
    this.email = new EmailCodes(transport, now);
    this.sms = new SmsCodes(transport, now);
    this.totp = new AuthenticatorApps(transport);
    this.passkey = new Passkeys(transport);
    this.password = new Passwords(transport);
    this.login = new SocialLogins(transport);
    this.wallet = new Wallets(transport);
  }

  /** A new JWT, over the old proofs; with `sessionMinutes` the session also ends later. */
  async refreshSession(
    session: AuthenticatorSession,
    { sessionMinutes, signal }: ProofOptions = {},
  ): Promise<AuthenticatorSession> {
    const answer = await this.#transport.request({
      method: "POST",
      path: "/sessions/authenticate",
      body: { session_duration_minutes: sessionMinutes },
      sessionToken: session.token,
      answer: zAuthenticated,
      signal,
    });
    return toSession(answer);
  }

  /** Ends the session. Its last JWT still verifies until it runs out, five minutes at most. */
  async revokeSession(session: AuthenticatorSession, { signal }: CallOptions = {}): Promise<void> {
    await this.#transport.request({
      method: "POST",
      path: "/sessions/revoke",
      sessionToken: session.token,
      answer: zDone,
      signal,
    });
  }

  async getUser(session: AuthenticatorSession, { signal }: CallOptions = {}): Promise<AuthenticatorUser> {
    const user = await this.#transport.request({
      method: "GET",
      path: "/users/me",
      sessionToken: session.token,
      answer: zUser,
      signal,
    });
    return toUser(user);
  }

  /** Changes what the wallet keeps at the authenticator: given keys replace, null removes, the others stay. */
  async updateMetadata(
    session: AuthenticatorSession,
    changes: Metadata,
    { signal }: CallOptions = {},
  ): Promise<AuthenticatorUser> {
    const { user } = await this.#transport.request({
      method: "PUT",
      path: "/users/me",
      body: { untrusted_metadata: changes },
      sessionToken: session.token,
      answer: zUserChanged,
      signal,
    });
    return toUser(user);
  }
}
