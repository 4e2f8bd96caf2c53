import { unexpectedError } from "#core/errors/wallet-error.ts";
import type { LedgerDevice } from "#core/ledger/device.ts";
import { ledgerStateOf } from "#core/ledger/errors.ts";
import { ACCOUNT_PATH } from "#core/ledger/paths.ts";
import type { LedgerPort } from "./port.ts";

/**
 * Asks a Ledger once how far the person got with it, without asking the person. Raw messages is not known before
 * it is tried: a Ledger that is "ready" may still answer "enable-raw-messages" to a signature.
 */
export async function checkLedger(
  port: LedgerPort,
  { path = ACCOUNT_PATH, signal }: { readonly path?: string | undefined; readonly signal?: AbortSignal } = {},
): Promise<Omit<LedgerDevice, "id">> {
  try {
    const { model } = await port.appInfo({ signal });
    const address = await port.address({ path, signal });
    return { state: "ready", address, ...(model !== undefined && { model }) };
  } catch (error) {
    const state = ledgerStateOf(error);
    return state ? { state } : { state: "unreachable", problem: unexpectedError(error).toJSON() };
  }
}
