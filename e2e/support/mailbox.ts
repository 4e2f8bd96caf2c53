import { expect } from "@playwright/test";
import type { Devnet } from "./devnet.ts";

/** What the devnet's authenticator sends to one address. */
export class Mailbox {
  readonly #devnet: Devnet;
  readonly address: string;
  /** How many codes a test has waited for. */
  received = 0;

  constructor(devnet: Devnet, address: string) {
    this.#devnet = devnet;
    this.address = address;
  }

  /** Does what has a mail sent, and waits for it; returns the code in it. */
  async codeAfter(act: () => Promise<void>): Promise<string> {
    const newest = async () => (await this.#devnet.newestMail(this.address))?.code;
    const before = await newest();
    await act();
    await expect.poll(newest, { intervals: [100] }).not.toBe(before);
    this.received += 1;
    return (await newest()) ?? "";
  }
}
