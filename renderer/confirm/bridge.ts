import { WalletError } from "#core/errors/wallet-error.ts";
import type { ConfirmBridge } from "#core/wallet-api/bridge.ts";
import { type ConfirmView, zConfirmView } from "#core/wallet-api/operation-view.ts";

declare global {
  interface Window {
    /** Put there by the confirm window's preload; missing in every other context. */
    readonly trivetConfirm?: ConfirmBridge;
  }
}

function notShowable(cause?: unknown): WalletError {
  return new WalletError(
    "confirm-unreadable",
    "This window cannot show what would be signed, so it cannot be approved.",
    "Close this window. Nothing was signed.",
    { cause },
  );
}

/**
 * Asks what will be signed.
 * @throws WalletError when there is no bridge or what came is not wholly understood: half of it must never be shown
 */
export async function readConfirmView(bridge: ConfirmBridge | undefined): Promise<ConfirmView> {
  if (!bridge) throw notShowable();
  const answer = await bridge.view().catch((cause: unknown) => {
    throw notShowable(cause);
  });
  const view = zConfirmView.safeParse(answer);
  if (!view.success) throw notShowable(view.error);
  return view.data;
}
