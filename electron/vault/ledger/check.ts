import { ledgerStateOf } from "#core/ledger/errors.ts";
import type { LedgerState } from "#core/ledger/states.ts";
import type { Address } from "#core/primitives/address.ts";
import type { LedgerPort } from "./port.ts";

export interface LedgerCheck {
  readonly state: LedgerState;
  /** At the account path, when ready. */
  readonly address?: Address | undefined;
  readonly model?: string | undefined;
}

/**
 * Asks a Ledger once how far the person got with it, without asking the person. Raw messages is not known before
 * it is tried: a Ledger that is "ready" may still answer "enable-raw-messages" to a signature.
 * @throws WalletError for what is no state of a Ledger
 */
export async function checkLedger(port: LedgerPort, signal?: AbortSignal): Promise<LedgerCheck> {
  try {
    const { model } = await port.appInfo({ signal });
    return { state: "ready", address: await port.address({ signal }), model };
  } catch (error) {
    const state = ledgerStateOf(error);
    if (!state) throw error;
    return { state };
  }
}
