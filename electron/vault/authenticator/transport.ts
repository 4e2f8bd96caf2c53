import { randomUUID } from "node:crypto";
import { z } from "zod";
import { AuthenticatorError, type AuthenticatorErrorCode, byStatus, fromApiError } from "./errors.ts";
import { enveloped, zApiError } from "./responses.ts";

/** How the authenticator is reached. */
export interface TransportOptions {
  /** https, or http on this computer. */
  readonly baseUrl: string;
  /** Names the project; it is no secret. */
  readonly publicToken: string;
  readonly fetch?: typeof globalThis.fetch;
  /** How long one call may take, in milliseconds. */
  readonly timeoutMs?: number;
  /** The app's version, as told to the authenticator. */
  readonly version?: string;
}

/** Error types that mean something of their own at one path. */
export type ErrorMeanings = Readonly<Record<string, AuthenticatorErrorCode>>;

export interface ApiRequest<T> {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Below /sdk/v1. */
  readonly path: string;
  readonly answer: z.ZodType<T>;
  readonly body?: Record<string, unknown>;
  readonly sessionToken?: string;
  /** Gives the call up. */
  readonly signal?: AbortSignal | undefined;
  readonly means?: ErrorMeanings | undefined;
}

const DEFAULT_TIMEOUT_MS = 15_000;
const APP = "com.trivet.wallet";

/** One call after the other to /sdk/v1; what comes back is parsed or an AuthenticatorError. Nothing is retried. */
export class Transport {
  readonly #base: URL;
  readonly #publicToken: string;
  readonly #fetch: typeof globalThis.fetch;
  readonly #timeoutMs: number;
  readonly #version: string;
  /** Told with every call, so that the authenticator can tell one run of the app from another. */
  readonly #appSessionId = `app-session-id-${randomUUID()}`;

  /** @throws TypeError when tokens would travel over the network unencrypted. */
  constructor(options: TransportOptions) {
    const { baseUrl, publicToken, fetch = globalThis.fetch, timeoutMs, version = "0" } = options;
    this.#base = new URL(baseUrl);
    const { protocol, hostname } = this.#base;
    if (protocol !== "https:" && !(protocol === "http:" && ["127.0.0.1", "localhost"].includes(hostname))) {
      throw new TypeError("The authenticator's address must be https, or http on this computer.");
    }
    this.#publicToken = publicToken;
    this.#fetch = fetch;
    this.#timeoutMs = timeoutMs ?? DEFAULT_TIMEOUT_MS;
    this.#version = version;
  }

  /** An address for the system browser, which names the project. */
  publicUrl(path: string): URL {
    const url = new URL(path.slice(1), withSlash(this.#base));
    url.searchParams.set("public_token", this.#publicToken);
    return url;
  }

  /** @throws AuthenticatorError for everything but a success that has the expected shape. */
  async request<T>(request: ApiRequest<T>): Promise<T> {
    const { status, text } = await this.#exchange(request);
    const json = parseJson(text);
    if (status < 200 || status > 299) {
      const error = zApiError.safeParse(json);
      if (!error.success) throw new AuthenticatorError(byStatus(status), new Error(`HTTP ${status}`));
      const { error_type, request_id, error_details } = error.data;
      throw fromApiError({
        status,
        errorType: error_type,
        requestId: request_id,
        reason: error_details?.reason,
        means: request.means,
      });
    }
    const parsed = enveloped(request.answer).safeParse(json);
    if (parsed.success) return parsed.data;
    // Only where it differs is kept: the values may be tokens.
    const where = parsed.error.issues.map(({ path }) => path.join(".")).join(", ");
    throw new AuthenticatorError(
      "authenticator-unexpected",
      new Error(`${request.method} ${request.path}: ${where}`),
    );
  }

  async #exchange(request: ApiRequest<unknown>): Promise<{ status: number; text: string }> {
    const { method, path, body, sessionToken, signal } = request;
    const timeout = AbortSignal.timeout(this.#timeoutMs);
    try {
      const response = await this.#fetch(new URL(`sdk/v1${path}`, withSlash(this.#base)), {
        method,
        headers: this.#headers(sessionToken),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        redirect: "error", // A redirect would carry the session's token elsewhere.
        cache: "no-store",
        signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
      });
      return { status: response.status, text: await response.text() };
    } catch (error) {
      if (signal?.aborted === true) throw error; // The caller gave up and knows why.
      const code = timeout.aborted ? "authenticator-timeout" : "authenticator-unreachable";
      throw new AuthenticatorError(code, new Error(networkFault(error)));
    }
  }

  #headers(sessionToken: string | undefined): Record<string, string> {
    const telemetry = {
      event_id: `event-id-${randomUUID()}`,
      app_session_id: this.#appSessionId,
      // Stytch's clients keep this id for ever; a wallet does not let itself be followed from run to run.
      persistent_id: this.#appSessionId.replace("app-session", "persistent"),
      client_sent_at: new Date().toISOString(),
      timezone: "UTC",
      app: { identifier: APP },
      sdk: { identifier: "trivet", version: this.#version },
    };
    const credentials = `${this.#publicToken}:${sessionToken ?? this.#publicToken}`;
    return {
      authorization: `Basic ${Buffer.from(credentials).toString("base64")}`,
      "content-type": "application/json",
      "x-sdk-client": Buffer.from(JSON.stringify(telemetry)).toString("base64"),
      "x-sdk-parent-host": "app://trivet",
    };
  }
}

/** The network's name for the fault, such as ECONNREFUSED; the rest of the error could repeat the request. */
function networkFault(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  const named = z.object({ code: z.string() }).safeParse(cause);
  return named.success ? named.data.code : error instanceof Error ? error.name : "unknown";
}

function withSlash(base: URL): string {
  return base.href.endsWith("/") ? base.href : `${base.href}/`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
