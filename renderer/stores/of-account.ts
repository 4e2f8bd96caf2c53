import { type ShallowRef, shallowRef, watch } from "vue";
import { type WalletError, unexpectedError } from "#core/errors/wallet-error.ts";
import { useWalletStore } from "./wallet.ts";

/** What a store knows of the open account. */
export interface OfAccount<T> {
  /** Undefined until first read. */
  readonly known: ShallowRef<T | undefined>;
  /** Why the last reading failed; what is known then is the last that was read. */
  readonly error: ShallowRef<WalletError | undefined>;
  /** Reads it; does nothing while no account is open. */
  readonly refresh: () => Promise<void>;
}

/** For a store of things that are the open account's: read as a whole, and forgotten as soon as the wallet locks. */
export function ofAccount<T>(read: () => Promise<T>): OfAccount<T> {
  const walletStore = useWalletStore();
  const known = shallowRef<T>();
  const error = shallowRef<WalletError>();

  const current = () => walletStore.account?.address;
  watch(
    current,
    () => {
      known.value = undefined;
      error.value = undefined;
    },
    { flush: "sync" },
  );

  async function refresh(): Promise<void> {
    const address = current();
    if (!address) return;
    try {
      const seen = await read();
      // Locked or changed meanwhile: this is nobody's business any more.
      if (current() !== address) return;
      known.value = seen;
      error.value = undefined;
    } catch (cause) {
      if (current() === address) error.value = unexpectedError(cause);
    }
  }

  return { known, error, refresh };
}
