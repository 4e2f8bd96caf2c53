import {
  type CallOptions,
  type InSession,
  prove,
  type ProofOptions,
  removeFactor,
  within,
} from "../calls.ts";
import { zCreationOptions, zDone, zRequestOptions } from "../responses.ts";
import type { AuthenticatorSession, AuthenticatorUser } from "../session.ts";
import type { Transport } from "../transport.ts";

/**
 * Passkeys. What the authenticator asks and what the passkey answers are JSON strings as
 * `PublicKeyCredential.parseCreationOptionsFromJSON`, `parseRequestOptionsFromJSON` and `toJSON` know them: they pass
 * through to and from the page that has the passkey's domain, https or http on localhost.
 */
export class Passkeys {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Asks for the options of `navigator.credentials.create`. @param options.domain the relying party id */
  async startRegistration(
    session: AuthenticatorSession,
    { domain, userAgent, signal }: CallOptions & { domain: string; userAgent?: string },
  ): Promise<string> {
    const started = await this.#transport.request({
      method: "POST",
      path: "/webauthn/register/start",
      body: {
        domain,
        user_agent: userAgent,
        return_passkey_credential_options: true,
        use_base64_url_encoding: true,
      },
      sessionToken: session.token,
      answer: zCreationOptions,
      signal,
    });
    return started.public_key_credential_creation_options;
  }

  /** Registers what `navigator.credentials.create` answered; that proves it too. */
  async finishRegistration(
    session: AuthenticatorSession,
    credential: string,
    options: ProofOptions = {},
  ): Promise<AuthenticatorSession> {
    const proof = { public_key_credential: credential };
    return prove(this.#transport, "/webauthn/register", proof, session, options);
  }

  /** Asks for the options of `navigator.credentials.get`: of the session's person, or of whoever logs in. */
  async startProof({
    domain,
    session,
    signal,
  }: CallOptions & InSession & { domain: string }): Promise<string> {
    const started = await this.#transport.request({
      method: "POST",
      path: `/webauthn/authenticate/start/${session === undefined ? "primary" : "secondary"}`,
      body: { domain, return_passkey_credential_options: true, use_base64_url_encoding: true },
      ...within(session),
      answer: zRequestOptions,
      signal,
    });
    return started.public_key_credential_request_options;
  }

  /** Logs in with what `navigator.credentials.get` answered, or proves the passkey within `session`. */
  async finishProof(
    { credential, session }: InSession & { credential: string },
    options: ProofOptions = {},
  ): Promise<AuthenticatorSession> {
    const proof = { public_key_credential: credential };
    return prove(this.#transport, "/webauthn/authenticate", proof, session, options);
  }

  /** Gives a passkey a name by which its owner knows it. */
  async rename(
    session: AuthenticatorSession,
    { registrationId, name, signal }: CallOptions & { registrationId: string; name: string },
  ): Promise<void> {
    await this.#transport.request({
      method: "PUT",
      path: `/webauthn/update/${encodeURIComponent(registrationId)}`,
      body: { name },
      sessionToken: session.token,
      answer: zDone,
      signal,
    });
  }

  async remove(
    session: AuthenticatorSession,
    registrationId: string,
    options: CallOptions = {},
  ): Promise<AuthenticatorUser> {
    return removeFactor(this.#transport, "/users/webauthn_registrations", registrationId, session, options);
  }
}
