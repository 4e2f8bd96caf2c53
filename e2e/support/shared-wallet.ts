import type { Devnet } from "./devnet.ts";
import type { Lines } from "./lines/lines.ts";
import { Wallet } from "./wallet.ts";

/** The authenticator sends 20 codes to one address in ten minutes; no test takes more than the rest of them. */
const CODES_PER_ACCOUNT = 10;

/** A wallet with an account that many tests use one after the other, so that not each of them makes its own. */
export class SharedWallet {
  readonly #devnet: Devnet;
  readonly #lines: Lines;
  readonly #prepare: (wallet: Wallet) => Promise<void>;
  #wallet: Wallet | undefined;

  /** @param prepare brings a new account to where the tests expect it */
  constructor(devnet: Devnet, lines: Lines, prepare: (wallet: Wallet) => Promise<void>) {
    this.#devnet = devnet;
    this.#lines = lines;
    this.#prepare = prepare;
  }

  /** The wallet at its home screen, in a world where everything works. */
  async atHome(): Promise<Wallet> {
    await this.#devnet.reset();
    this.#lines.mend();
    if (this.#wallet && this.#wallet.codesSent >= CODES_PER_ACCOUNT) await this.dispose();
    this.#wallet ??= await this.#open();
    await this.#wallet.goHome();
    return this.#wallet;
  }

  async dispose(): Promise<void> {
    await this.#wallet?.dispose();
    this.#wallet = undefined;
  }

  async #open(): Promise<Wallet> {
    const wallet = await Wallet.create(this.#devnet, this.#lines.networkFile);
    await wallet.openAccount();
    await this.#prepare(wallet);
    return wallet;
  }
}
