import { defineStore } from "pinia";
import { shallowRef } from "vue";
import type { Link } from "#core/links/link.ts";
import { useWallet } from "../api/use-wallet.ts";

/** Links that were opened outside Trivet: one that waits, and the one whose text is on a screen now. */
export const useLinksStore = defineStore("links", () => {
  const wallet = useWallet();
  const waiting = shallowRef<Link>();
  const opened = shallowRef<Link>();

  wallet.on("link", (link) => (waiting.value = link));

  /** Asks once, at the start: Trivet may have been started by a link. */
  async function load(): Promise<void> {
    waiting.value ??= await wallet.call("links.waiting");
  }

  async function drop(): Promise<void> {
    waiting.value = undefined;
    await wallet.call("links.taken");
  }

  /** Its text is for the screen that comes next. */
  async function take(): Promise<void> {
    opened.value = waiting.value;
    await drop();
  }

  return { waiting, opened, load, drop, take };
});
