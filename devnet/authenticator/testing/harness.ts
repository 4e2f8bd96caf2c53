/** An authenticator for tests: on a free port, with its state in a temporary directory and a clock they can move. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { z } from "zod";
import { DEVNET_AUTHENTICATOR } from "#core/security/devnet-authenticator.ts";
import { type AuthenticatorOptions, type RunningAuthenticator, startAuthenticator } from "../start.ts";

const zMails = z.array(z.object({ to: z.string(), code: z.string() }));
const zData = z.record(z.string(), z.unknown());

export interface ApiAnswer {
  readonly status: number;
  /** What `data` wraps, or the error. */
  readonly body: Record<string, unknown>;
}

export interface HarnessOptions extends Pick<AuthenticatorOptions, "issuer"> {
  /** Whether time runs, for who meets clocks that no test can move. */
  readonly runs?: boolean;
}

export class AuthenticatorHarness implements AsyncDisposable {
  readonly directory: string;
  readonly #options: Pick<AuthenticatorOptions, "issuer">;
  #running: RunningAuthenticator | undefined;
  #time: number | undefined;
  /** Faults of the authenticator itself: none in any test. */
  readonly faults: Error[] = [];

  private constructor(directory: string, { runs = false, ...options }: HarnessOptions) {
    this.directory = directory;
    this.#options = options;
    this.#time = runs ? undefined : Date.now();
  }

  static async start(options: HarnessOptions = {}): Promise<AuthenticatorHarness> {
    const harness = new AuthenticatorHarness(await mkdtemp(path.join(tmpdir(), "trivet-auth-")), options);
    await harness.restart();
    return harness;
  }

  get running(): RunningAuthenticator {
    if (this.#running === undefined) throw new Error("The authenticator is stopped.");
    return this.#running;
  }

  get url(): string {
    return this.running.url;
  }

  /** The time the authenticator reads, in milliseconds. It stands still unless a test moves it, or it runs. */
  readonly time = (): number => this.#time ?? Date.now();

  /** @throws Error when time runs by itself: others look at their own clock then */
  advance(seconds: number): void {
    if (this.#time === undefined) throw new Error("time runs here; nobody can move it");
    this.#time += seconds * 1000;
  }

  /** Stops it, if it runs, and starts it again over the same state. */
  async restart(): Promise<void> {
    await this.stop();
    this.#running = await startAuthenticator({
      ...this.#options,
      directory: this.directory,
      port: 0,
      systemTime: this.time,
      passwordCost: { N: 1024, r: 8, p: 1 },
      reportFault: (error) => this.faults.push(error),
    });
  }

  async stop(): Promise<void> {
    await this.#running?.close();
    this.#running = undefined;
  }

  /** The newest code sent to an address. */
  async codeFor(email: string): Promise<string> {
    const response = await fetch(`${this.url}/inbox`);
    const mail = zMails.parse(await response.json()).find(({ to }) => to === email);
    if (mail === undefined) throw new Error(`No mail was sent to ${email}.`);
    return mail.code;
  }

  /** The newest code sent to a phone. */
  async smsFor(number: string): Promise<string> {
    const response = await fetch(`${this.url}/phone`);
    const sms = zMails.parse(await response.json()).find(({ to }) => to === number);
    if (sms === undefined) throw new Error(`No SMS was sent to ${number}.`);
    return sms.code;
  }

  /** Logs a person in with an email code, or proves the mailbox again in a session. @returns the session's token */
  async logIn(email: string, session?: string): Promise<string> {
    const { body } = await this.sdk("POST", "/otps/email/login_or_create", { email });
    return this.#proveCode(body.method_id, await this.codeFor(email), session);
  }

  /** Proves a phone: one of the session's user, or one to log in with. @returns the session's token */
  async provePhone(number: string, session?: string): Promise<string> {
    const path = session === undefined ? "/otps/sms/login_or_create" : "/otps/sms/send/secondary";
    const { body } = await this.sdk("POST", path, { phone_number: number }, session);
    return this.#proveCode(body.method_id, await this.smsFor(number), session);
  }

  async #proveCode(methodId: unknown, code: string, session: string | undefined): Promise<string> {
    const { status, body } = await this.sdk(
      "POST",
      "/otps/authenticate",
      { method_id: methodId, token: code, session_duration_minutes: 1440 },
      session,
    );
    if (status !== 200) throw new Error(`The code was refused: ${String(body.error_type)}.`);
    return String(body.session_token);
  }

  /** What a session's person and the session itself are said to be. */
  async session(token: string): Promise<Record<string, unknown>> {
    const { status, body } = await this.sdk("POST", "/sessions/authenticate", {}, token);
    if (status !== 200) throw new Error(`The session was refused: ${String(body.error_type)}.`);
    return body;
  }

  /** A call as a back end makes it. */
  async server(method: string, apiPath: string, body: object = {}): Promise<ApiAnswer> {
    const { identity, projectSecret } = this.running;
    const response = await fetch(`${this.url}/v1${apiPath}`, {
      method,
      headers: {
        "content-type": "application/json",
        authorization: `Basic ${btoa(`${identity.projectId}:${projectSecret}`)}`,
      },
      ...(method === "GET" ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: zData.parse(await response.json()) };
  }

  /** A call as an app makes it. */
  async sdk(method: string, apiPath: string, body?: object, sessionToken?: string): Promise<ApiAnswer> {
    const response = await fetch(`${this.url}/sdk/v1${apiPath}`, {
      method,
      headers: sdkHeaders(sessionToken),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = zData.parse(await response.json());
    return { status: response.status, body: response.ok ? zData.parse(answer.data) : answer };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await rm(this.directory, { recursive: true, force: true });
  }
}

/** The headers of an app's call: of the project, or of a session. */
export function sdkHeaders(sessionToken?: string): Record<string, string> {
  const { publicToken } = DEVNET_AUTHENTICATOR;
  return {
    "content-type": "application/json",
    authorization: `Basic ${btoa(`${publicToken}:${sessionToken ?? publicToken}`)}`,
    "x-sdk-client": btoa(JSON.stringify(TELEMETRY)),
  };
}

const TELEMETRY = {
  event_id: "event-id-1",
  app_session_id: "app-session-id-1",
  persistent_id: "persistent-id-1",
  client_sent_at: "2026-11-20T10:00:00.000Z",
  timezone: "UTC",
  app: { identifier: "trivet-tests" },
  sdk: { identifier: "trivet-tests", version: "1" },
};
