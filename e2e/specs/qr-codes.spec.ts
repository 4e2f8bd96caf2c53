import type { Page } from "@playwright/test";
import { DevicesScreen, JoiningScreens } from "../pages/joining.ts";
import { FriendsScreen } from "../pages/friends.ts";
import { giveCamera, photograph, QrScanner } from "../pages/qr-codes.ts";
import { putOnChain } from "../support/on-chain.ts";
import { capture } from "../support/screens/capture.ts";
import { expect, test } from "../support/test.ts";
import { Wallet } from "../support/wallet.ts";

test("Ben's camera reads Ana's invitation from her screen, and Ana reads his answer from photos of his", async ({
  devnet,
  wallet: ana,
}) => {
  await ana.openAccount();
  const ben = await Wallet.create(devnet);
  giveCamera(ben);
  await ben.openAccount();
  const anas = new FriendsScreen(ana);
  const bens = new FriendsScreen(ben);

  await anas.open();
  await anas.invite("Ben", "Ana");
  const form = anas.page.getByRole("region", { name: "Invite a friend" });
  const invitation = await photograph(form);
  await capture(anas.page, "qr-01-shown");
  const address = await addressCode(ben);

  await bens.open();
  const scanner = new QrScanner(ben);
  await scanner.open();
  await capture(bens.page, "qr-02-dialog");
  // His own address is in the picture at first: said to be no letter, and reading goes on.
  await scanner.hold([address]);
  await expect(scanner.dialog.getByRole("alert")).toContainText("This is no letter of Trivet's");
  await capture(bens.page, "qr-03-camera");
  await scanner.dialog.getByRole("button", { name: "Stop the camera" }).click();
  await scanner.hold(invitation);
  await scanner.expectDone();
  await expect(bens.letter.getByText("Ana asks you to hold a Recovery key")).toBeVisible();
  await bens.letter.getByRole("button", { name: "Accept and sign" }).click();
  // The camera is the wallet's window's alone, and nobody has the microphone.
  const confirm = await ben.confirm();
  expect(await mayUse(bens.page)).toEqual({ camera: "granted", microphone: "denied" });
  expect(await mayUse(confirm.page)).toEqual({ camera: "denied", microphone: "denied" });
  await confirm.approve();
  await expect(bens.letter.getByText("Signed. Send this answer to Ana.")).toBeVisible({ timeout: 30_000 });

  const answer = await photograph(bens.letter);
  expect(answer.length).toBeGreaterThan(1);
  const anasScanner = new QrScanner(ana);
  await anasScanner.open();
  await anasScanner.choose(answer.slice(1));
  await expect(anasScanner.dialog.locator("[data-parts]")).toContainText(
    `${answer.length - 1} of ${answer.length} codes are read`,
  );
  await capture(anas.page, "qr-04-parts");
  await anasScanner.choose(answer.slice(0, 1));
  await anasScanner.expectDone();
  await expect(anas.letter.getByText("Ben accepted")).toBeVisible();
  expect(await anas.code()).toBe(await bens.code());
  await ben.dispose();
});

const mayUse = (page: Page) =>
  page.evaluate(async () => {
    const [camera, microphone] = await Promise.all(
      (["camera", "microphone"] as const).map((name) => navigator.permissions.query({ name })),
    );
    return { camera: camera?.state, microphone: microphone?.state };
  });

/** A photo of the address that a wallet shows to receive. */
async function addressCode(wallet: Wallet): Promise<Buffer> {
  await wallet.page.go("Receive");
  return wallet.page.page.getByRole("img", { name: "QR code of the account address" }).screenshot();
}

test("a new computer reads the account from the old one's screen, and the old one's camera its request", async ({
  wallet: old,
}) => {
  giveCamera(old);
  await old.openAccount();
  await putOnChain(old);
  const laptop = await old.anotherComputer();
  const devices = new DevicesScreen(old.page.page);
  await devices.open();
  const account = await old.page.page.getByRole("img", { name: /^QR code of the account/ }).screenshot();

  const { page: welcome } = await laptop.start();
  const joining = new JoiningScreens(welcome);
  await welcome.getByRole("button", { name: "I have an account" }).click();
  const laptops = new QrScanner(laptop);
  await laptops.open();
  await laptops.choose([account]);
  await laptops.expectDone();
  await joining.expectSignIn();
  await laptop.page.signIn();
  await joining.expectOutside();
  const code = await joining.code();
  const request = await welcome.getByRole("img", { name: "QR code of the joining request" }).screenshot();

  const olds = new QrScanner(old);
  await olds.open(old.page.page.getByRole("form", { name: "Joining request" }));
  await olds.hold([request]);
  await olds.expectDone();
  await devices.typeCode(code);
  await expect(old.page.heading("Add a Device key")).toBeVisible();
  await laptop.dispose();
});

test("an address is read from a photo wherever one is typed", async ({ funded }) => {
  const photo = await addressCode(funded);
  const { page } = funded.page;
  await funded.page.go("Contacts");
  const scanner = new QrScanner(funded);
  await scanner.open();
  await scanner.choose([photo]);
  await scanner.expectDone();
  await expect(page.getByLabel("Address", { exact: true })).toHaveValue(funded.account);
});
