import { setTimeout } from "node:timers/promises";
import { z } from "zod";
import { type Address, zAddress } from "#core/primitives/address.ts";

/** Lit's live service did not do what it was asked. */
export class ServiceFailure extends Error {
  override readonly name = "ServiceFailure";
  /** The HTTP status; undefined when no answer came, or none in time. */
  readonly status: number | undefined;

  constructor(message: string, options: { status?: number; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.status = options.status;
  }
}

export interface ServiceClientOptions {
  /** Where the service is, without the path of its endpoints. */
  readonly url: string;
  /** A credential: it is sent to `url` and nowhere else, and is in no message and no error. */
  readonly usageKey: string;
  /** For tests. */
  readonly fetch?: typeof globalThis.fetch;
  /** Waits between two attempts; for tests. */
  readonly pause?: (milliseconds: number) => Promise<void>;
}

/** What a usage key may do. In a list of groups, 0 stands for all of them. */
const zUsageKey = z.object({
  api_key_hash: z.string(),
  can_create_groups: z.boolean(),
  can_delete_groups: z.boolean(),
  can_create_pkps: z.boolean(),
  can_manage_ipfs_ids_in_groups: z.array(z.int()),
  can_add_pkp_to_groups: z.array(z.int()),
  can_remove_pkp_from_groups: z.array(z.int()),
  can_execute_in_groups: z.array(z.int()),
});
export type UsageKey = z.output<typeof zUsageKey>;

const zUsageKeys = z.array(zUsageKey);
const zWallet = z.object({ wallet_address: zAddress });
const zDone = z.object({ success: z.literal(true) });
const zRun = z.object({ response: z.unknown(), logs: z.string(), has_error: z.boolean() });

/** What a run of a program brought back. */
export interface ProgramRun {
  readonly response: unknown;
  readonly hasError: boolean;
}

/** One request. */
interface Call<T> {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly body?: unknown;
  readonly answer: z.ZodType<T>;
  readonly milliseconds: number;
  /** Whether it may be sent again when it is not known what became of it. */
  readonly repeatable: boolean;
}

/** The service answers in parts of a second; what it writes on its chain takes longer. */
const RUN_MS = 30_000;
const READ_MS = 10_000;
const WRITE_MS = 60_000;

const RETRY_PAUSES_MS = [250, 1_000, 3_000];
/** Nothing was done. */
const TOO_MANY_REQUESTS = 429;
/** What stands before the service says that it is away for a moment; what it did until then is not known. */
const AWAY: ReadonlySet<number> = new Set([502, 503, 504]);

const PAGE_SIZE = 100;
const MAX_PAGES = 50;
/** No answer of the service is longer: a program's response has 100 KB at most. */
const MAX_ANSWER_LENGTH = 1_000_000;

/** The endpoints of Lit's live service (Chipotle) that a wallet needs, with a usage key. */
export class ServiceClient {
  readonly #options: ServiceClientOptions;

  constructor(options: ServiceClientOptions) {
    this.#options = options;
  }

  /** Every usage key of the account, without the keys themselves. @throws ServiceFailure */
  async usageKeys(): Promise<UsageKey[]> {
    const all: UsageKey[] = [];
    for (let page = 0; page < MAX_PAGES; page++) {
      const path = `list_api_keys?page_number=${page}&page_size=${PAGE_SIZE}`;
      const found = await this.#send({ ...READ, path, answer: zUsageKeys });
      all.push(...found);
      // The service answers a page that everything fits on, whichever was asked for.
      if (found.length < PAGE_SIZE) break;
    }
    return all;
  }

  /** Makes a key; the service tells its address only. @throws ServiceFailure */
  async createWallet(): Promise<Address> {
    const call = { method: "GET", path: "create_wallet", milliseconds: WRITE_MS } as const;
    // Not sent again: each call makes another key.
    const { wallet_address: address } = await this.#send({ ...call, answer: zWallet, repeatable: false });
    return address;
  }

  /** Lets the programs of a group use a key. @throws ServiceFailure */
  async addWalletToGroup(group: number, wallet: Address): Promise<void> {
    const body = { group_id: group, pkp_id: wallet };
    const call = { method: "POST", path: "add_pkp_to_group", body, milliseconds: WRITE_MS } as const;
    await this.#send({ ...call, answer: zDone, repeatable: true });
  }

  /** Runs a program. A gate signs the same request with the same signature, so it may run twice. @throws ServiceFailure */
  async run(code: string, params: unknown): Promise<ProgramRun> {
    const body = { code, js_params: params };
    const call = { method: "POST", path: "lit_action", body, milliseconds: RUN_MS } as const;
    const { response, has_error: hasError } = await this.#send({ ...call, answer: zRun, repeatable: true });
    return { response, hasError };
  }

  /** Whether the service answers. */
  async isRunning(): Promise<boolean> {
    try {
      await this.#attempt({ ...READ, path: "account_exists", answer: z.boolean() });
      return true;
    } catch {
      // Whatever the reason, a service that gives no answer cannot help.
      return false;
    }
  }

  async #send<T>(call: Call<T>): Promise<T> {
    const pause = this.#options.pause ?? ((milliseconds) => setTimeout(milliseconds));
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#attempt(call);
      } catch (error) {
        if (!(error instanceof ServiceFailure)) throw error;
        const milliseconds = RETRY_PAUSES_MS[attempt];
        if (!isPassing(error, call) || milliseconds === undefined) throw error;
        await pause(milliseconds);
      }
    }
  }

  async #attempt<T>({ method, path, body, answer, milliseconds }: Call<T>): Promise<T> {
    const { url, usageKey, fetch = globalThis.fetch } = this.#options;
    let response: Response;
    let text: string;
    try {
      response = await fetch(new URL(`/core/v1/${path}`, url), {
        method,
        headers: {
          "x-api-key": usageKey,
          accept: "application/json",
          ...(body !== undefined && { "content-type": "application/json" }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        // The usage key goes to the configured address only.
        redirect: "error",
        signal: AbortSignal.timeout(milliseconds),
      });
      text = await response.text();
    } catch (cause) {
      throw new ServiceFailure("Lit's service gave no answer.", { cause });
    }
    const { status } = response;
    if (!response.ok) throw new ServiceFailure(wordsOf(text), { status });
    const parsed = text.length > MAX_ANSWER_LENGTH ? undefined : answer.safeParse(jsonOf(text));
    if (parsed?.success) return parsed.data;
    throw new ServiceFailure("Lit's service gave an answer that cannot be read.", {
      status,
      cause: parsed?.error,
    });
  }
}

const READ = { method: "GET", milliseconds: READ_MS, repeatable: true } as const;

/** Whether another attempt is worth it, and does no harm. */
const isPassing = ({ status }: ServiceFailure, { repeatable }: Call<unknown>): boolean =>
  status === TOO_MANY_REQUESTS || (repeatable && (status === undefined || AWAY.has(status)));

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What the service says of a failure: JSON text, or whatever stands before it says. For the log, never for a screen. */
function wordsOf(text: string): string {
  const said = z.string().safeParse(jsonOf(text)).data ?? text;
  return said.slice(0, 300);
}
