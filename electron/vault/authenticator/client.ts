import { AuthenticatorError } from "./errors.ts";
import { zAuthenticated, zCodeSent, zDone, zTotpCreated, zUser, zUserChanged } from "./responses.ts";
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

export interface CallOptions {
  /** Gives the call up; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

interface ProofOptions extends CallOptions {
  /** How long the session lasts from now, in minutes: 5 to 527040. */
  readonly sessionMinutes?: number;
}

/** A code that was sent and can be verified with its `methodId`. */
export interface SentCode {
  readonly methodId: string;
  /** Milliseconds since 1970, by this computer's clock. */
  readonly expiresAt: number;
}

/** What a person needs to set up an authenticator app. It is shown once. */
export interface NewAuthenticatorApp {
  readonly totpId: string;
  /** Base32, for typing it by hand. */
  readonly secret: string;
  /** An image as a data: URL. */
  readonly qrCode: string;
  readonly recoveryCodes: readonly string[];
}

/** How long an emailed code counts; the authenticator is asked for exactly this. */
const CODE_MINUTES = 2;
const SET_UP_MINUTES = 30;
const SESSION_MINUTES = 60;

/**
 * The authenticator's /sdk/v1 API: Stytch in production, the devnet's authenticator for trying out; one code path.
 *
 * Every method rejects with an AuthenticatorError whose `code` says what happened. Methods that take a session use
 * its token and hand back a newer session where the API gives one.
 */
export class AuthenticatorClient {
  readonly #transport: Transport;
  readonly #now: () => number;

  constructor(options: ClientOptions) {
    this.#transport = new Transport(options);
    this.#now = options.now ?? Date.now;
  }

  /** Sends a six-digit code to the address; an earlier code no longer counts. New addresses become users. */
  async sendEmailCode(email: string, { signal }: CallOptions = {}): Promise<SentCode> {
    const expiresAt = this.#now() + CODE_MINUTES * 60_000;
    const { method_id } = await this.#transport.request({
      method: "POST",
      path: "/otps/email/login_or_create",
      body: { email: email.trim(), expiration_minutes: CODE_MINUTES },
      answer: zCodeSent,
      signal,
    });
    return { methodId: method_id, expiresAt };
  }

  /** Logs in with an emailed code, or proves the mailbox again within `session`. */
  async verifyEmailCode(
    proof: { methodId: string; code: string; session?: AuthenticatorSession | undefined },
    options: ProofOptions = {},
  ): Promise<AuthenticatorSession> {
    return this.#prove(
      "/otps/authenticate",
      { method_id: proof.methodId, token: sixDigits(proof.code) },
      proof.session,
      options,
    );
  }

  /** Sets up an authenticator app; it counts once `verifyTotp` succeeded with its first code. */
  async createTotp(
    session: AuthenticatorSession,
    { signal }: CallOptions = {},
  ): Promise<NewAuthenticatorApp> {
    const created = await this.#transport.request({
      method: "POST",
      path: "/totps",
      body: { expiration_minutes: SET_UP_MINUTES },
      sessionToken: session.token,
      answer: zTotpCreated,
      signal,
    });
    return {
      totpId: created.totp_id,
      secret: created.secret,
      qrCode: created.qr_code,
      recoveryCodes: created.recovery_codes,
    };
  }

  /** Proves the authenticator app with the code it shows. */
  async verifyTotp(
    session: AuthenticatorSession,
    code: string,
    options: ProofOptions = {},
  ): Promise<AuthenticatorSession> {
    return this.#prove("/totps/authenticate", { totp_code: sixDigits(code) }, session, options);
  }

  /** Uses up a recovery code in place of a lost authenticator app. */
  async recover(
    session: AuthenticatorSession,
    recoveryCode: string,
    options: ProofOptions = {},
  ): Promise<AuthenticatorSession> {
    const code = recoveryCode.trim().toLowerCase();
    return this.#prove("/totps/recover", { recovery_code: code }, session, options);
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

  async #prove(
    path: string,
    proof: Record<string, string>,
    session: AuthenticatorSession | undefined,
    { sessionMinutes = SESSION_MINUTES, signal }: ProofOptions,
  ): Promise<AuthenticatorSession> {
    const answer = await this.#transport.request({
      method: "POST",
      path,
      body: { ...proof, session_duration_minutes: sessionMinutes },
      ...(session === undefined ? {} : { sessionToken: session.token }),
      answer: zAuthenticated,
      signal,
    });
    return toSession(answer);
  }
}

/** The code as people type it, "123 456" included. What cannot be right costs no try. */
function sixDigits(code: string): string {
  const digits = code.replace(/[\s-]/g, "");
  if (!/^\d{6}$/.test(digits)) throw new AuthenticatorError("code-format");
  return digits;
}
