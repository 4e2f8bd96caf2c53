import { EventEmitter } from "node:events";
import type { Readable, Writable } from "node:stream";
import type { Protocol } from "./protocol.ts";

type Commands = Protocol.CommandParameters;
type Results = Protocol.CommandReturnValues;
type Events = Protocol.Events;

/** A command that Chromium refused, or that it can no longer answer. */
export class CdpError extends Error {
  constructor(method: string, reason: string) {
    super(`${method}: ${reason}`);
    this.name = "CdpError";
  }
}

/** What arrives: an answer to a command (with its id), or an event. */
interface Incoming {
  readonly id?: number;
  readonly sessionId?: string;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

interface Waiting {
  readonly method: string;
  readonly sessionId: string | undefined;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: CdpError) => void;
}

/** The commands and events of one target (or, without a session id, of the browser itself). */
export class CdpSession {
  readonly id: string | undefined;
  readonly #connection: CdpConnection;
  readonly #events = new EventEmitter();

  constructor(connection: CdpConnection, id: string | undefined) {
    this.#connection = connection;
    this.id = id;
  }

  /** @throws {CdpError} when Chromium refuses the command, or the target or Chromium is gone */
  send<M extends keyof Commands & keyof Results>(method: M, params?: Commands[M]): Promise<Results[M]> {
    // The answer's shape is the protocol's promise; Chromium is not asked to prove it.
    return this.#connection.send(method, params, this.id) as Promise<Results[M]>;
  }

  /** Sends a command whose failure does not matter, because its target may be gone by now. */
  post<M extends keyof Commands & keyof Results>(method: M, params?: Commands[M]): void {
    this.send(method, params).catch((error: unknown) => {
      if (!(error instanceof CdpError)) throw error;
    });
  }

  on<E extends keyof Events>(event: E, listener: (params: Events[E]) => void): void {
    this.#events.on(event, listener);
  }

  /** Calls back once, when the target is gone. */
  onDetached(listener: () => void): void {
    this.#events.once("detached", listener);
  }

  /** For the connection only: hands an event in. */
  receive(event: string, params: unknown): void {
    this.#events.emit(event, params);
  }
}

/**
 * The DevTools protocol over Chromium's debugging pipe: messages of JSON, each ended by a zero byte. Chromium quits
 * by itself when the pipe closes, so it cannot outlive the process at this end, however that one dies.
 */
export class CdpConnection {
  readonly browser = new CdpSession(this, undefined);
  readonly #write: Writable;
  readonly #sessions = new Map<string, CdpSession>();
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #closed = false;

  constructor(write: Writable, read: Readable) {
    this.#write = write;
    write.on("error", () => this.#close());
    read.on("close", () => this.#close());
    let rest = "";
    read.setEncoding("utf8");
    read.on("data", (chunk: string) => {
      const messages = (rest + chunk).split("\0");
      rest = messages.pop() ?? "";
      for (const message of messages) this.#receive(JSON.parse(message) as Incoming);
    });
  }

  send(method: string, params: unknown, sessionId: string | undefined): Promise<unknown> {
    if (this.#closed) return Promise.reject(new CdpError(method, "Chromium is gone"));
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { method, sessionId, resolve, reject });
      this.#write.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    });
  }

  /** The session of a target that was just attached. */
  session(id: string): CdpSession {
    let session = this.#sessions.get(id);
    if (!session) {
      session = new CdpSession(this, id);
      this.#sessions.set(id, session);
    }
    return session;
  }

  #receive({ id, sessionId, method, params, result, error }: Incoming): void {
    if (id !== undefined) {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error) waiting?.reject(new CdpError(waiting.method, error.message));
      else waiting?.resolve(result);
      return;
    }
    if (method === undefined) return;
    if (method === "Target.attachedToTarget") {
      this.session((params as Events["Target.attachedToTarget"]).sessionId);
    }
    (sessionId === undefined ? this.browser : this.#sessions.get(sessionId))?.receive(method, params);
    if (method === "Target.detachedFromTarget") {
      this.#detach((params as Events["Target.detachedFromTarget"]).sessionId);
    }
  }

  #detach(sessionId: string): void {
    const session = this.#sessions.get(sessionId);
    this.#sessions.delete(sessionId);
    for (const [id, waiting] of this.#waiting) {
      if (waiting.sessionId !== sessionId) continue;
      this.#waiting.delete(id);
      waiting.reject(new CdpError(waiting.method, "the page is gone"));
    }
    session?.receive("detached", undefined);
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.browser.receive("detached", undefined);
    for (const id of [...this.#sessions.keys()]) this.#detach(id);
    for (const { method, reject } of this.#waiting.values()) reject(new CdpError(method, "Chromium is gone"));
    this.#waiting.clear();
  }
}
