import path from "node:path";
import { expect, type Locator, type Page } from "@playwright/test";
import { filmed, writeFilm } from "../support/camera-film.ts";
import type { Wallet } from "../support/wallet.ts";

/** Lets a wallet have a camera; what it sees is said by `show`. Before the wallet starts. */
export function giveCamera(wallet: Wallet): void {
  wallet.args = ["--use-fake-device-for-media-stream", `--use-file-for-fake-video-capture=${filmOf(wallet)}`];
}
const filmOf = (wallet: Wallet) => path.join(wallet.profile, "camera.y4m");

/** Photographs every QR code of a letter that stands on a screen. */
export async function photograph(part: Locator): Promise<Buffer[]> {
  await part.getByRole("button", { name: "Show as a QR code" }).click();
  const code = part.getByRole("img", { name: /^QR code \d of \d$/ });
  const count = Number((await code.getAttribute("aria-label"))?.at(-1));
  const photos = [await code.screenshot()];
  while (photos.length < count) {
    await part.getByRole("button", { name: "Next" }).click();
    await expect(code).toHaveAccessibleName(`QR code ${photos.length + 1} of ${count}`);
    photos.push(await code.screenshot());
  }
  return photos;
}

/** The dialog that reads QR codes. */
export class QrScanner {
  readonly #wallet: Wallet;
  readonly dialog: Locator;

  constructor(wallet: Wallet) {
    this.#wallet = wallet;
    this.dialog = this.#page.getByRole("dialog", { name: "Read a QR code" });
  }

  get #page(): Page {
    return this.#wallet.page.page;
  }

  /** Presses the button in a part of the screen. */
  async open(part: Page | Locator = this.#page): Promise<void> {
    await part.getByRole("button", { name: "Read a QR code" }).click();
    await expect(this.dialog).toBeVisible();
  }

  /** Holds photos in front of the camera, one after the other, over and over. */
  async hold(photos: readonly Buffer[]): Promise<void> {
    const tab = await this.#wallet.newTab();
    const stills = [];
    for (const photo of photos) stills.push(await filmed(tab, photo));
    await tab.close();
    await writeFilm(filmOf(this.#wallet), stills);
    await this.dialog.getByRole("button", { name: "Use the camera" }).click();
  }

  async choose(photos: readonly Buffer[]): Promise<void> {
    await this.dialog
      .getByLabel("Picture of a QR code")
      .setInputFiles(
        photos.map((buffer, index) => ({ name: `photo-${index}.png`, mimeType: "image/png", buffer })),
      );
  }

  async expectDone(): Promise<void> {
    await expect(this.dialog).toBeHidden({ timeout: 30_000 });
  }
}
