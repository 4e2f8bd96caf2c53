import { z } from "zod";
import { zWalletErrorData } from "../errors/wallet-error.ts";
import { zAddress } from "../primitives/address.ts";
import { zLedgerPath } from "./paths.ts";
import { zLedgerState } from "./states.ts";

/** Names one of the Ledgers that are plugged in, for as long as it stays where it is plugged in. */
export const zLedgerId = z.string().min(1).max(300);

/** A Ledger that is plugged in, as it is right now. */
export const zLedgerDevice = z.object({
  id: zLedgerId,
  state: zLedgerState,
  /** "Ledger Flex"; where the connection does not tell, it is missing. */
  model: z.string().optional(),
  /** Of the path that was asked for, once it is ready. */
  address: zAddress.optional(),
  /** What keeps it from answering that is no state of it, e.g. an old request that it still shows. */
  problem: zWalletErrorData.optional(),
});
export type LedgerDevice = z.output<typeof zLedgerDevice>;

/** An account of a Ledger. */
export const zLedgerAccount = z.object({ path: zLedgerPath, address: zAddress });
export type LedgerAccount = z.output<typeof zLedgerAccount>;

/** How many accounts of a Ledger are read at once. */
export const MOST_ACCOUNTS = 20;
