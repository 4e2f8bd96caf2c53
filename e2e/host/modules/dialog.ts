import { loud } from "../loud.ts";
import { say } from "../say.ts";

/** What tests answer in advance; the next message box takes the first. */
export const answers: number[] = [];
/** Where tests save files; the next question takes the first. */
export const savePaths: string[] = [];

type BoxArguments = [Electron.MessageBoxOptions] | [Electron.BaseWindow, Electron.MessageBoxOptions];

type SaveArguments = [Electron.SaveDialogOptions] | [Electron.BaseWindow, Electron.SaveDialogOptions];

const optionsOf = (args: BoxArguments): Electron.MessageBoxOptions => (args.length === 1 ? args[0] : args[1]);

/** Electron's `dialog`. Questions are printed; without an answer given in advance they are cancelled. */
export const dialog = loud("dialog", {
  showErrorBox: (title: string, content: string) => {
    process.stderr.write(`${title}: ${content}\n`);
  },
  showMessageBox: async (...args: BoxArguments) => {
    const { message, buttons = [], cancelId } = optionsOf(args);
    const response =
      answers.shift() ??
      cancelId ??
      Math.max(
        0,
        buttons.findIndex((label) => /^(cancel|no)$/i.test(label)),
      );
    say(`The app asks: ${message} (${buttons.join(", ")}) Answered: ${buttons[response] ?? response}`);
    return { response, checkboxChecked: false };
  },
  showSaveDialog: async (...args: SaveArguments) => {
    const { defaultPath = "" } = args.length === 1 ? args[0] : args[1];
    const filePath = savePaths.shift() ?? "";
    say(`The app asks where to save ${defaultPath}. Answered: ${filePath || "nowhere"}`);
    return { canceled: filePath === "", filePath };
  },
});
