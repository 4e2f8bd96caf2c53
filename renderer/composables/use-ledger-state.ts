import { onScopeDispose, type ShallowRef, shallowRef } from "vue";
import type { LedgerState } from "#core/ledger/states.ts";
import { useWallet } from "../api/use-wallet.ts";

/** The Ledger's state as main last told it while something waits for the Ledger; undefined before the first word. */
export function useLedgerState(): ShallowRef<LedgerState | undefined> {
  const wallet = useWallet();
  const state = shallowRef<LedgerState>();
  onScopeDispose(wallet.on("ledger", (next) => (state.value = next)));
  return state;
}
