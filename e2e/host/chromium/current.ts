import { refuse, say } from "../say.ts";
import { beforeExit } from "../lifecycle.ts";
import { Browser } from "./browser.ts";
import { ChromiumFailed } from "./launch.ts";

let launching: Promise<Browser> | undefined;
let stopping = false;

/** The Chromium behind all windows, started when it is first needed. */
export function currentBrowser(extraFlags: string[] = []): Promise<Browser> {
  launching ??= launch(extraFlags);
  return launching;
}

async function launch(extraFlags: string[]): Promise<Browser> {
  try {
    const browser = await Browser.launch(Number(process.env.TRIVET_DEVTOOLS_PORT ?? 0), extraFlags);
    process.on("exit", () => {
      browser.kill();
    });
    beforeExit(() => {
      stopping = true;
      return browser.stop();
    });
    browser.session.onDetached(() => {
      if (!stopping) say("Chromium has ended: its windows are closed.");
    });
    const { product } = await browser.session.send("Browser.getVersion");
    Object.defineProperty(process.versions, "chrome", {
      value: product.replace(/^.*\//, ""),
      enumerable: true,
      configurable: true,
    });
    if (browser.headless) say("No display: the windows are headless.");
    say(`DevTools: ${browser.devToolsUrl}`);
    return browser;
  } catch (error) {
    if (error instanceof ChromiumFailed) refuse(error.message);
    throw error;
  }
}
