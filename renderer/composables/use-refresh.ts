import { useDocumentVisibility, useTimeoutPoll } from "@vueuse/core";
import { watch } from "vue";
import { useAccountStore } from "../stores/account.ts";
import { useOperationsStore } from "../stores/operations.ts";

const EVERY = 5000;

/** Keeps balances and activity fresh while the screen is there and the window is visible. */
export function useRefresh(): void {
  const account = useAccountStore();
  const operations = useOperationsStore();
  const visibility = useDocumentVisibility();
  const poll = useTimeoutPoll(() => account.refresh(), EVERY, { immediateCallback: true });
  watch(visibility, (now) => (now === "visible" ? poll.resume() : poll.pause()), { immediate: true });
  // What just ended has changed the account.
  watch(
    () => operations.inFlight.length,
    () => account.refresh(),
  );
}
