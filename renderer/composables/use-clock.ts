import { useIntervalFn } from "@vueuse/core";
import { type ShallowRef, shallowRef } from "vue";

/** The time in milliseconds since 1970, renewed every second. */
export function useClock(): ShallowRef<number> {
  const now = shallowRef(Date.now());
  useIntervalFn(() => (now.value = Date.now()), 1000);
  return now;
}
