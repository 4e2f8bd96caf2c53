import path from "node:path";
import { fileURLToPath } from "node:url";
import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";
import { layoutProblems } from "./layout.ts";

const SCREENSHOTS = fileURLToPath(new URL("../../screenshots", import.meta.url));

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The size a window has at first, and the smallest it can have. */
const APP_SIZES = [
  { width: 1280, height: 800 },
  { width: 900, height: 600 },
] as const satisfies Size[];
const CONFIRM_SIZES = [
  { width: 560, height: 760 },
  { width: 480, height: 560 },
] as const satisfies Size[];

const THEMES = ["light", "dark"] as const;

/** So that one run tells about every picture. */
const softly = expect.configure({ soft: true });

/**
 * Keeps pictures of a screen in both themes and both sizes in e2e/screenshots/<theme>-<size>/<name>.png, and finds
 * out whether everything on it fits, can be pressed and can be read by everybody.
 */
export async function capture(page: Page, name: string, sizes: readonly Size[] = APP_SIZES): Promise<void> {
  const [usual] = sizes;
  for (const theme of THEMES) {
    await page.emulateMedia({ reducedMotion: "reduce" });
    await setTheme(page, theme);
    for (const size of sizes) {
      await page.setViewportSize(size);
      const where = `${name} in ${theme} at ${size.width}x${size.height}`;
      // On a busy machine a window is laid out some frames after its size changed.
      await softly.poll(() => layoutProblems(page), { message: where }).toEqual([]);
      if (size === usual) softly(await accessibilityProblems(page), where).toEqual([]);
      // What sticks to the window stands where the page was scrolled to.
      await page.evaluate(() => {
        scrollTo(0, 0);
      });
      const folder = `${theme}-${size.width}x${size.height}`;
      await page.screenshot({
        path: path.join(SCREENSHOTS, folder, `${name}.png`),
        fullPage: true,
        animations: "disabled",
      });
    }
  }
  if (usual) await page.setViewportSize(usual);
  await setTheme(page, undefined);
  await page.emulateMedia({ reducedMotion: null });
}

/** As the app itself follows its settings, on the root element: the windows' host decides on the media's scheme. */
async function setTheme(page: Page, theme: "light" | "dark" | undefined): Promise<void> {
  await page.evaluate((chosen) => {
    const { dataset } = document.documentElement;
    if (chosen) dataset.theme = chosen;
    else delete dataset.theme;
  }, theme);
}

/** The same of the confirm window. */
export const captureConfirm = (page: Page, name: string): Promise<void> => capture(page, name, CONFIRM_SIZES);

async function accessibilityProblems(page: Page): Promise<string[]> {
  // Without the legacy mode it would open a page of its own, which is not the app's.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}
