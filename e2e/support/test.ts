import { writeFile } from "node:fs/promises";
import { test as base, type TestInfo } from "@playwright/test";
import { Devnet } from "./devnet.ts";
import { Lines } from "./lines/lines.ts";
import { SharedWallet } from "./shared-wallet.ts";
import { Wallet } from "./wallet.ts";

interface TestFixtures {
  /** A new wallet with a new profile. */
  readonly wallet: Wallet;
  /** The same, over lines to the devnet. */
  readonly walletOnLines: Wallet;
  /** A wallet for all tests that need an account but no new one: unlocked, at home, with nothing in flight. */
  readonly funded: Wallet;
  /** The same, of an account whose MFA key is on the Ledger. */
  readonly withLedger: Wallet;
}

interface WorkerFixtures {
  readonly devnet: Devnet;
  /** Lines to the devnet, which every wallet but `wallet` uses. */
  readonly lines: Lines;
  readonly sharedFunded: SharedWallet;
  readonly sharedWithLedger: SharedWallet;
}

/** What the windows showed and what the app wrote into its log, beside the results. */
async function keepEvidence(wallet: Wallet, testInfo: TestInfo): Promise<void> {
  for (const [index, window] of wallet.windows.entries()) {
    await window
      .screenshot({ path: testInfo.outputPath(`window-${index}.png`), timeout: 5_000 })
      .catch(() => undefined);
  }
  await writeFile(testInfo.outputPath("wallet.log"), await wallet.log());
}

/** Tests with one devnet for all of them. */
export const test = base.extend<TestFixtures, WorkerFixtures>({
  devnet: [
    // Playwright reads from the pattern which fixtures a fixture needs: this one needs none.
    async ({}, use) => {
      const devnet = await Devnet.start();
      await use(devnet);
      await devnet.stop();
    },
    { scope: "worker", timeout: 120_000 },
  ],
  lines: [
    async ({ devnet }, use) => {
      const lines = await Lines.open(devnet.network);
      await use(lines);
      await lines.close();
    },
    { scope: "worker" },
  ],
  sharedFunded: [
    async ({ devnet, lines }, use) => {
      const shared = new SharedWallet(devnet, lines, () => Promise.resolve());
      await use(shared);
      await shared.dispose();
    },
    { scope: "worker" },
  ],
  sharedWithLedger: [
    async ({ devnet, lines }, use) => {
      const shared = new SharedWallet(devnet, lines, giveMfaKeyToLedger);
      await use(shared);
      await shared.dispose();
    },
    { scope: "worker" },
  ],
  wallet: async ({ devnet }, use, testInfo) => {
    await devnet.reset();
    const wallet = await Wallet.create(devnet);
    await use(wallet);
    if (testInfo.status !== testInfo.expectedStatus) await keepEvidence(wallet, testInfo);
    await wallet.dispose();
  },
  walletOnLines: async ({ devnet, lines }, use, testInfo) => {
    await devnet.reset();
    lines.mend();
    const wallet = await Wallet.create(devnet, lines.networkFile);
    await use(wallet);
    await wallet.explain(testInfo);
    if (testInfo.status !== testInfo.expectedStatus) await keepEvidence(wallet, testInfo);
    await wallet.dispose();
  },
  funded: async ({ sharedFunded }, use, testInfo) => {
    const wallet = await sharedFunded.atHome();
    await use(wallet);
    await wallet.explain(testInfo);
  },
  withLedger: async ({ sharedWithLedger }, use, testInfo) => {
    const wallet = await sharedWithLedger.atHome();
    await use(wallet);
    await wallet.explain(testInfo);
  },
});

async function giveMfaKeyToLedger(wallet: Wallet): Promise<void> {
  await wallet.page.startLedgerReplacement("MFA key");
  await wallet.approve();
  await wallet.page.proveIfAsked();
  await wallet.page.operation.expectDone("Your Ledger now holds the MFA key");
}

export { expect } from "@playwright/test";
