import { SoftwareLedger } from "#devnet/ledger/device.ts";
import { type LedgerServer, serveLedger } from "#devnet/ledger/http/server.ts";

/** Another Ledger than the devnet's: with another recovery phrase, and ready to sign. */
export async function startOtherLedger(): Promise<LedgerServer> {
  const seed = "legal winner thank year wave sausage worth useful legal winner thank yellow";
  const settings = { rawMessages: true, blindSigning: false };
  return serveLedger(new SoftwareLedger({ seed, settings, approval: "always" }), 0);
}
