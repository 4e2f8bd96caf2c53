import { loud } from "../loud.ts";
import { originOf } from "../web/schemes.ts";

/** Electron's WebFrameMain, of the main frame: the only one that has a preload and can send messages. */
export interface WebFrame {
  readonly url: string;
  readonly origin: string;
  readonly parent: null;
  readonly top: WebFrame;
  readonly frameTreeNodeId: number;
  readonly routingId: number;
  readonly processId: number;
  readonly detached: boolean;
  readonly isDestroyed: () => boolean;
  readonly send: (channel: string, ...args: unknown[]) => void;
}

export interface WebFrameOptions {
  readonly id: number;
  /** The address of the document it shows, as the app knows it. */
  readonly url: () => string;
  readonly isDestroyed: () => boolean;
  readonly send: (channel: string, ...args: unknown[]) => void;
}

export function createWebFrame({ id, url, isDestroyed, send }: WebFrameOptions): WebFrame {
  const frame: WebFrame = loud("WebFrameMain", {
    get url() {
      return url();
    },
    get origin() {
      return originOf(url());
    },
    get top() {
      return frame;
    },
    get detached() {
      return isDestroyed();
    },
    parent: null,
    frameTreeNodeId: id,
    routingId: id,
    processId: id,
    isDestroyed,
    send,
  });
  return frame;
}
