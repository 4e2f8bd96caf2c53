// Runs in the preload's world, which shares only the document with the page: gives the preload what Electron's
// sandboxed preloads have, and carries its messages to the host.
import { decode, encode } from "../ipc/codec.ts";
import type { FromPage, ToPage } from "../ipc/messages.ts";
import { createEndpoint } from "./bridge.ts";
import { hasPreload } from "./has-preload.ts";
import type { WorldSettings } from "./settings.ts";

type Preload = (require: (id: string) => unknown, module: object, exports: object, process: object) => void;
type Listener = (event: object, ...args: unknown[]) => void;
type Post = (message: FromPage) => void;

interface NavigateEvent extends Event {
  readonly destination: { readonly url: string };
}

const INPUT_EVENTS = ["keydown", "pointerdown", "pointermove", "wheel"];

export function runIsolatedWorld(settings: WorldSettings, preload: Preload): void {
  const host = takeBinding(settings.binding);
  if (!hasPreload(settings.emptyUrl)) return;
  const post: Post = (message) => {
    host(JSON.stringify(message));
  };
  const ipcRenderer = createIpcRenderer(settings.receiver, post);
  const bridge = createEndpoint(settings.toMain, settings.toIsolated);
  const contextBridge = loud("contextBridge", {
    exposeInMainWorld: (key: string, api: unknown) => {
      bridge.call(key, api);
    },
  });
  holdLocalNavigations(post);
  reportInput(post);
  reportSystemTheme(post);

  const electron = loud("electron", { contextBridge, ipcRenderer });
  const require = (id: string): unknown => {
    if (id === "electron" || id === "electron/renderer") return electron;
    throw new Error(`module not found: ${id}`);
  };
  const process = {
    platform: settings.platform,
    arch: settings.arch,
    versions: settings.versions,
    type: "renderer",
    sandboxed: true,
    contextIsolated: true,
    env: {},
    argv: [],
  };
  const module = { exports: {} };
  try {
    preload(require, module, module.exports, process);
  } catch (error) {
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    console.error("Unable to load preload script", error);
    post({ kind: "preload-error", message, stack: stack ?? "" });
  }
}

/** The function that calls the host, which nothing else in this world gets to see. */
function takeBinding(name: string): (message: string) => void {
  const binding: unknown = Reflect.get(globalThis, name);
  Reflect.deleteProperty(globalThis, name);
  if (typeof binding !== "function") throw new Error("the host did not install its binding");
  return (message) => {
    Reflect.apply(binding, undefined, [message]);
  };
}

function createIpcRenderer(receiver: string, post: Post): object {
  const listeners = new Map<string, { listener: Listener; original: Listener }[]>();
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let lastId = 0;

  function add(channel: string, listener: Listener, original = listener): object {
    listeners.set(channel, [...(listeners.get(channel) ?? []), { listener, original }]);
    return ipcRenderer;
  }

  function remove(channel: string, listener: Listener): object {
    const all = listeners.get(channel) ?? [];
    const last = all.findLastIndex((entry) => entry.original === listener);
    listeners.set(channel, last < 0 ? all : all.toSpliced(last, 1));
    return ipcRenderer;
  }

  const ipcRenderer: object = loud("ipcRenderer", {
    on: (channel: string, listener: Listener) => add(channel, listener),
    addListener: (channel: string, listener: Listener) => add(channel, listener),
    once: (channel: string, listener: Listener) => {
      const once: Listener = (event, ...args) => {
        remove(channel, listener);
        listener(event, ...args);
      };
      return add(channel, once, listener);
    },
    off: remove,
    removeListener: remove,
    removeAllListeners: (channel?: string) => {
      if (channel === undefined) listeners.clear();
      else listeners.delete(channel);
      return ipcRenderer;
    },
    listenerCount: (channel: string) => listeners.get(channel)?.length ?? 0,
    send: (channel: string, ...args: unknown[]) => {
      post({ kind: "send", channel, args: encode(args) });
    },
    invoke: async (channel: string, ...args: unknown[]) => {
      const id = ++lastId;
      const result = new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
      post({ kind: "invoke", id, channel, args: encode(args) });
      try {
        return await result;
      } catch (error) {
        // Electron's words.
        throw new Error(`Error invoking remote method '${channel}': ${(error as Error).message}`);
      }
    },
  });

  function settle(id: number) {
    const call = waiting.get(id);
    waiting.delete(id);
    return call;
  }

  Reflect.set(globalThis, receiver, (message: ToPage) => {
    switch (message.kind) {
      case "result":
        settle(message.id)?.resolve(decode(message.value));
        break;
      case "failure":
        settle(message.id)?.reject(new Error(message.error));
        break;
      case "message": {
        const event = { sender: ipcRenderer, ports: [] };
        const args = decode(message.args) as unknown[];
        for (const { listener } of listeners.get(message.channel) ?? []) listener(event, ...args);
        break;
      }
    }
  });
  return ipcRenderer;
}

/**
 * Navigations to addresses that make no request cannot be stopped from outside the page, so they are stopped here, and
 * the host decides what that means.
 */
function holdLocalNavigations(post: Post): void {
  // TypeScript's DOM does not know the Navigation API yet.
  const navigation = Reflect.get(window, "navigation") as EventTarget;
  navigation.addEventListener("navigate", (event) => {
    const { url } = (event as NavigateEvent).destination;
    if (!event.cancelable || !/^(about|blob|data|filesystem):/.test(url)) return;
    event.preventDefault();
    post({ kind: "local-navigation", url });
  });
}

/** Lets the host know, once a second at most, that a person is there. */
function reportInput(post: Post): void {
  let lastReport = -Infinity;
  for (const type of INPUT_EVENTS) {
    window.addEventListener(
      type,
      ({ timeStamp }) => {
        if (timeStamp - lastReport < 1000) return;
        lastReport = timeStamp;
        post({ kind: "input" });
      },
      { capture: true, passive: true },
    );
  }
}

function reportSystemTheme(post: Post): void {
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const report = () => {
    post({ kind: "system-theme", dark: dark.matches });
  };
  report();
  dark.addEventListener("change", report);
}

/** An object that throws when something is read that it does not have. */
function loud<T extends object>(name: string, api: T): T {
  return new Proxy(api, {
    get(target, key, receiver) {
      if (typeof key === "symbol" || key in target) return Reflect.get(target, key, receiver) as unknown;
      throw new Error(
        `${name}.${key} is not part of the stand-in for Electron. e2e/host/README.md says what is.`,
      );
    },
  });
}
