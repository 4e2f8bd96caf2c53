import {
  type CallOptions,
  type InSession,
  prove,
  type ProofOptions,
  removeFactor,
  sixDigits,
  within,
} from "../calls.ts";
import { zCodeSent } from "../responses.ts";
import type { AuthenticatorSession, AuthenticatorUser } from "../session.ts";
import type { Transport } from "../transport.ts";

/** A code that was sent and can be verified with its `methodId`. */
export interface SentCode {
  readonly methodId: string;
  /** Milliseconds since 1970, by this computer's clock. */
  readonly expiresAt: number;
}

/** How long a code counts; the authenticator is asked for exactly this. */
const CODE_MINUTES = 2;

/** Codes sent to an address: what email codes and SMS codes have in common. */
export abstract class SentCodes {
  readonly #transport: Transport;
  readonly #now: () => number;

  /** @param now milliseconds since 1970 */
  constructor(transport: Transport, now: () => number) {
    this.#transport = transport;
    this.#now = now;
  }

  /** `email` or `sms`, as in the paths. */
  protected abstract readonly channel: string;
  /** How the API calls the address. */
  protected abstract readonly field: string;
  /** Where addresses are removed. */
  protected abstract readonly removalPath: string;
  /** The address as the API takes it. @throws AuthenticatorError when it cannot be one */
  protected abstract normalise(address: string): string;

  /** Sends a code to log in with; an earlier code no longer counts. New addresses become users. */
  async send(address: string, options: CallOptions = {}): Promise<SentCode> {
    return this.#send("login_or_create", address, undefined, options);
  }

  /** Sends a code that adds the address to the person who is logged in, once it is verified in the session. */
  async sendToAdd(
    session: AuthenticatorSession,
    address: string,
    options: CallOptions = {},
  ): Promise<SentCode> {
    return this.#send("send/secondary", address, session, options);
  }

  /** Logs in with a code, or proves or adds the address within `session`. */
  async verify(
    { methodId, code, session }: InSession & { methodId: string; code: string },
    options: ProofOptions = {},
  ): Promise<AuthenticatorSession> {
    const proof = { method_id: methodId, token: sixDigits(code) };
    return prove(this.#transport, "/otps/authenticate", proof, session, options);
  }

  /** Removes an address from the person. The last way to log in stays. */
  async remove(
    session: AuthenticatorSession,
    id: string,
    options: CallOptions = {},
  ): Promise<AuthenticatorUser> {
    return removeFactor(this.#transport, this.removalPath, id, session, options);
  }

  async #send(
    how: string,
    address: string,
    session: AuthenticatorSession | undefined,
    { signal }: CallOptions,
  ): Promise<SentCode> {
    const expiresAt = this.#now() + CODE_MINUTES * 60_000;
    const sent = await this.#transport.request({
      method: "POST",
      path: `/otps/${this.channel}/${how}`,
      body: { [this.field]: this.normalise(address), expiration_minutes: CODE_MINUTES },
      ...within(session),
      answer: zCodeSent,
      signal,
    });
    return { methodId: sent.method_id, expiresAt };
  }
}
