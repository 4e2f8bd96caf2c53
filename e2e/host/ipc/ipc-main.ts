import { LoudEmitter } from "../loud.ts";
import type { WebFrame } from "../window/web-frame.ts";
import type { WebContents } from "../window/web-contents.ts";

/** What listeners and handlers get with every message. */
export interface IpcEvent {
  readonly type: "frame";
  readonly sender: WebContents;
  readonly senderFrame: WebFrame;
  readonly frameId: number;
  readonly processId: number;
}

type Handler = (event: IpcEvent, ...args: unknown[]) => unknown;

/** Electron's `ipcMain`; every web contents has one of its own besides. */
export class IpcMain extends LoudEmitter {
  readonly #handlers = new Map<string, Handler>();

  constructor() {
    super();
    // A page may name a channel "error"; without a listener that would end the program.
    this.on("error", () => undefined);
  }

  handle(channel: string, handler: Handler): void {
    if (this.#handlers.has(channel)) {
      throw new Error(`Attempted to register a second handler for '${channel}'`);
    }
    this.#handlers.set(channel, handler);
  }

  handleOnce(channel: string, handler: Handler): void {
    this.handle(channel, (event, ...args) => {
      this.removeHandler(channel);
      return handler(event, ...args);
    });
  }

  removeHandler(channel: string): void {
    this.#handlers.delete(channel);
  }

  /** For web contents: what answers a channel. */
  handlerOf(channel: string): Handler | undefined {
    return this.#handlers.get(channel);
  }
}

export const ipcMain = new IpcMain();
