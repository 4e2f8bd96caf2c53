import { once } from "node:events";
import {
  createServer,
  type IncomingMessage,
  request as sendRequest,
  type RequestOptions,
  type Server,
  type ServerResponse,
} from "node:http";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";

const LOOPBACK = "127.0.0.1";

/** Where a request is held: before the service has it, or when the service has done it and nobody knows yet. */
export type HoldPoint = "before" | "after";

/** What is held on a line, until it is let go or the line is mended. */
export interface Held {
  /** Resolves when a request has come that is held. */
  readonly reached: Promise<unknown>;
  readonly release: () => void;
}

interface Hold extends Held {
  readonly at: HoldPoint;
  readonly matching: RegExp;
  readonly arrive: () => void;
  readonly released: Promise<unknown>;
}

/**
 * A line between the wallet and one service of the world. It carries HTTP as it is; a test can cut it, hold what is
 * on it, or connect it to something else.
 */
export class Line {
  /** What the wallet is told the service's address is. */
  readonly url: string;
  readonly #server: Server;
  readonly #home: string;
  #target: string;
  #isCut = false;
  #pretending: ((request: unknown) => unknown) | undefined;
  readonly #holds = new Set<Hold>();

  private constructor(server: Server, target: string, url: string) {
    this.#server = server;
    this.#home = target;
    this.#target = target;
    this.url = url;
  }

  /** @param target the service's address; its path stays part of the line's */
  static async open(target: string): Promise<Line> {
    const server = createServer().listen(0, LOOPBACK);
    await once(server, "listening");
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("the line has no port");
    const path = new URL(target).pathname;
    const line = new Line(server, target, `http://${LOOPBACK}:${address.port}${path === "/" ? "" : path}`);
    server.on("connection", (socket) => {
      if (line.#isCut) socket.destroy();
    });
    server.on("request", (request, response) => {
      line.#carry(request, response).catch(() => {
        // The service is gone, or the wallet is: the other end sees a broken connection.
        response.destroy();
      });
    });
    return line;
  }

  /** Nothing gets through, and what is on the way is lost. */
  cut(): void {
    this.#isCut = true;
    this.#server.closeAllConnections();
  }

  /** As it was when it was opened. */
  mend(): void {
    this.#isCut = false;
    this.#target = this.#home;
    this.#pretending = undefined;
    for (const hold of this.#holds) hold.release();
  }

  /** Holds every request whose path or body matches. */
  hold(matching: RegExp, at: HoldPoint): Held {
    const { promise: reached, resolve: arrive } = Promise.withResolvers<undefined>();
    const { promise: released, resolve } = Promise.withResolvers<undefined>();
    const release = () => {
      this.#holds.delete(hold);
      resolve(undefined);
    };
    const hold: Hold = { at, matching, reached, arrive: () => arrive(undefined), released, release };
    this.#holds.add(hold);
    return hold;
  }

  /** Leads to another service from now on. */
  connectTo(target: string): void {
    this.#target = target;
    this.#server.closeAllConnections();
  }

  /** Answers JSON requests in the service's place where `answer` gives something. */
  pretend(answer: (request: unknown) => unknown): void {
    this.#pretending = answer;
  }

  async close(): Promise<void> {
    this.mend();
    this.#server.close();
    this.#server.closeAllConnections();
    if (this.#server.listening) await once(this.#server, "close");
  }

  async #carry(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    const { url: path = "/", method = "GET" } = request;
    const holds = [...this.#holds].filter(({ matching }) => matching.test(`${path} ${body.toString()}`));
    await this.#wait(holds, "before", response);
    const pretended = body.length > 0 ? this.#pretending?.(JSON.parse(body.toString())) : undefined;
    if (pretended !== undefined) {
      response.setHeader("content-type", "application/json").end(JSON.stringify(pretended));
      return;
    }
    const { host: _, ...headers } = request.headers;
    const answer = await send(new URL(path, this.#target), { method, headers }, body, response);
    await this.#wait(holds, "after", response);
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    // A stream of events may say nothing for a long time.
    response.flushHeaders();
    await pipeline(answer, response);
  }

  async #wait(holds: readonly Hold[], at: HoldPoint, response: ServerResponse): Promise<void> {
    for (const hold of holds.filter((one) => one.at === at)) {
      hold.arrive();
      await hold.released;
    }
    if (this.#isCut || response.destroyed) throw new Error("nobody waits any more");
  }
}

async function send(
  url: URL,
  options: RequestOptions,
  body: Buffer,
  response: ServerResponse,
): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const outgoing = sendRequest(url, { ...options, agent: false }, resolve);
  outgoing.on("error", reject);
  // Whoever gives up waiting gives up at the service too, as on a line without us.
  response.on("close", () => {
    if (!response.writableFinished) outgoing.destroy();
  });
  outgoing.end(body);
  return promise;
}
