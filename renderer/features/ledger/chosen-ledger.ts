import type { LedgerAccount, LedgerDevice } from "#core/ledger/device.ts";

/** One account of one of the Ledgers that are plugged in. */
export interface ChosenLedger extends LedgerAccount {
  readonly device: LedgerDevice["id"];
  readonly model: string | undefined;
}
