import type { HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { Context } from "hono";
import type { SoftwareLedger } from "../device.ts";
import type { TextEvent, TextEvents } from "./text-events.ts";

export type LedgerContext = Context<{ Bindings: HttpBindings }>;

/** Breaks a connection off without an answer, as a device that is not there. */
export function breakOff({ env }: LedgerContext): Response {
  env.outgoing.destroy();
  return RESPONSE_ALREADY_SENT;
}

/**
 * The connections that are open to hear of the screen. They are the plug, so to speak: hosts take their end for
 * the end of the connection to the device.
 */
export class EventStreams {
  readonly #texts: TextEvents;
  readonly #open = new Set<HttpBindings["outgoing"]>();

  constructor(device: SoftwareLedger, texts: TextEvents) {
    this.#texts = texts;
    device.on("disconnect", () => this.breakAll());
  }

  /** Answers with a stream of server-sent events. */
  connect({ env: { outgoing } }: LedgerContext): Response {
    outgoing.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    outgoing.flushHeaders();
    const send = (event: TextEvent): void => {
      outgoing.write(`data: ${JSON.stringify(event)}\n\n`);
    };
    this.#texts.on("text", send);
    this.#open.add(outgoing);
    outgoing.on("close", () => {
      this.#texts.off("text", send);
      this.#open.delete(outgoing);
    });
    return RESPONSE_ALREADY_SENT;
  }

  breakAll(): void {
    for (const stream of this.#open) stream.destroy();
  }
}
