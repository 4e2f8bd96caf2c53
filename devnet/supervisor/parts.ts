import { EventEmitter } from "node:events";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { ProcessState } from "./managed-process.ts";
import { ManagedProcess } from "./managed-process.ts";

const DEVNET = fileURLToPath(new URL("..", import.meta.url));

/** A part of the devnet that is a process of its own. */
export interface PartOptions {
  name: string;
  /** The script: an absolute path, or one relative to devnet/. */
  script: string;
  args: string[];
  port: number;
  /** The path that answers 2xx once the part works. */
  health: string;
}

export interface Part {
  name: string;
  port: number;
  url: string;
  process: ManagedProcess;
}

interface PartsEvents {
  /** A part's process came or went. */
  state: [part: Part, state: ProcessState];
}

/** The processes of a devnet, in the order in which they were added. */
export class Parts extends EventEmitter<PartsEvents> {
  readonly #parts: Part[] = [];
  readonly #onLine: (part: string, line: string) => void;

  /** @param onLine takes each line a part writes */
  constructor(onLine: (part: string, line: string) => void) {
    super();
    this.#onLine = onLine;
  }

  get all(): readonly Part[] {
    return this.#parts;
  }

  add({ name, script, args, port, health }: PartOptions): Part {
    const url = `http://127.0.0.1:${port}`;
    const process = new ManagedProcess({
      name,
      script: resolve(DEVNET, script),
      args,
      healthUrl: `${url}${health}`,
      onLine: this.#onLine,
      onState: (state) => this.emit("state", part, state),
    });
    const part: Part = { name, port, url, process };
    this.#parts.push(part);
    return part;
  }

  /** Stops all at once, except that the first part, on which the others rest, goes last. */
  async stop(): Promise<void> {
    const [first, ...others] = this.#parts;
    await Promise.all(others.map(({ process }) => process.stop()));
    await first?.process.stop();
  }
}
