import type { BrowserWindow } from "./browser-window.ts";

/** The windows that are open, the one that came to the front last at the end. */
const open: BrowserWindow[] = [];

export const openWindows = (): readonly BrowserWindow[] => open;

export function addWindow(window: BrowserWindow): void {
  open.push(window);
}

export function removeWindow(window: BrowserWindow): void {
  const index = open.indexOf(window);
  if (index >= 0) open.splice(index, 1);
}

export function bringToEnd(window: BrowserWindow): void {
  removeWindow(window);
  addWindow(window);
}
