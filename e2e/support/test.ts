import { test as base } from "@playwright/test";
import { Devnet } from "./devnet.ts";
import { Wallet } from "./wallet.ts";

/** Tests with one devnet for all of them, and a new wallet with a new profile for each. */
export const test = base.extend<{ wallet: Wallet }, { devnet: Devnet }>({
  devnet: [
    // Playwright reads from the pattern which fixtures a fixture needs: this one needs none.
    // eslint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const devnet = await Devnet.start();
      await use(devnet);
      await devnet.stop();
    },
    { scope: "worker", timeout: 120_000 },
  ],
  wallet: async ({ devnet }, use) => {
    await devnet.reset();
    const wallet = await Wallet.create(devnet);
    await use(wallet);
    await wallet.dispose();
  },
});

export { expect } from "@playwright/test";
