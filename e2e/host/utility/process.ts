// The module `electron` inside a utility process, and what Electron gives such a process: loaded before its program.
import { EventEmitter } from "node:events";
import { registerHooks } from "node:module";
import { NotInStandIn } from "../loud.ts";

/** Electron's parentPort. Messages wait until somebody listens. */
class ParentPort extends EventEmitter {
  #waiting: unknown[] | undefined = [];

  receive(data: unknown): void {
    if (this.#waiting) this.#waiting.push(data);
    else this.emit("message", { data, ports: [] });
  }

  override on(event: string, listener: (...args: unknown[]) => void): this {
    super.on(event, listener);
    const waiting = event === "message" ? this.#waiting : undefined;
    if (waiting) {
      this.#waiting = undefined;
      queueMicrotask(() => {
        for (const data of waiting) this.receive(data);
      });
    }
    return this;
  }

  override addListener(event: string, listener: (...args: unknown[]) => void): this {
    return this.on(event, listener);
  }

  start(): void {
    // Listening is enough.
  }

  postMessage(message: unknown): void {
    send(message);
  }
}

const sendToParent = process.send?.bind(process);
if (!sendToParent) throw new Error("this file is loaded by the stand-in's utilityProcess.fork only");

function send(message: unknown): void {
  sendToParent?.({ message });
}

const parentPort = new ParentPort();
process.on("message", (packet: { message: unknown }) => {
  parentPort.receive(packet.message);
});
// The host is gone, however it ended: nobody would ever talk to this process again.
process.on("disconnect", () => {
  process.exit(0);
});
// Ctrl-C reaches every process of the terminal; the host ends its own in order.
process.on("SIGINT", () => undefined);

// Electron's utility processes have neither of Node's own ways to talk to a parent.
for (const name of ["send", "disconnect"] as const) {
  Object.defineProperty(process, name, { value: undefined });
}
Object.defineProperty(process, "parentPort", { value: parentPort });
Object.defineProperty(process, "type", { value: "utility" });

registerHooks({
  resolve(specifier, context, next) {
    if (/^electron(\/|$)/.test(specifier)) throw new NotInStandIn(`"${specifier}" in a utility process`);
    return next(specifier, context);
  },
});
