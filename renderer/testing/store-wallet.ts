import { createPinia, setActivePinia } from "pinia";
import { createApp } from "vue";
import type { WalletEvent, WalletEventData, WalletMethod, WalletOutput } from "#core/wallet-api/methods.ts";
import { WALLET_CLIENT } from "../api/use-wallet.ts";
import { createWalletClient } from "../api/wallet.ts";

type Handlers = { [M in WalletMethod]?: (input: unknown) => Promise<WalletOutput<M>> | WalletOutput<M> };

/**
 * A main process for the tests of the stores: answers by the given handlers through the real client, and can send
 * events. A method without a handler fails the test.
 */
export function installStoreWallet(handlers: Handlers) {
  const listeners = new Map<WalletEvent, Set<(data: unknown) => void>>();
  const client = createWalletClient(
    {
      async invoke(method, input) {
        const handler = handlers[method];
        if (!handler) throw new Error(`no handler for ${method}`);
        return { ok: true, value: await handler(input) };
      },
      on(event, callback) {
        const set = listeners.get(event) ?? new Set();
        listeners.set(event, set.add(callback));
        return () => set.delete(callback);
      },
    },
    (error) => {
      throw error;
    },
  );
  const pinia = createPinia();
  const app = createApp({});
  app.provide(WALLET_CLIENT, client).use(pinia);
  setActivePinia(pinia);
  return {
    emit<E extends WalletEvent>(event: E, data: WalletEventData<E>): void {
      for (const listener of listeners.get(event) ?? []) listener(data);
    },
  };
}
