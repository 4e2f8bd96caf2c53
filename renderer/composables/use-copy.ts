import { ref } from "vue";
import { unexpectedError } from "#core/errors/wallet-error.ts";
import { useWallet } from "../api/use-wallet.ts";
import { useToastStore } from "../stores/toasts.ts";

/** Copies text through the main process (the page itself has no access to the clipboard) and says so. */
export function useCopy() {
  const wallet = useWallet();
  const toasts = useToastStore();
  const copied = ref(false);

  async function copy(text: string, name: string): Promise<void> {
    try {
      await wallet.call("app.copy", { text });
      copied.value = true;
      setTimeout(() => (copied.value = false), 2000);
      toasts.show(`Copied the ${name}.`);
    } catch (cause) {
      toasts.show(unexpectedError(cause).message, true);
    }
  }

  return { copy, copied };
}
