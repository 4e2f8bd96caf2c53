import type { NetworkConfig } from "#core/config/network.ts";
import { readableTypedData } from "#core/operations/typed-data.ts";
import { type Address, NATIVE_TOKEN } from "#core/primitives/address.ts";
import { HwAppEthLedger } from "#electron/vault/ledger/hw-app-eth.ts";
import { speculosOpener } from "#electron/vault/ledger/openers.ts";

/** The devnet's software Ledger as the vault uses it, set to approve at once: what is measured is the software. */
export class BenchLedger {
  readonly #port: HwAppEthLedger;
  readonly #signer: Address;
  readonly #config: NetworkConfig;
  readonly #account: Address;

  private constructor(port: HwAppEthLedger, signer: Address, config: NetworkConfig, account: Address) {
    this.#port = port;
    this.#signer = signer;
    this.#config = config;
    this.#account = account;
  }

  static async open(config: NetworkConfig, account: Address): Promise<BenchLedger> {
    if (config.ledger.transport !== "speculos") throw new TypeError("the devnet has a software Ledger");
    const { url } = config.ledger;
    const response = await fetch(new URL("/trivet/settings", url), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ rawMessages: true, blindSigning: false, approval: "always" }),
    });
    if (!response.ok) throw new Error(`the software Ledger refused its settings: ${await response.text()}`);
    const port = new HwAppEthLedger({ opener: speculosOpener(url) });
    return new BenchLedger(port, await port.address(), config, account);
  }

  /** Has a withdrawal shown field by field and signed in its readable form. */
  async sign(nonce: bigint): Promise<void> {
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
  }

  close(): void {
    this.#port.close();
  }
}
