import { type CallOptions, prove, type ProofOptions, removeFactor, sixDigits } from "../calls.ts";
import { zRecoveryCodes, zTotpCreated } from "../responses.ts";
import type { AuthenticatorSession, AuthenticatorUser } from "../session.ts";
import type { Transport } from "../transport.ts";

/** What a person needs to set up an authenticator app. It is shown once. */
export interface NewAuthenticatorApp {
  readonly totpId: string;
  /** Base32, for typing it by hand. */
  readonly secret: string;
  /** An image as a data: URL. */
  readonly qrCode: string;
  readonly recoveryCodes: readonly string[];
}

const SET_UP_MINUTES = 30;

/** The authenticator app. */
export class AuthenticatorApps {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Sets up an authenticator app; it counts once `verify` succeeded with its first code. */
  async create(session: AuthenticatorSession, { signal }: CallOptions = {}): Promise<NewAuthenticatorApp> {
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
  async verify(
    session: AuthenticatorSession,
    code: string,
    options: ProofOptions = {},
  ): Promise<AuthenticatorSession> {
    const proof = { totp_code: sixDigits(code) };
    return prove(this.#transport, "/totps/authenticate", proof, session, options);
  }

  /** Uses up a recovery code in place of a lost app: the app can then be removed and set up anew. */
  async recover(
    session: AuthenticatorSession,
    recoveryCode: string,
    options: ProofOptions = {},
  ): Promise<AuthenticatorSession> {
    const proof = { recovery_code: recoveryCode.trim().toLowerCase() };
    return prove(this.#transport, "/totps/recover", proof, session, options);
  }

  /** The recovery codes that are not used up, for who did not keep them; takes proofs of two categories. */
  async recoveryCodes(session: AuthenticatorSession, { signal }: CallOptions = {}): Promise<string[]> {
    const { totps } = await this.#transport.request({
      method: "POST",
      path: "/totps/recovery_codes",
      body: {},
      sessionToken: session.token,
      answer: zRecoveryCodes,
      signal,
    });
    return totps.flatMap(({ recovery_codes }) => recovery_codes);
  }

  /** Removes the app together with its recovery codes. */
  async remove(
    session: AuthenticatorSession,
    totpId: string,
    options: CallOptions = {},
  ): Promise<AuthenticatorUser> {
    return removeFactor(this.#transport, "/users/totps", totpId, session, options);
  }
}
