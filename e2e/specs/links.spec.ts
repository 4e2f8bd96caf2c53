import { readFile } from "node:fs/promises";
import { letterToLink, readLetter } from "#core/friends/wire.ts";
import { accountLink } from "#core/joining/account-text.ts";
import { FriendsScreen } from "../pages/friends.ts";
import { capture } from "../support/screens/capture.ts";
import { expect, test } from "../support/test.ts";

test("a link brings a letter to the screen where it can be looked at, and does nothing by itself", async ({
  wallet,
}) => {
  await wallet.openAccount();
  const friends = new FriendsScreen(wallet);
  await friends.open();
  const file = await friends.invite("Ben", "Ana");
  const link = letterToLink(readLetter(await readFile(file, "utf8"))) ?? "";
  const { page } = wallet.page;
  const banner = page.locator("[data-link]");

  // Opened elsewhere while Trivet runs: a second process hands it to the first.
  await wallet.page.go("Home");
  expect(await wallet.openLink(link)).toBe(0);
  await expect(banner).toContainText("A link to a friend's letter was opened");
  await expect(wallet.page.heading("Your account")).toBeVisible();
  await capture(page, "link-01-letter");
  await banner.getByRole("button", { name: "Look at the letter" }).click();
  await expect(wallet.page.heading("Friends")).toBeVisible();
  await expect(banner).toHaveCount(0);
  const field = page.getByLabel("Letter", { exact: true });
  await expect(field).toHaveValue(link);
  await expect(friends.letter).toHaveCount(0);
  await page.getByRole("button", { name: "Open it" }).click();
  await expect(friends.letter.getByText("Ana asks you to hold a Recovery key")).toBeVisible();

  // Left and come back, nothing of it is there any more.
  await friends.open();
  await wallet.page.go("Home");
  await friends.open();
  await expect(field).toHaveValue("");

  // As macOS tells it, while locked: it waits, and is there after unlocking.
  await page.getByRole("button", { name: "Lock" }).click();
  await wallet.host.command({ do: "open-url", url: link });
  await expect(banner).toContainText("It waits until Trivet is unlocked.");
  await expect(banner.getByRole("button", { name: "Look at the letter" })).toHaveCount(0);
  await capture(page, "link-02-locked");
  await wallet.page.unlock();
  await banner.getByRole("button", { name: "Look at the letter" }).click();
  await expect(field).toHaveValue(link);

  // Started by a link: it waits for the page, too. Dropped, it is gone for good.
  await wallet.stop();
  wallet.args = ["--", link];
  const { page: again } = await wallet.start();
  await expect(again.locator("[data-link]")).toContainText("A link to a friend's letter was opened");
  await again.getByRole("button", { name: "Drop the link" }).click();
  await wallet.page.unlock();
  await expect(again.locator("[data-link]")).toHaveCount(0);
});

test("a link that Trivet does not know opens no screen and runs nothing", async ({ funded }) => {
  const { page } = funded.page;
  const banner = page.locator("[data-link]");
  const hostile = [
    "trivet://withdraw?to=0x000000000000000000000000000000000000dEaD&amount=1",
    "trivet://friend/<img src=x onerror=alert(1)>",
    "trivet:account/0x000000000000000000000000000000000000dEaF",
    `trivet://friend/${"A".repeat(100_000)}`,
    "TRIVET:join?v=1",
    "trivet:",
  ];
  for (const link of hostile) {
    expect(await funded.openLink(link)).toBe(0);
    await expect(banner).toContainText("A link was opened that Trivet does not know");
    await expect(banner.getByRole("button")).toHaveText(["Drop the link"]);
    await expect(funded.page.heading("Your account")).toBeVisible();
    await banner.getByRole("button", { name: "Drop the link" }).click();
    await expect(banner).toHaveCount(0);
  }
  await funded.openLink(hostile[0] ?? "");
  await capture(page, "link-03-unknown");
  await banner.getByRole("button", { name: "Drop the link" }).click();
});

test("a link to an account is for a computer that has none", async ({ wallet }) => {
  const link = accountLink(await wallet.openAccount(), 31_337);
  expect(await wallet.openLink(link)).toBe(0);
  await expect(wallet.page.page.locator("[data-link]")).toContainText(
    "This computer has an account already.",
  );

  const laptop = await wallet.anotherComputer();
  laptop.args = ["--", link];
  const { page } = await laptop.start();
  await capture(page, "link-04-welcome");
  await page.getByRole("button", { name: "Look at the account" }).click();
  const field = page.getByLabel("Account address");
  await expect(field).toHaveValue(link);
  // Not yet on the chain: what is said of it is what is said of an address that was typed.
  await page.getByRole("button", { name: "Go on" }).click();
  await expect(page.getByRole("alert")).toContainText("There is no account at this address");
  await laptop.dispose();
});
