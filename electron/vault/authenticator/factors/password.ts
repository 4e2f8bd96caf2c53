import { type CallOptions, type InSession, prove, type ProofOptions } from "../calls.ts";
import { zDone, zStrength } from "../responses.ts";
import type { AuthenticatorSession } from "../session.ts";
import type { ErrorMeanings, Transport } from "../transport.ts";

/** How hard a password is to guess. */
export interface PasswordStrength {
  readonly isStrong: boolean;
  /** 0 (guessed at once) to 4. */
  readonly score: number;
  /** What is wrong with it, in the authenticator's words; empty when nothing is. */
  readonly warning: string;
  readonly suggestions: readonly string[];
}

/** Stytch has one error type for a wrong password and a wrong project. */
const WRONG_PASSWORD: ErrorMeanings = { unauthorized_credentials: "password-wrong" };

/**
 * The password. Whoever has the mailbox can reset it. Stytch lets an app set and change it, but not remove it.
 */
export class Passwords {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** A new user with a password; the address is not verified by it. */
  async create(
    { email, password }: { email: string; password: string },
    options: ProofOptions = {},
  ): Promise<AuthenticatorSession> {
    return prove(this.#transport, "/passwords", { email: email.trim(), password }, undefined, options);
  }

  /** Logs in with a password, or proves it within `session`. */
  async verify(
    { email, password, session }: InSession & { email: string; password: string },
    options: ProofOptions = {},
  ): Promise<AuthenticatorSession> {
    const proof = { email: email.trim(), password };
    return prove(this.#transport, "/passwords/authenticate", proof, session, options, WRONG_PASSWORD);
  }

  /** Sets a password, the first or another, in a session that proved mailbox or password within five minutes. */
  async set(
    session: AuthenticatorSession,
    password: string,
    options: ProofOptions = {},
  ): Promise<AuthenticatorSession> {
    return prove(this.#transport, "/passwords/session/reset", { password }, session, options);
  }

  /** Sets a new password for the old one. */
  async change(
    change: InSession & { email: string; existing: string; next: string },
    options: ProofOptions = {},
  ): Promise<AuthenticatorSession> {
    return prove(
      this.#transport,
      "/passwords/existing_password/reset",
      { email: change.email.trim(), existing_password: change.existing, new_password: change.next },
      change.session,
      options,
      WRONG_PASSWORD,
    );
  }

  /**
   * Sends a mail that lets its reader set another password.
   *
   * @param start.redirectUrl where the link in the mail leads, with the token in its query
   * @param start.codeChallenge binds the mail to who holds the verifier (`createPkce`)
   */
  async startReset(
    start: { email: string; redirectUrl?: string; codeChallenge?: string },
    { signal }: CallOptions = {},
  ): Promise<void> {
    await this.#transport.request({
      method: "POST",
      path: "/passwords/email/reset/start",
      body: {
        email: start.email.trim(),
        reset_password_redirect_url: start.redirectUrl,
        code_challenge: start.codeChallenge,
      },
      answer: zDone,
      signal,
    });
  }

  /** Sets the password with the token of the mail. All other sessions of the person end. */
  async reset(
    reset: InSession & { token: string; password: string; codeVerifier?: string },
    options: ProofOptions = {},
  ): Promise<AuthenticatorSession> {
    const { token, password, codeVerifier, session } = reset;
    const proof = { token: token.trim(), password, code_verifier: codeVerifier };
    return prove(this.#transport, "/passwords/email/reset", proof, session, options);
  }

  /** Rates a password before it is set. */
  async rate(
    { password, email }: { password: string; email?: string },
    { signal }: CallOptions = {},
  ): Promise<PasswordStrength> {
    const rated = await this.#transport.request({
      method: "POST",
      path: "/passwords/strength_check",
      body: { password, email: email?.trim() },
      answer: zStrength,
      signal,
    });
    return {
      isStrong: rated.valid_password && !rated.breached_password,
      score: rated.score,
      warning: rated.breached_password
        ? "This password is known from a leak."
        : (rated.feedback?.warning ?? ""),
      suggestions: rated.feedback?.suggestions ?? [],
    };
  }
}
