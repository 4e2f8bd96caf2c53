import type { ConfirmBridge, WalletBridge } from "#core/wallet-api/bridge.ts";

declare global {
  // What the preloads put into the windows, for code that tests run there.
  interface Window {
    readonly trivet?: WalletBridge;
    readonly trivetConfirm?: ConfirmBridge;
  }
}
