import { loud } from "../loud.ts";
import { say } from "../say.ts";

/** Every address that the app handed to the system's browser. */
export const opened: string[] = [];

/** Electron's `shell`. Nothing leaves the stand-in: addresses are printed for the person, and kept for tests. */
export const shell = loud("shell", {
  openExternal: async (url: string) => {
    opened.push(url);
    say(`The app opens in the browser: ${url}`);
  },
} satisfies Partial<Electron.Shell>);
