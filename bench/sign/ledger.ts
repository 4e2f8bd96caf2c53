import type { LedgerLibraryName, NetworkConfig } from "#core/config/network.ts";
import { readableTypedData } from "#core/operations/typed-data.ts";
import { type Address, NATIVE_TOKEN } from "#core/primitives/address.ts";
import { LIBRARIES } from "#electron/vault/ledger/libraries.ts";
import { speculosOpener, type TransportOpener } from "#electron/vault/ledger/openers.ts";
import { TransportLedger } from "#electron/vault/ledger/transport-ledger.ts";

/** How long a signature took, and how much of it the device (and the way to it) had the word; milliseconds. */
export interface LedgerTimes {
  readonly total: number;
  readonly device: number;
}

/** Adds up how long the device takes to answer. */
function timedOpener(open: TransportOpener, onAnswer: (milliseconds: number) => void): TransportOpener {
  return async () => {
    const began = performance.now();
    const transport = await open();
    onAnswer(performance.now() - began);
    const exchange = transport.exchange.bind(transport);
    transport.exchange = async (apdu, options) => {
      const asked = performance.now();
      try {
        return await exchange(apdu, options);
      } finally {
        onAnswer(performance.now() - asked);
      }
    };
    return transport;
  };
}

/** The devnet's software Ledger as the vault uses it, set to approve at once: what is measured is the software. */
export class BenchLedger {
  #device = 0;
  readonly #port: TransportLedger;
  #signer: Address = NATIVE_TOKEN;
  readonly #config: NetworkConfig;
  readonly #account: Address;

  private constructor(config: NetworkConfig, account: Address, url: string, library: LedgerLibraryName) {
    this.#config = config;
    this.#account = account;
    const opener = timedOpener(speculosOpener(url), (milliseconds) => (this.#device += milliseconds));
    this.#port = new TransportLedger({ opener, library: LIBRARIES[library]() });
  }

  static async open(
    config: NetworkConfig,
    account: Address,
    library: LedgerLibraryName,
  ): Promise<BenchLedger> {
    if (config.ledger.transport !== "speculos") throw new TypeError("the devnet has a software Ledger");
    const { url } = config.ledger;
    const response = await fetch(new URL("/trivet/settings", url), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ rawMessages: true, blindSigning: false, approval: "always" }),
    });
    if (!response.ok) throw new Error(`the software Ledger refused its settings: ${await response.text()}`);
    const ledger = new BenchLedger(config, account, url, library);
    ledger.#signer = await ledger.#port.address();
    return ledger;
  }

  /** Has a withdrawal shown field by field and signed in its readable form: from the click to the signature. */
  async sign(nonce: bigint): Promise<LedgerTimes> {
    this.#device = 0;
    const clicked = performance.now();
    const { chain, contracts } = this.#config;
    const operation = {
      kind: "withdraw",
      account: this.#account,
      token: NATIVE_TOKEN,
      to: this.#signer,
      amount: 1_500_000_000_000_000_000n,
      nonce,
    } as const;
    const domain = { chainId: chain.id, implementation: contracts.implementation };
    await this.#port.signOperation({
      signer: this.#signer,
      typedData: readableTypedData(operation, domain, {}),
    });
    return { total: performance.now() - clicked, device: this.#device };
  }

  close(): void {
    this.#port.close();
  }
}
