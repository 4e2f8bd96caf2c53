import { rmSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

const FOLDER = fileURLToPath(new URL("../screenshots", import.meta.url));

const THEMES = ["light", "dark"] as const;
const APP_SIZES = [
  { width: 1280, height: 800 },
  { width: 900, height: 600 },
];
const CONFIRM_SIZES = [{ width: 560, height: 760 }];

/** Photographs screens in light and dark and at every size, and holds each against what must be true of all. */
export class Photographer {
  #count = 0;

  constructor() {
    rmSync(FOLDER, { recursive: true, force: true });
  }

  /** A screen of the app's window. */
  app(page: Page, name: string): Promise<void> {
    return this.#shoot(page, name, APP_SIZES);
  }

  /** The confirm window. */
  confirm(page: Page, name: string): Promise<void> {
    return this.#shoot(page, name, CONFIRM_SIZES);
  }

  async #shoot(page: Page, name: string, sizes: typeof APP_SIZES): Promise<void> {
    this.#count += 1;
    const file = `${String(this.#count).padStart(2, "0")}-${name}.png`;
    for (const theme of THEMES) {
      await setTheme(page, theme);
      for (const size of sizes) {
        await page.setViewportSize(size);
        const folder = path.join(FOLDER, `${theme}-${size.width}x${size.height}`);
        await page.screenshot({ path: path.join(folder, file), animations: "disabled" });
        expect(await overflowing(page), `${name}, ${theme}, ${size.width}: cut or too wide`).toEqual([]);
      }
      expect(await seriousFindings(page), `${name}, ${theme}: accessibility`).toEqual([]);
    }
    await setTheme(page, "system");
  }
}

/** As the app itself sets the theme of the settings: on the root element. */
async function setTheme(page: Page, theme: "light" | "dark" | "system"): Promise<void> {
  await page.evaluate((chosen) => {
    if (chosen === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = chosen;
  }, theme);
}

/** Texts that are wider than their place, unless they say so with an ellipsis; and a page wider than its window. */
function overflowing(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth > clientWidth) found.push(`the page: ${scrollWidth} in ${clientWidth}`);
    for (const element of Array.from(
      document.querySelectorAll<HTMLElement>("main *, nav *, header *, footer *"),
    )) {
      const isText = Array.from(element.childNodes).some(
        (node) => node.nodeType === Node.TEXT_NODE && (node.textContent ?? "").trim() !== "",
      );
      const style = getComputedStyle(element);
      const isHidden =
        style.clipPath !== "none" || style.position === "absolute" || style.display === "inline";
      const isCut = element.scrollWidth > element.clientWidth + 1 && style.textOverflow !== "ellipsis";
      if (isText && !isHidden && isCut) found.push(element.textContent.trim().slice(0, 60));
    }
    return found;
  });
}

async function seriousFindings(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}
