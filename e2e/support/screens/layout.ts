import type { Page } from "@playwright/test";

/**
 * What is wrong with how a page is laid out: it is wider than its window, text does not fit where it stands, or
 * something lies over what is to be pressed. What is cut on purpose has a title that says it in full.
 */
export async function layoutProblems(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    // A window that was just made larger or smaller is laid out with the frame after the next at the earliest.
    for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
    const problems: string[] = [];
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth > clientWidth)
      problems.push(`the page is ${scrollWidth} wide, its window ${clientWidth}`);

    const isShown = (element: Element) => {
      const { width, height } = element.getBoundingClientRect();
      return width > 1 && height > 1 && element.checkVisibility({ opacityProperty: true });
    };
    const ownText = (element: Element) =>
      Array.from(element.childNodes)
        .filter(({ nodeType }) => nodeType === Node.TEXT_NODE)
        .map(({ textContent }) => textContent?.trim())
        .join("");
    for (const element of Array.from(document.querySelectorAll("body *"))) {
      const text = ownText(element);
      if (text === "" || !isShown(element) || element.closest("[title]")) continue;
      const { scrollWidth: needs, clientWidth: has } = element;
      // Elements within a line have no width of their own: their block is looked at.
      if (has > 0 && needs > has + 1) problems.push(`"${text}" needs ${needs} and has ${has}`);
    }

    // What lies under a dialog is not to be pressed.
    const front = document.querySelector("[role=alertdialog], [role=dialog]") ?? document;
    for (const control of Array.from(front.querySelectorAll("a, button, input, select"))) {
      const { left, top, width, height } = control.getBoundingClientRect();
      const [x, y] = [left + width / 2, top + height / 2];
      const isInWindow = x >= 0 && y >= 0 && x < innerWidth && y < innerHeight;
      if (!isInWindow || !isShown(control) || control.matches(":disabled")) continue;
      const hit = document.elementFromPoint(x, y);
      if (hit && !control.contains(hit) && !hit.contains(control)) {
        problems.push(`<${hit.tagName.toLowerCase()}> lies over "${control.textContent.trim()}"`);
      }
    }
    return problems;
  });
}
