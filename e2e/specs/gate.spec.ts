import { expect, type Page } from "@playwright/test";
import { capture, captureConfirm } from "../support/screens/capture.ts";
import { test } from "../support/test.ts";

const main = (page: Page) => page.getByRole("main");

test("security: a gate is published, read, declined and moved to, and withdrawn again", async ({
  devnet,
  wallet,
}) => {
  await wallet.openAccount();
  const { page } = wallet.page;
  await devnet.publishNextGate();

  // The banner finds it within its interval; the account works all the while.
  await page.getByRole("button", { name: "Read about the gate" }).click({ timeout: 30_000 });
  await expect(wallet.page.heading("Gate")).toBeVisible();
  await expect(main(page)).toContainText("Nothing changes in what you have to prove");
  await expect(main(page)).toContainText(/Qm[1-9A-HJ-NP-Za-km-z]{44}/);
  await capture(page, "gate-01-offered");
  await page.getByRole("button", { name: "Stay at gate 1" }).click();
  await expect(main(page)).toContainText("You chose to stay. You can still move.");
  await wallet.page.go("Home");
  await expect(page.getByRole("button", { name: "Read about the gate" })).toBeHidden();

  await page.getByRole("link", { name: "Security" }).click();
  await page.getByRole("link", { name: "Gate" }).click();
  await page.getByRole("button", { name: "Move to gate 2" }).click();
  const confirm = await wallet.confirm();
  await confirm.expectShows("Move to another gate", /Gate 2: Qm/, /Gate 1: Qm/);
  await captureConfirm(confirm.page, "gate-02-confirm");
  await confirm.approve();
  await expect(main(page)).toContainText("Your keys are at the current gate", { timeout: 60_000 });
  await capture(page, "gate-03-moved");

  await devnet.rollBackGate();
  await wallet.page.go("Home");
  await expect(main(page)).toContainText("The key network no longer signs with", { timeout: 30_000 });
  await page.getByRole("button", { name: "Read about the gate" }).click();
  await expect(main(page)).toContainText("withdrawn: it signs nothing");
  await capture(page, "gate-04-withdrawn");

  await devnet.publishNextGate();
  await expect(main(page)).toContainText("Your keys are at the current gate", { timeout: 30_000 });

  // The accounts of the other tests are at gate 1, and are to be offered nothing.
  await devnet.rollBackGate();
});
