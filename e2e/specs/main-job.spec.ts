import { toAddress } from "#core/primitives/address.ts";
import { expect, test } from "../support/test.ts";

const RECIPIENT = toAddress("0x70997970C51812dc3A010C7d01b50e0d17dc79C8");

test("from nothing to a withdrawal, and a Ledger taking over the MFA key", async ({ devnet, wallet }) => {
  const times: { step: string; seconds: number }[] = [];
  const step = async (name: string, act: () => Promise<void>) => {
    const start = performance.now();
    await test.step(name, act);
    times.push({ step: name, seconds: Math.round((performance.now() - start) / 100) / 10 });
  };

  // Other tests pay the same recipient on the same chain.
  const before = await devnet.tokenBalance("TUSD", RECIPIENT);
  let account = RECIPIENT;
  await step("start the wallet", async () => {
    await wallet.start();
  });
  const { page } = wallet;
  await step("create an account", async () => {
    await page.code.enter(await page.askForAccount());
    await expect(page.heading("Your account is ready")).toBeVisible({ timeout: 90_000 });
    await page.page.getByRole("button", { name: "Go to your account" }).click();
    account = await page.accountAddress();
    await devnet.fund(account, devnet.token("TUSD").address, "100");
    await devnet.fund(account, null, "2");
  });
  await step("withdraw TUSD with device key and network-held MFA key", async () => {
    await page.startWithdrawal({ symbol: "TUSD", to: RECIPIENT, amount: "40.25" });
    const confirm = await wallet.confirm();
    await confirm.expectShows("Withdraw 40.25 TUSD");
    expect((await confirm.text()).replaceAll(" ", "")).toContain(RECIPIENT);
    await confirm.approve();
    await page.proveIfAsked();
    await page.operation.expectDone("Withdrawn");
    expect(await devnet.tokenBalance("TUSD", RECIPIENT)).toBe(before + 40_250_000n);
    expect(await devnet.tokenBalance("TUSD", account)).toBe(59_750_000n);
  });
  await step("give the MFA key to the Ledger", async () => {
    await page.startLedgerReplacement("MFA key");
    await (await wallet.confirm()).approve();
    await page.proveIfAsked();
    await page.operation.expectDone("Your Ledger now holds the MFA key");
  });
  await step("withdraw TUSD with device key and Ledger", async () => {
    await page.startWithdrawal({ symbol: "TUSD", to: RECIPIENT, amount: "9.75" });
    await (await wallet.confirm()).approve();
    await page.operation.expectDone("Withdrawn");
    expect(await devnet.tokenBalance("TUSD", RECIPIENT)).toBe(before + 50_000_000n);
  });
  await step("withdraw ETH with device key and Ledger", async () => {
    await page.startWithdrawal({ symbol: "ETH", to: RECIPIENT, amount: "0.5" });
    await (await wallet.confirm()).approve();
    await page.operation.expectDone("Withdrawn");
    expect(await devnet.chain.getBalance({ address: account })).toBe(1_500_000_000_000_000_000n);
  });

  expect((await devnet.executed(account)).map(({ eventName }) => eventName)).toEqual([
    "Withdrawn",
    "KeyReplaced",
    "Withdrawn",
    "Withdrawn",
  ]);
  const width = Math.max(...times.map((one) => one.step.length));
  for (const one of times) console.log(`  ${one.step.padEnd(width)}  ${one.seconds.toFixed(1)} s`);
});
