import { randomBytes } from "node:crypto";
import { z } from "zod";
import { WalletError } from "#core/errors/wallet-error.ts";
import { listFactors, type ProvenFactor } from "#core/security/factors.ts";
import type { Person, RecordFactor } from "#core/security/opened-record.ts";
import type { PendingCode } from "#core/wallet-api/state.ts";
import type { AuthenticatorClient } from "../authenticator/client.ts";
import type { AuthenticatorSession } from "../authenticator/session.ts";

const SECRET_BYTES = 32;
const zSecret = z.string().regex(/^[0-9a-f]{64}$/);

/** Under which name the authenticator keeps this computer's half of the wrapping key. */
const secretName = (deviceId: string) => `trivet_device_${deviceId}`;

const sessionEnded = () =>
  new WalletError(
    "session-ended",
    "You are no longer signed in.",
    "Lock and unlock the wallet, then continue.",
  );

/** The person's session at the authenticator. Its token lives here only, and only while the wallet is unlocked. */
export class PersonSession {
  readonly #client: AuthenticatorClient;
  #session: AuthenticatorSession | undefined;
  #sent: { email: string; methodId: string } | undefined;
  /** How often it ended: what was sent before must not open it after. */
  #ends = 0;

  constructor(client: AuthenticatorClient) {
    this.#client = client;
  }

  async sendCode(email: string): Promise<PendingCode> {
    const { methodId, expiresAt } = await this.#client.email.send(email);
    this.#sent = { email, methodId };
    return { sentTo: email.trim(), expiresAt };
  }

  /**
   * Signs in, or proves the mailbox again within the session that is open.
   * @throws WalletError "session-ended" when the wallet was locked meanwhile, or the code is another person's
   */
  async verifyCode(code: string): Promise<{ userId: string; email: string }> {
    const sent = this.#sent;
    if (!sent) throw new WalletError("no-code-sent", "No code was sent yet.", "Ask for a code first.");
    const ends = this.#ends;
    const session = await this.#client.email.verify({
      methodId: sent.methodId,
      code,
      session: this.#session,
    });
    const isOther = this.#session && session.user.userId !== this.#session.user.userId;
    if (isOther || this.#ends !== ends) throw sessionEnded();
    this.#session = session;
    this.#sent = undefined;
    return { userId: session.user.userId, email: sent.email.trim() };
  }

  #require(): AuthenticatorSession {
    if (!this.#session) throw sessionEnded();
    return this.#session;
  }

  /** Whether the person signed in, as far as is known here. */
  get isOpen(): boolean {
    return this.#session !== undefined;
  }

  /** A JWT that is as young as can be; proofs in it keep their age. */
  async freshJwt(): Promise<string> {
    this.#session = await this.#client.refreshSession(this.#require());
    return this.#session.jwt;
  }

  /** The session as the authenticator knows it now. */
  async refresh(): Promise<AuthenticatorSession> {
    this.#session = await this.#client.refreshSession(this.#require());
    return this.#session;
  }

  /** Asks something of the authenticator within the session. */
  async ask<T>(act: (client: AuthenticatorClient, session: AuthenticatorSession) => Promise<T>): Promise<T> {
    return act(this.#client, this.#require());
  }

  /**
   * Proves or adds a factor within the session, which goes on with the proof in it.
   * @throws WalletError "session-ended" when the wallet was locked meanwhile, or the proof is another person's
   */
  async prove(
    act: (client: AuthenticatorClient, session: AuthenticatorSession) => Promise<AuthenticatorSession>,
  ): Promise<AuthenticatorSession> {
    const before = this.#require();
    const session = await act(this.#client, before);
    if (this.#require().sessionId !== before.sessionId || session.user.userId !== before.user.userId) {
      throw sessionEnded();
    }
    this.#session = session;
    return session;
  }

  /** An email address of the person, by which an authenticator app tells accounts apart. */
  email(): string {
    return this.#require().user.emails.find(({ verified }) => verified)?.address ?? "";
  }

  /** The factors that this session proved, and when. */
  factors(): ProvenFactor[] {
    return this.#session ? listFactors(this.#session.claims) : [];
  }

  /** Whose session it is. */
  person(): Person {
    const { claims } = this.#require();
    return { issuer: claims.iss, sub: claims.sub };
  }

  /** What a factor is to the person: the email address behind an id, as far as the authenticator told. */
  nameOf({ type, id }: RecordFactor): string | undefined {
    const { emails } = this.#require().user;
    return type === "email" ? emails.find(({ emailId }) => emailId === id)?.address : undefined;
  }

  /**
   * This computer's half of the wrapping key (32 bytes).
   * @throws WalletError "device-secret-missing" when the authenticator does not have it
   */
  async deviceSecret(deviceId: string): Promise<Uint8Array> {
    const { metadata } = await this.#client.getUser(this.#require());
    const secret = zSecret.safeParse(metadata[secretName(deviceId)]);
    if (!secret.success) {
      throw new WalletError(
        "device-secret-missing",
        "The authenticator no longer has the secret that opens this computer's device key.",
        "Sign in with the email address of this account. If it was removed, add a new device key with your recovery key.",
      );
    }
    return new Uint8Array(Buffer.from(secret.data, "hex"));
  }

  /** Makes this computer's half of the wrapping key (32 bytes) and leaves it with the authenticator. */
  async createDeviceSecret(deviceId: string): Promise<Uint8Array> {
    const secret = randomBytes(SECRET_BYTES);
    await this.#client.updateMetadata(this.#require(), { [secretName(deviceId)]: secret.toString("hex") });
    return new Uint8Array(secret);
  }

  /** Forgets the session here at once, and ends it at the authenticator if that can be reached. */
  async end(): Promise<void> {
    const session = this.#session;
    this.#ends += 1;
    this.#session = undefined;
    this.#sent = undefined;
    if (session) await this.#client.revokeSession(session);
  }
}
