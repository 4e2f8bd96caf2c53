import type { DevnetState } from "../../control/state.ts";

/** A part of the page: its element, and how it takes in a new state. */
export interface Section {
  element: HTMLElement;
  update(state: DevnetState): void;
}
