import { ChangePage } from "../pages/change.ts";
import { DevicesScreen, JoiningScreens } from "../pages/joining.ts";
import { capture, captureConfirm } from "../support/screens/capture.ts";
import { expect, test } from "../support/test.ts";
import { putOnChain } from "../support/on-chain.ts";

test("a second computer is let in by its code, notices it though it was killed, and is removed once lost", async ({
  wallet: old,
}) => {
  const account = await old.openAccount();
  await putOnChain(old);
  const laptop = await old.anotherComputer();
  const { page: welcome } = await laptop.start();
  const joining = new JoiningScreens(welcome);
  await capture(welcome, "joining-00-welcome");

  // An address that is nobody's account is said to be so before anybody signs in.
  await joining.giveAccount("0x000000000000000000000000000000000000dEaD");
  await expect(welcome.getByText("There is no account at this address")).toBeVisible();
  await capture(welcome, "joining-01-no-account");
  await welcome.getByLabel("Account address").fill(account);
  await welcome.getByRole("button", { name: "Go on" }).click();
  await joining.expectSignIn();
  await capture(welcome, "joining-02-sign-in");
  await laptop.page.signIn();
  await joining.expectOutside();
  const code = await joining.code();
  await expect(welcome.getByText("The key network holds your recovery key")).toBeVisible();
  await capture(welcome, "joining-03-outside");
  await welcome.getByRole("button", { name: "Copy the request" }).click();
  const { clipboard: request } = await laptop.host.state();
  expect(request).toMatch(/^trivet:join\?/);

  const { page } = old.page;
  const devices = new DevicesScreen(page);
  const change = new ChangePage(page);
  await devices.open();
  await capture(page, "devices-01-one");
  await devices.openRequest(request.slice(0, -4));
  await expect(page.getByText("This is no joining request, or a part of it is missing.")).toBeVisible();
  await devices.openRequest(request);
  await capture(page, "devices-02-compare");
  await devices.typeCode(`${code.slice(0, -1)}${code.endsWith("7") ? "8" : "7"}`);
  await expect(page.getByText("That is not the code of this request.")).toBeVisible();
  await capture(page, "devices-03-wrong-code");
  await devices.typeCode(code);
  await change.expectReview("Add a Device key");
  await capture(page, "devices-04-review");
  await change.choose("Device key and MFA key");

  // The new computer dies while it waits; what it began is on its disk.
  await laptop.kill();
  await change.goOn();
  const confirm = await old.confirm();
  await confirm.expectShows("Add device key", code);
  await captureConfirm(confirm.page, "devices-05-confirm");
  await confirm.approve();
  await old.page.proveIfAsked();
  await old.page.operation.expectDone("Your account has a new Device key");
  await page.getByRole("button", { name: "See your computers" }).click();
  const other = page.locator('[data-device-state="active"]').nth(1);
  await expect(other).toContainText(code);
  await capture(page, "devices-06-two");

  await laptop.start();
  await laptop.page.unlockOutside();
  await expect(laptop.page.heading("Your account")).toBeVisible({ timeout: 60_000 });
  await new DevicesScreen(laptop.page.page).open();
  await expect(laptop.page.page.getByRole("region", { name: "This computer", exact: true })).toContainText(
    "Active",
  );

  await other.getByRole("button", { name: /^Remove/ }).click();
  await change.expectReview("Remove a key");
  await expect(page.getByText("Your account has fewer working keys then")).toBeVisible();
  await capture(page, "devices-07-remove");
  await change.choose("Device key and Recovery key");
  await change.goOn();
  await old.approve();
  await old.page.proveIfAsked();
  await old.page.operation.expectDone("The key is gone");
  await expect(laptop.page.page.getByText("This computer's key is not on the account any more")).toBeVisible({
    timeout: 60_000,
  });
  await capture(laptop.page.page, "devices-08-removed");
  await laptop.page.page.getByRole("button", { name: "Ask to be let in again" }).click();
  const again = new JoiningScreens(laptop.page.page);
  await again.expectOutside();
  expect(await again.code()).toBe(code);
  await laptop.dispose();
});
