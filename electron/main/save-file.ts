import path from "node:path";
import { app, type BrowserWindow, dialog } from "electron";
import writeFileAtomic from "write-file-atomic";
import { WalletError } from "#core/errors/wallet-error.ts";

const FILTERS = {
  html: { name: "Web page", extensions: ["html"] },
  csv: { name: "Table (CSV)", extensions: ["csv"] },
  json: { name: "JSON", extensions: ["json"] },
  text: { name: "Text", extensions: ["txt"] },
} as const;

/**
 * Asks the person where to save a file, and writes it there whole or not at all.
 * @returns the chosen file's name; undefined when they decided against it
 * @throws WalletError when it cannot be written there
 */
export async function saveFile(
  window: BrowserWindow | undefined,
  suggestedName: string,
  content: string,
  format: keyof typeof FILTERS,
): Promise<string | undefined> {
  const options: Electron.SaveDialogOptions = {
    defaultPath: path.join(app.getPath("documents"), suggestedName),
    filters: [{ ...FILTERS[format], extensions: [...FILTERS[format].extensions] }],
  };
  const { canceled, filePath } = await (window
    ? dialog.showSaveDialog(window, options)
    : dialog.showSaveDialog(options));
  if (canceled || filePath === "") return undefined;
  try {
    await writeFileAtomic(filePath, content);
  } catch (cause) {
    throw new WalletError(
      "file-not-saved",
      "The file could not be written there.",
      "Choose another folder, or free some space, and try again.",
      { cause },
    );
  }
  return path.basename(filePath);
}
