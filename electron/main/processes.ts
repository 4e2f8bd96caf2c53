import { type UtilityProcess, utilityProcess } from "electron";
import { WalletError } from "#core/errors/wallet-error.ts";
import {
  createPeer,
  type Handlers,
  type Input,
  type Output,
  type Peer,
  type Protocol,
} from "../processes/peer.ts";

export interface WorkerOptions<Serves extends Protocol, Calls extends Protocol> {
  readonly name: string;
  /** The built entry of the process. */
  readonly entry: string;
  /** What main offers to it. */
  readonly serves: Serves;
  readonly handlers: Handlers<Serves>;
  /** What it offers to main. */
  readonly calls: Calls;
  /** Prepares a process that was just started, before anything else is asked of it. */
  readonly prepare: (peer: Peer<Calls>) => Promise<void>;
  /** It ended without being asked to. */
  readonly onCrash: () => void;
  readonly onUnexpected: (method: string, cause: unknown) => void;
}

/** A utility process that is started when it is first needed and again after a crash. */
export interface Worker<Calls extends Protocol> {
  call<M extends keyof Calls & string>(method: M, input: Input<Calls, M>): Promise<Output<Calls, M>>;
  /**
   * Ends the process and all that is in its memory, and resolves when it is gone; the next call starts a new one.
   * @param reason what rejects the calls that wait for it
   */
  readonly end: (reason: WalletError) => Promise<void>;
  /** Ends the process for good: the app is closing. */
  readonly stop: () => void;
}

export function createWorker<Serves extends Protocol, Calls extends Protocol>(
  options: WorkerOptions<Serves, Calls>,
): Worker<Calls> {
  const { name, entry, serves, handlers, calls, prepare, onCrash, onUnexpected } = options;
  let current: { process: UtilityProcess; peer: Peer<Calls>; ready: Promise<unknown> } | undefined;
  let stopping = false;

  function start(): NonNullable<typeof current> {
    const child = utilityProcess.fork(entry, [], { serviceName: `trivet-${name}`, stdio: "inherit" });
    const peer = createPeer<Serves, Calls>({
      port: {
        postMessage: (message) => {
          child.postMessage(message);
        },
        onMessage: (listener) => {
          child.on("message", listener);
        },
      },
      serves,
      handlers,
      calls,
      onUnexpected,
    });
    child.once("exit", () => {
      peer.closed();
      // Otherwise it was asked to end.
      if (current?.process !== child) return;
      current = undefined;
      if (!stopping) onCrash();
    });
    current = { process: child, peer, ready: prepare(peer) };
    return current;
  }

  return {
    async call(method, input) {
      if (stopping) throw new WalletError("quitting", "Trivet is closing.", "Start it again.");
      const { peer, ready } = current ?? start();
      await ready;
      return peer.call(method, input);
    },
    async end(reason) {
      const ending = current;
      if (!ending) return;
      current = undefined;
      ending.peer.closed(reason);
      const gone = new Promise((resolve) => ending.process.once("exit", resolve));
      ending.process.kill();
      await gone;
    },
    stop() {
      stopping = true;
      current?.process.kill();
    },
  };
}
