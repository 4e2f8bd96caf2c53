import { LEDGER_TEXT, type LedgerState } from "#core/ledger/states.ts";
import { toAddress } from "#core/primitives/address.ts";
import type { Devnet } from "../support/devnet.ts";
import { startOtherLedger } from "../support/other-ledger.ts";
import { expect, test } from "../support/test.ts";
import type { Wallet } from "../support/wallet.ts";

const RECIPIENT = toAddress("0x70997970C51812dc3A010C7d01b50e0d17dc79C8");

interface Trouble {
  readonly what: string;
  readonly state: LedgerState;
  /** What has happened to the Ledger, and what the person does about it. */
  readonly cause: (devnet: Devnet) => Promise<void>;
  readonly mend: (devnet: Devnet) => Promise<void>;
}

const TROUBLES: readonly Trouble[] = [
  {
    what: "unplugged",
    state: "plug-in",
    cause: (devnet) => devnet.ledger("unplug"),
    mend: (devnet) => devnet.ledger("plug"),
  },
  {
    what: "locked",
    state: "unlock",
    cause: (devnet) => devnet.ledger("lock"),
    mend: (devnet) => devnet.ledger("unlock"),
  },
  {
    what: "without the Ethereum app open",
    state: "open-app",
    cause: (devnet) => devnet.ledger("app", { open: false }),
    mend: (devnet) => devnet.ledger("app", { open: true }),
  },
  {
    what: "with an Ethereum app that is too old",
    state: "update-app",
    cause: (devnet) => devnet.ledger("app", { version: "1.20.0" }),
    mend: (devnet) => devnet.ledger("app", { version: "1.22.0" }),
  },
  {
    what: "with Blind signing on, and without a touch screen,",
    state: "disable-blind-signing",
    cause: async (devnet) => {
      await devnet.ledger("model", { model: "nanosp" });
      await devnet.ledger("plug");
      await devnet.ledger("unlock");
      await devnet.ledger("app", { open: true });
      await devnet.ledger("settings", { blindSigning: true });
    },
    mend: (devnet) => devnet.ledger("settings", { blindSigning: false }),
  },
];

/** What only shows when something is to be signed. */
const RAW_MESSAGES_OFF: Trouble = {
  what: "with Raw messages off",
  state: "enable-raw-messages",
  cause: (devnet) => devnet.ledger("settings", { rawMessages: false }),
  mend: (devnet) => devnet.ledger("settings", { rawMessages: true }),
};

test.describe("in the wizard", () => {
  for (const { what, state, cause, mend } of TROUBLES) {
    test(`a Ledger ${what} is waited for`, async ({ devnet, funded }) => {
      const { page } = funded;
      await cause(devnet);
      await page.openLedgerWizard("MFA key");
      await page.ledgerWizard.expectState(state);
      await page.expectProblem(LEDGER_TEXT[state]);
      await mend(devnet);
      await page.ledgerWizard.expectConnected();
    });
  }

  test("rejecting the address on the Ledger leaves everything as it is, and it can be shown again", async ({
    devnet,
    funded,
  }) => {
    const { page } = funded;
    await devnet.ledger("settings", { approval: "ask" });
    await page.openLedgerWizard("MFA key");
    await page.ledgerWizard.expectConnected();
    await page.ledgerWizard.showAddress();
    await devnet.ledgerAsks();
    await devnet.ledger("reject");
    await page.expectProblem("You rejected this on your Ledger. Nothing was signed.");
    await page.ledgerWizard.showAddress();
    await devnet.ledgerAsks();
    await devnet.ledger("approve");
    await page.ledgerWizard.expectReview();
  });

  test("a Ledger that holds another key of the account is refused", async ({ lines, withLedger }) => {
    const { page } = withLedger;
    await page.openLedgerWizard("Recovery key");
    await page.expectProblem("This Ledger address already holds your MFA key");
    const other = await startOtherLedger();
    lines.ledger.connectTo(other.url);
    await page.ledgerWizard.useAnother();
    await page.ledgerWizard.expectConnected();
    await page.ledgerWizard.showAddress();
    await page.ledgerWizard.expectReview();
    await other.close();
  });
});

