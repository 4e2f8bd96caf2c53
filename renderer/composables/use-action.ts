import { type ShallowRef, ref, type Ref, shallowRef } from "vue";
import { type WalletError, unexpectedError } from "#core/errors/wallet-error.ts";

/** Something a button does: whether it is under way, and why it failed last. */
export interface Action<Input extends unknown[]> {
  /** Does it, unless it is under way already. Resolves to whether it succeeded; never rejects. */
  readonly run: (...input: Input) => Promise<boolean>;
  readonly busy: Readonly<Ref<boolean>>;
  readonly error: ShallowRef<WalletError | undefined>;
}

/** Wraps an asynchronous deed for a screen. */
export function useAction<Input extends unknown[]>(
  deed: (...input: Input) => Promise<unknown>,
): Action<Input> {
  const busy = ref(false);
  const error = shallowRef<WalletError>();
  async function run(...input: Input): Promise<boolean> {
    if (busy.value) return false;
    busy.value = true;
    error.value = undefined;
    try {
      await deed(...input);
      return true;
    } catch (cause) {
      error.value = unexpectedError(cause);
      return false;
    } finally {
      busy.value = false;
    }
  }
  return { run, busy, error };
}
