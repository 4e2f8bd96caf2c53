// Runs in the page's own world, before its first script: puts there what the preload exposes, and nothing else.
import { createEndpoint } from "./bridge.ts";
import { hasPreload } from "./has-preload.ts";
import type { WorldSettings } from "./settings.ts";

export function runMainWorld({ emptyUrl, toMain, toIsolated }: WorldSettings): void {
  if (!hasPreload(emptyUrl)) return;
  createEndpoint(toIsolated, toMain).offer((key: string, api: unknown) => {
    if (Object.hasOwn(window, key)) {
      throw new Error("Cannot bind an API on top of an existing property on the window object");
    }
    Object.defineProperty(window, key, { value: deepFreeze(api), enumerable: true });
  });
}

function deepFreeze(value: unknown): unknown {
  if (Array.isArray(value) || isPlainObject(value)) {
    for (const item of Object.values(value)) deepFreeze(item);
    Object.freeze(value);
  } else if (typeof value === "function") {
    Object.freeze(value);
  }
  return value;
}

function isPlainObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