test.describe("when it should sign a withdrawal", () => {
  for (const { what, state, cause, mend } of [...TROUBLES, RAW_MESSAGES_OFF]) {
    test(`a Ledger ${what} signs nothing, and signs once that is mended`, async ({ devnet, withLedger }) => {
      const { page } = withLedger;
      const before = await withdrawWith(devnet, withLedger, cause);
      await page.expectProblem(LEDGER_TEXT[state]);
      await mend(devnet);
      await page.operation.continue();
      await page.operation.expectDone("Withdrawn");
      expect(await devnet.executed(withLedger.account)).toHaveLength(before + 1);
    });
  }

  test("what is rejected on the Ledger is not signed, and can be asked again", async ({
    devnet,
    withLedger,
  }) => {
    const { page } = withLedger;
    const before = await withdrawWith(devnet, withLedger, askFirst);
    await devnet.ledgerAsks();
    await devnet.ledger("reject");
    await page.expectProblem("You rejected this on your Ledger. Nothing was signed.");
    await page.operation.continue();
    await devnet.ledgerAsks();
    await devnet.ledger("approve");
    await page.operation.expectDone("Withdrawn");
    expect(await devnet.executed(withLedger.account)).toHaveLength(before + 1);
  });

  test("a Ledger that is unplugged while it asks has signed nothing, and asks again", async ({
    devnet,
    withLedger,
  }) => {
    const { page } = withLedger;
    const before = await withdrawWith(devnet, withLedger, askFirst);
    await devnet.ledgerAsks();
    await devnet.ledger("unplug");
    await page.expectProblem("There is no Ledger, or it was unplugged. Nothing was signed.");
    await devnet.ledger("plug");
    await page.operation.continue();
    await devnet.ledgerAsks();
    await devnet.ledger("approve");
    await page.operation.expectDone("Withdrawn");
    expect(await devnet.executed(withLedger.account)).toHaveLength(before + 1);
  });

  test("another Ledger than the one that holds the key is asked for nothing", async ({
    devnet,
    lines,
    withLedger,
  }) => {
    const { page } = withLedger;
    const other = await startOtherLedger();
    const before = await withdrawWith(devnet, withLedger, async () => lines.ledger.connectTo(other.url));
    await page.expectProblem("This Ledger holds other keys than the one that is asked for.");
    lines.ledger.mend();
    await page.operation.continue();
    await page.operation.expectDone("Withdrawn");
    expect(await devnet.executed(withLedger.account)).toHaveLength(before + 1);
    await other.close();
  });

  test("a withdrawal dropped while the Ledger asks is not sent, even if it is approved there", async ({
    devnet,
    withLedger,
  }) => {
    const { page } = withLedger;
    const before = await withdrawWith(devnet, withLedger, askFirst);
    await devnet.ledgerAsks();
    await page.operation.drop();
    await page.operation.expectDone("Dropped");
    await devnet.ledger("approve");
    await withdrawWith(devnet, withLedger, async () => undefined);
    await devnet.ledgerAsks();
    await devnet.ledger("approve");
    await page.operation.expectDone("Withdrawn");
    expect(await devnet.executed(withLedger.account)).toHaveLength(before + 1);
  });
});

const askFirst = (devnet: Devnet) => devnet.ledger("settings", { approval: "ask" });

/**
 * Starts a withdrawal and approves it in the confirm window; before that, something happens to the Ledger.
 * @returns how many operations the account had run before
 */
async function withdrawWith(
  devnet: Devnet,
  wallet: Wallet,
  happens: (devnet: Devnet) => Promise<void>,
): Promise<number> {
  const { length: before } = await devnet.executed(wallet.account);
  await wallet.page.startWithdrawal({ symbol: "TUSD", to: RECIPIENT, amount: "1" });
  const confirm = await wallet.confirm();
  await happens(devnet);
  await confirm.approve();
  return before;
}
