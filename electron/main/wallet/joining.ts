import type { Services } from "../services.ts";
import type { HandlersOf } from "./handlers.ts";

export const joiningHandlers = ({ account, joining }: Services): HandlersOf<"joining"> => ({
  "joining.begin": async ({ text }) => ({ account: await joining.begin(text) }),
  "joining.again": async () => {
    await account();
    await joining.again();
    return undefined;
  },
  "joining.drop": async () => {
    await joining.drop();
    return undefined;
  },
  "joining.saveRequest": async () => {
    await account();
    return joining.saveRequest();
  },
  "joining.view": () => joining.view(),
  "joining.continue": async () => {
    await account();
    void joining.run();
    return undefined;
  },
  "joining.useLedger": async ({ signer, model }) => {
    await account();
    return joining.useLedger(signer, model);
  },
  "joining.usePasskey": async () => {
    await account();
    return joining.usePasskey();
  },
});
