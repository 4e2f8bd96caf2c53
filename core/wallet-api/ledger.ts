import { z } from "zod";
import { MOST_ACCOUNTS, zLedgerAccount, zLedgerDevice, zLedgerId } from "../ledger/device.ts";
import { zLedgerPath } from "../ledger/paths.ts";
import { zAddress } from "../primitives/address.ts";

const nothing = z.undefined();

/** What the app's window can ask about the person's Ledgers. */
export const LEDGER_METHODS = {
  /** Asks the Ledgers that are plugged in, once: what state is each in, and which address does it hold at the path? */
  "ledger.check": {
    input: z.object({ path: zLedgerPath.optional() }),
    output: z.object({ devices: z.array(zLedgerDevice) }),
  },
  /** Accounts of one of them, without asking the person. */
  "ledger.accounts": {
    input: z.object({ device: zLedgerId, paths: z.array(zLedgerPath).min(1).max(MOST_ACCOUNTS) }),
    output: z.array(zLedgerAccount),
  },
  /**
   * Shows the address on the Ledger that holds it and waits until the person confirmed there that it is the same.
   * From then on it is looked for at this path.
   */
  "ledger.verifyAddress": {
    input: z.object({ address: zAddress, path: zLedgerPath.optional() }),
    output: nothing,
  },
  /** Stops waiting for the Ledger. */
  "ledger.cancel": { input: nothing, output: nothing },
} as const;
