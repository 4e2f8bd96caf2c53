import { expect } from "@playwright/test";
import type { Wallet } from "../support/wallet.ts";
import { ChangePage } from "./change.ts";

/** From anywhere to one of the screens behind "Settings". */
export async function openSettings(
  { page }: Wallet,
  link: "Account settings" | "Keys for scripts" = "Account settings",
): Promise<void> {
  await page.go("Settings");
  await page.page.getByRole("link", { name: new RegExp(`^${link}`) }).click();
  await expect(page.heading(link)).toBeVisible();
}

/** Signs the change that is under review, by the device key and whoever needs no asking. */
export async function signChange(wallet: Wallet, title: string, done: string): Promise<void> {
  const change = new ChangePage(wallet.page.page);
  await change.expectReview(title);
  await change.goOn();
  await wallet.approve();
  await wallet.page.operation.expectDone(done);
}
