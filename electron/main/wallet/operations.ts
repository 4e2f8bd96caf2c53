import type { Services } from "../services.ts";
import type { HandlersOf } from "./handlers.ts";

export const operationsHandlers = ({ operations, confirmWindow }: Services): HandlersOf<"operations"> => ({
  "operations.list": () => Promise.resolve(operations.list()),
  "operations.continue": ({ id }) => Promise.resolve(operations.continue(id)),
  "operations.drop": ({ id }) => operations.drop(id),
  "operations.useWallet": ({ id, wallet }) => Promise.resolve(operations.useWallet(id, wallet)),
  "operations.showConfirm": () => {
    confirmWindow.bringToFront();
    return Promise.resolve(undefined);
  },
});
