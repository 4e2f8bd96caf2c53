import AxeBuilder from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll } from "vitest";
import { type BuiltPages, buildPages } from "./built-pages.ts";

/** The built pages for a test file: built before its first test, every window closed after each, gone at its end. */
export function usePages(): Pick<BuiltPages, "browser" | "urls"> {
  let built: BuiltPages | undefined;
  const pages = () => {
    if (!built) throw new Error("The pages are built when the tests run.");
    return built;
  };
  beforeAll(async () => {
    built = await buildPages();
  });
  afterEach(async () => {
    await Promise.all(
      pages()
        .browser.contexts()
        .map((context) => context.close()),
    );
  });
  afterAll(async () => {
    await pages()[Symbol.asyncDispose]();
  });
  return {
    get browser() {
      return pages().browser;
    },
    get urls() {
      return pages().urls;
    },
  };
}

/**
 * What axe finds wrong with a page, as "rule: elements"; `rules` asks for those only.
 * "Legacy" is without a page of its own for frames: there are none.
 */
export async function barriersOf(page: Page, rules?: readonly string[]): Promise<string[]> {
  const axe = new AxeBuilder({ page }).setLegacyMode();
  const { violations } = await (rules ? axe.withRules([...rules]) : axe).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}
