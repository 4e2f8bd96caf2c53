import { z } from "zod";
import { messageOf, NodeError } from "../errors.ts";
import type { Party } from "../threshold/polynomial.ts";
import type { Network } from "./network.ts";
import { zSealedMessage, type Sealing } from "./sealing.ts";

/** Where a node takes the others' messages. */
export const PEER_PATH = "/trivet/peer";

const zRefusal = z.object({ message: z.string() });

/** This node's way to the others. */
export class Peers {
  readonly self: Party;
  readonly #urls: ReadonlyMap<Party, string>;
  readonly #sealing: Sealing;

  constructor(self: Party, network: Network, sealing: Sealing) {
    this.self = self;
    this.#sealing = sealing;
    this.#urls = new Map(network.nodes.map(({ index, url }) => [index, new URL(PEER_PATH, url).href]));
  }

  /** All other nodes. */
  get others(): Party[] {
    return [...this.#urls.keys()].filter((party) => party !== this.self);
  }

  /**
   * Sends a message and resolves with the answer, or undefined when there is none to it.
   * @throws NodeError node-unreachable or node-refused
   */
  async send(
    to: Party,
    ceremony: string,
    round: string,
    payload: unknown,
    milliseconds: number,
  ): Promise<unknown> {
    const response = await this.#post(to, this.#sealing.seal(to, ceremony, round, payload), milliseconds);
    if (response.status === 204) return undefined;
    const body: unknown = await response.json().catch((cause: unknown) => {
      throw unreachable(to, cause);
    });
    if (!response.ok) throw refusal(to, body);
    const reply = this.#sealing.open(zSealedMessage.parse(body));
    if (reply.from !== to || reply.ceremony !== ceremony || reply.round !== replyRound(round)) {
      throw new NodeError("node-refused", `Node ${to} answered something else.`, { status: 502 });
    }
    return reply.payload;
  }

  /** Sends a message to each of the parties but this node; `payload` may differ by receiver. */
  async sendAll(
    parties: readonly Party[],
    ceremony: string,
    round: string,
    payload: (to: Party) => unknown,
    milliseconds: number,
  ): Promise<void> {
    const others = parties.filter((party) => party !== this.self);
    await Promise.all(others.map((to) => this.send(to, ceremony, round, payload(to), milliseconds)));
  }

  async #post(to: Party, message: unknown, milliseconds: number): Promise<Response> {
    const url = this.#urls.get(to);
    if (url === undefined) throw new RangeError(`There is no node ${to}.`);
    try {
      return await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(message),
        signal: AbortSignal.timeout(milliseconds),
      });
    } catch (cause) {
      throw unreachable(to, cause);
    }
  }
}

/** The round under which the answer to a message is sealed. */
export function replyRound(round: string): string {
  return `${round}:reply`;
}

function unreachable(to: Party, cause: unknown): NodeError {
  return new NodeError("node-unreachable", `Node ${to} does not answer.`, { status: 503, cause });
}

function refusal(to: Party, body: unknown): NodeError {
  const parsed = zRefusal.safeParse(body);
  const why = parsed.success ? parsed.data.message : messageOf(body);
  return new NodeError("node-refused", `Node ${to} refused: ${why}`, { status: 502 });
}
