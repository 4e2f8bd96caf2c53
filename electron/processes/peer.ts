import { randomUUID } from "node:crypto";
import { z } from "zod";
import {
  unexpectedError,
  WalletError,
  walletErrorFrom,
  zWalletErrorData,
} from "#core/errors/wallet-error.ts";

/** The methods one process offers to another: name to input and output schema. */
export type Protocol = Record<string, { input: z.ZodType; output: z.ZodType }>;

export type Input<P extends Protocol, M extends keyof P> = z.input<P[M]["input"]>;
export type Output<P extends Protocol, M extends keyof P> = z.output<P[M]["output"]>;

/** One function per method of a protocol. */
export type Handlers<P extends Protocol> = {
  [M in keyof P]: (input: z.output<P[M]["input"]>) => Promise<z.input<P[M]["output"]>>;
};

/** Either end of a pair of processes: Electron's UtilityProcess and process.parentPort both fit. */
export interface MessagePort {
  postMessage(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
}

const zMessage = z.discriminatedUnion("type", [
  z.object({ type: z.literal("call"), id: z.string(), method: z.string(), input: z.unknown().optional() }),
  z.object({ type: z.literal("result"), id: z.string(), value: z.unknown().optional() }),
  z.object({ type: z.literal("error"), id: z.string(), error: zWalletErrorData }),
]);

export interface Peer<Calls extends Protocol> {
  /** Calls a method of the other process. Rejects with a WalletError; also when the other process ends first. */
  call<M extends keyof Calls & string>(method: M, input: Input<Calls, M>): Promise<Output<Calls, M>>;
  /** Rejects everything that waits for the other process, which is gone; by default it crashed. */
  closed(reason?: WalletError): void;
}

export interface PeerOptions<Serves extends Protocol, Calls extends Protocol> {
  readonly port: MessagePort;
  /** What this process offers. */
  readonly serves: Serves;
  readonly handlers: Handlers<Serves>;
  /** What the other process offers. */
  readonly calls: Calls;
  /** Where an unforeseen error of a handler goes, with its cause; people see a sentence without internals. */
  readonly onUnexpected: (method: string, cause: unknown) => void;
}

const crashed = () =>
  new WalletError(
    "process-ended",
    "A part of Trivet stopped unexpectedly.",
    "Trivet restarts it by itself; unlock and go on. Nothing was lost.",
  );

/**
 * Speaks a typed request/response protocol over a message port. Every message is parsed on arrival, in both
 * directions; a message that does not fit is answered with an error or dropped, never acted upon.
 */
export function createPeer<Serves extends Protocol, Calls extends Protocol>(
  options: PeerOptions<Serves, Calls>,
): Peer<Calls> {
  const { port, serves, handlers, calls, onUnexpected } = options;
  const waiting = new Map<
    string,
    { resolve: (value: unknown) => void; reject: (error: WalletError) => void }
  >();

  async function serve(id: string, method: string, rawInput: unknown): Promise<void> {
    try {
      const schema = Object.hasOwn(serves, method) ? serves[method] : undefined;
      const handler = Object.hasOwn(handlers, method) ? handlers[method] : undefined;
      if (!schema || !handler) throw new Error(`no such method: ${method}`);
      const value = schema.output.parse(await handler(schema.input.parse(rawInput) as never));
      port.postMessage({ type: "result", id, value });
    } catch (cause) {
      if (!(cause instanceof WalletError)) onUnexpected(method, cause);
      port.postMessage({ type: "error", id, error: unexpectedError(cause).toJSON() });
    }
  }

  port.onMessage((raw) => {
    const parsed = zMessage.safeParse(raw);
    if (!parsed.success) {
      onUnexpected("(message)", parsed.error);
      return;
    }
    const message = parsed.data;
    if (message.type === "call") {
      void serve(message.id, message.method, message.input);
      return;
    }
    const call = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.type === "result") call?.resolve(message.value);
    else call?.reject(walletErrorFrom(message.error));
  });

  return {
    async call(method, input) {
      const schema = calls[method];
      if (!schema) throw new Error(`no such method: ${method}`);
      const id = randomUUID();
      const answer = new Promise<unknown>((resolve, reject) => waiting.set(id, { resolve, reject }));
      port.postMessage({ type: "call", id, method, input });
      return schema.output.parse(await answer) as Output<Calls, typeof method>;
    },
    closed(reason = crashed()) {
      for (const { reject } of waiting.values()) reject(reason);
      waiting.clear();
    },
  };
}
