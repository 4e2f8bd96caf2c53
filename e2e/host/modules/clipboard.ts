import { openWindows } from "../window/registry.ts";
import { loud } from "../loud.ts";

let text = "";

/** Electron's `clipboard`, of text. A copy goes to the system's clipboard where a window can put it there. */
export const clipboard = loud("clipboard", {
  readText: async () => text,
  writeText: async (written: string) => {
    text = written;
    await openWindows().at(-1)?.webContents.copyToSystem(written);
  },
  clear: () => {
    text = "";
  },
} satisfies Partial<Electron.Clipboard>);
