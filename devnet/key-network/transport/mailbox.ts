import type { z } from "zod";
import { NodeError } from "../errors.ts";
import type { Party } from "../threshold/polynomial.ts";
import { nameNodes } from "./network.ts";
import { MAX_AGE_MS, type OpenedMessage } from "./sealing.ts";

/** The round by which a node tells the others that it gave a ceremony up. */
export const ABORT = "abort";

interface Ceremony {
  readonly openedAt: number;
  /** By round, then sender. */
  readonly messages: Map<string, Map<Party, unknown>>;
  readonly waiting: Set<() => void>;
}

const MAX_CEREMONIES = 1024;

/** Some nodes did not send what a ceremony waits for. */
export class SilentNodesError extends NodeError {
  readonly parties: readonly Party[];

  constructor(parties: readonly Party[]) {
    const message = `The key network did not finish: ${nameNodes(parties)} did not answer in time. Try again.`;
    super("nodes-silent", message, { status: 504 });
    this.parties = parties;
  }
}

/**
 * Messages that have arrived, until their ceremony asks for them. A message may come before this node has got as
 * far itself. It is taken once: the same sender's second message for a round is refused, also long after.
 */
export class Mailbox {
  readonly #ceremonies = new Map<string, Ceremony>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** @throws NodeError message-replayed, or busy when too many ceremonies are open */
  deliver({ from, ceremony, round, payload }: OpenedMessage): void {
    const { messages, waiting } = this.#open(ceremony);
    const ofRound = messages.get(round) ?? new Map<Party, unknown>();
    if (ofRound.has(from)) {
      throw new NodeError("message-replayed", "A message between nodes came twice; the second was refused.", {
        status: 409,
      });
    }
    messages.set(round, ofRound.set(from, payload));
    for (const check of waiting) check();
  }

  /**
   * Waits for one message of every party.
   * @throws SilentNodesError naming who did not send it in time
   * @throws NodeError when a party gave the ceremony up, or sent something of another shape
   */
  async collect<T>(
    ceremony: string,
    round: string,
    parties: readonly Party[],
    schema: z.ZodType<T>,
    milliseconds: number,
  ): Promise<Map<Party, T>> {
    const { messages, waiting } = this.#open(ceremony);
    const missing = () => parties.filter((party) => messages.get(round)?.has(party) !== true);
    const aborted = () => parties.find((party) => messages.get(ABORT)?.has(party));
    if (missing().length > 0 && aborted() === undefined) {
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(check);
          reject(new SilentNodesError(missing()));
        }, milliseconds);
        const check = () => {
          if (missing().length > 0 && aborted() === undefined) return;
          clearTimeout(timer);
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
      });
    }
    const quitter = aborted();
    if (quitter !== undefined) throw gaveUp(quitter, messages.get(ABORT)?.get(quitter));
    return new Map(parties.map((party) => [party, read(schema, messages.get(round)?.get(party), party)]));
  }

  #open(name: string): Ceremony {
    const existing = this.#ceremonies.get(name);
    if (existing !== undefined) return existing;
    this.#forgetOld();
    if (this.#ceremonies.size >= MAX_CEREMONIES) {
      throw new NodeError("busy", "This node takes part in too much at once. Try again in a minute.", {
        status: 429,
      });
    }
    const ceremony = { openedAt: this.#now(), messages: new Map(), waiting: new Set<() => void>() };
    this.#ceremonies.set(name, ceremony);
    return ceremony;
  }

  /** A sealed message older than MAX_AGE_MS is refused anyway, so twice that is long enough to notice replays. */
  #forgetOld(): void {
    for (const [name, { openedAt, waiting }] of this.#ceremonies) {
      if (waiting.size === 0 && this.#now() - openedAt > 2 * MAX_AGE_MS) this.#ceremonies.delete(name);
    }
  }
}

function read<T>(schema: z.ZodType<T>, payload: unknown, party: Party): T {
  const parsed = schema.safeParse(payload);
  if (parsed.success) return parsed.data;
  throw new NodeError("message-malformed", `Node ${party} sent something this node does not understand.`, {
    status: 502,
    cause: parsed.error,
  });
}

function gaveUp(party: Party, payload: unknown): NodeError {
  const reason = typeof payload === "string" ? payload : "It gave no reason.";
  return new NodeError("node-gave-up", `Node ${party} gave up: ${reason}`, { status: 502 });
}
