import { privateKeyToAccount } from "viem/accounts";
import { keyOfAddress } from "#core/keys/key.ts";
import { toAddress } from "#core/primitives/address.ts";
import { SoftwareLedger } from "#devnet/ledger/device.ts";
import type { HeldKey } from "../profile.ts";

const SEED = "test test test test test test test test test test test junk";

/** The first account of SEED, as every Ethereum wallet derives it. */
export const LEDGER_ADDRESS = toAddress(
  privateKeyToAccount("0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80").address,
);

/** That account as the key of a role. */
export const LEDGER_KEY: HeldKey = {
  key: keyOfAddress(LEDGER_ADDRESS),
  holder: "ledger",
  detail: "Ledger Flex",
};

/** A software Ledger that approves everything, until it is told to ask. */
export function createLedger(): SoftwareLedger {
  return new SoftwareLedger({
    seed: SEED,
    settings: { rawMessages: true, blindSigning: false },
    approval: "always",
  });
}

/** Resolves when the Ledger next asks the person; from then on it waits for the person. */
export function ledgerAsks(ledger: SoftwareLedger): Promise<void> {
  ledger.screen.approval = "ask";
  return new Promise((resolve) => {
    const look = () => {
      if (!ledger.screen.asking) return;
      ledger.off("change", look);
      resolve();
    };
    ledger.on("change", look);
  });
}
