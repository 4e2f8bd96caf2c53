import { readFile } from "node:fs/promises";
import path from "node:path";
import { expect, type Locator, type Page } from "@playwright/test";
import type { Wallet } from "../support/wallet.ts";

/** The friends' screen of one person, and the letters that person saves and opens. */
export class FriendsScreen {
  readonly #wallet: Wallet;

  constructor(wallet: Wallet) {
    this.#wallet = wallet;
  }

  get page(): Page {
    return this.#wallet.page.page;
  }

  /** The letter that was opened last. */
  get letter(): Locator {
    return this.page.locator("[data-opened]");
  }

  async open(): Promise<void> {
    await this.#wallet.page.go("Keys");
    await this.page.getByRole("link", { name: /^Friends/ }).click();
    await expect(this.#wallet.page.heading("Friends")).toBeVisible();
    await expect(this.page.getByRole("heading", { name: "Friends who hold your keys" })).toBeVisible();
  }

  /** Makes an invitation. @returns its file */
  async invite(name: string, from: string): Promise<string> {
    const form = this.page.getByRole("region", { name: "Invite a friend" });
    await form.getByLabel("Your friend's name").fill(name);
    await form.getByLabel("Your own name").fill(from);
    await form.getByRole("button", { name: "Make the invitation" }).click();
    await expect(form.getByText(`The invitation for ${name} is ready.`)).toBeVisible();
    return this.save(form, "the invitation", `for-${name}.json`);
  }

  /** Saves what stands in a part of the screen. @returns the file */
  async save(part: Locator, what: string, name: string): Promise<string> {
    const file = path.join(this.#wallet.profile, name);
    await this.#wallet.host.command({ do: "answer-save-dialog", path: file });
    await part.getByRole("button", { name: `Save ${what}` }).click();
    await expect(part.getByText(`Saved as ${name}.`)).toBeVisible();
    return file;
  }

  /** Opens a letter that came as a file. */
  async openFile(file: string, field = "Letter"): Promise<void> {
    await this.page.getByLabel(`${field}: file`).setInputFiles(file);
  }

  /** Opens a letter that was pasted. */
  async paste(text: string, field = "Letter"): Promise<void> {
    await this.page.getByLabel(field, { exact: true }).fill(text);
    await this.page.getByRole("button", { name: "Open it" }).click();
  }

  /** Signs the letter that is open, and saves the answer. @returns the answer's file */
  async sign(button: "Accept and sign" | "Sign", name: string): Promise<string> {
    await this.letter.getByRole("button", { name: button, exact: true }).click();
    await this.#wallet.approve();
    await expect(this.letter.getByText(/^Signed\. Send this answer to/)).toBeVisible({ timeout: 30_000 });
    return this.save(this.letter, "the answer", name);
  }

  /** The digits to be compared by voice. */
  async code(part = this.letter): Promise<string> {
    return (await part.locator("[data-code]").last().innerText()).trim();
  }

  /** Puts the key of a friend who accepted onto the account, up to the confirm window. */
  async add(place: string | RegExp): Promise<void> {
    await this.letter.getByRole("checkbox", { name: "read me the same digits" }).check();
    await this.letter.getByRole("radio", { name: place }).check();
    await this.letter.getByRole("button", { name: "Put the key on my account" }).click();
  }
}

/** Ana invites Ben and he accepts, each in their own Trivet: his key takes the place of the network's recovery key. */
export async function befriend(ana: Wallet, ben: Wallet): Promise<void> {
  const anas = new FriendsScreen(ana);
  const bens = new FriendsScreen(ben);
  await anas.open();
  const invitation = await anas.invite("Ben", "Ana");
  await bens.open();
  await bens.openFile(invitation);
  await anas.openFile(await bens.sign("Accept and sign", "answer.json"));
  await anas.add("In the place of: Key network");
  await ana.approve();
  await ana.page.proveIfAsked();
  await ana.page.operation.expectDone("A friend now holds the Recovery key");
}

/** A letter of somebody who changed it on its way. */
export async function forged(file: string): Promise<string> {
  const letter = JSON.parse(await readFile(file, "utf8")) as { signature: string };
  const last = letter.signature.slice(-4, -2) === "00" ? "01" : "00";
  return JSON.stringify({
    ...letter,
    signature: `${letter.signature.slice(0, -4)}${last}${letter.signature.slice(-2)}`,
  });
}
