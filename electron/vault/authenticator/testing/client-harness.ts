/** The client against the devnet's authenticator, for tests. */
import { expect } from "vitest";
import { AuthenticatorHarness } from "#devnet/authenticator/testing/harness.ts";
import { AuthenticatorClient } from "../client.ts";
import type { AuthenticatorErrorCode } from "../errors.ts";
import type { AuthenticatorSession } from "../session.ts";

export const EMAIL = "ada@example.com";
export const PHONE = "+41790000001";

export class ClientHarness implements AsyncDisposable {
  readonly authenticator: AuthenticatorHarness;
  readonly client: AuthenticatorClient;

  private constructor(authenticator: AuthenticatorHarness) {
    this.authenticator = authenticator;
    this.client = new AuthenticatorClient({
      baseUrl: authenticator.url,
      publicToken: authenticator.running.identity.publicToken,
      now: authenticator.time,
    });
  }

  static async start(): Promise<ClientHarness> {
    return new ClientHarness(await AuthenticatorHarness.start());
  }

  /** Logs in with an email code, or proves the mailbox again. */
  async logIn(email = EMAIL, session?: AuthenticatorSession): Promise<AuthenticatorSession> {
    const { methodId } = await this.client.email.send(email);
    const code = await this.authenticator.codeFor(email);
    return this.client.email.verify({ methodId, code, session });
  }

  /** Adds a phone to a session's person. */
  async addPhone(session: AuthenticatorSession, number = PHONE): Promise<AuthenticatorSession> {
    const { methodId } = await this.client.sms.sendToAdd(session, number);
    const code = await this.authenticator.smsFor(number);
    return this.client.sms.verify({ methodId, code, session });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    expect(this.authenticator.faults).toEqual([]);
    await this.authenticator[Symbol.asyncDispose]();
  }
}

/** Expects a call to fail with a code, and with sentences for people. */
export async function expectError(call: Promise<unknown>, code: AuthenticatorErrorCode): Promise<void> {
  await expect(call).rejects.toMatchObject({
    name: "WalletError",
    code,
    message: expect.stringMatching(/\.$/) as string,
    whatToDo: expect.stringMatching(/\.$/) as string,
  });
}
