import type { NetworkConfig } from "#core/config/network.ts";
import { ledgerProblem } from "#core/ledger/errors.ts";
import type { LedgerState } from "#core/ledger/states.ts";
import type { TypedData } from "#core/operations/typed-data.ts";
import { type Address, sameAddress } from "#core/primitives/address.ts";
import type { Hex } from "#core/primitives/hex.ts";
import { checkLedger, type LedgerCheck } from "./check.ts";
import { HwAppEthLedger } from "./hw-app-eth.ts";
import { speculosOpener, usbOpener } from "./openers.ts";

/** The Ledger as the vault uses it: one port, and one way to stop waiting for it. */
export interface Ledger {
  readonly check: () => Promise<LedgerCheck>;
  /** Shows the address on the Ledger; rejects unless the person confirmed exactly this one there. */
  readonly verifyAddress: (address: Address) => Promise<void>;
  readonly sign: (typedData: TypedData, signer: Address) => Promise<Hex>;
  /** Stops everything that waits for the Ledger. */
  readonly cancel: () => void;
}

/** @param onState told when the Ledger's state changes while something waits for it */
export function createLedger(config: NetworkConfig["ledger"], onState: (state: LedgerState) => void): Ledger {
  const opener = config.transport === "usb" ? usbOpener() : speculosOpener(config.url);
  const port = new HwAppEthLedger({ opener });
  let waiting = new AbortController();

  return {
    check: () => checkLedger(port, waiting.signal),
    async verifyAddress(address) {
      const shown = await port.address({ show: true, signal: waiting.signal, onState });
      if (!sameAddress(shown, address)) throw ledgerProblem("other-keys");
    },
    sign: (typedData, signer) => port.signOperation({ typedData, signer, signal: waiting.signal, onState }),
    cancel() {
      waiting.abort();
      waiting = new AbortController();
    },
  };
}
