import { expect, type Locator, type Page } from "@playwright/test";

/** No screen has as many things that take the focus. */
const MOST_STEPS = 150;

/** A person who uses no mouse: everything is reached by Tab, and pressed, typed into and chosen by keys. */
export class Keyboard {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Goes on by Tab until the control has the focus; fails where Tab never gets there. */
  async goTo(control: Locator): Promise<void> {
    await expect(control).toBeVisible();
    const isThere = () => control.evaluate((element) => element === document.activeElement);
    for (let step = 0; step < MOST_STEPS; step += 1) {
      if (await isThere()) return;
      await this.#page.keyboard.press("Tab");
    }
    throw new Error(`Tab does not reach ${control.toString()}`);
  }

  /** Presses a button or follows a link. */
  async press(name: string | RegExp, role: "button" | "link" = "button"): Promise<void> {
    const control = this.#page.getByRole(role, { name, ...(typeof name === "string" && { exact: true }) });
    await expect(control).toBeEnabled();
    await this.goTo(control);
    await this.#page.keyboard.press("Enter");
  }

  /** Types over what is in a field. */
  async type(label: string | RegExp, text: string): Promise<void> {
    await this.goTo(this.#page.getByLabel(label));
    await this.#page.keyboard.press("ControlOrMeta+A");
    await this.#page.keyboard.type(text);
  }

  /** Ticks a checkbox. */
  async tick(label: string | RegExp): Promise<void> {
    await this.goTo(this.#page.getByRole("checkbox", { name: label }));
    await this.#page.keyboard.press("Space");
  }
}
