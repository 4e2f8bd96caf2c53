import type { Services } from "../services.ts";
import type { HandlersOf } from "./handlers.ts";

export const walletHandlers = ({ wallet }: Services): HandlersOf<"wallet"> => ({
  "wallet.state": () => wallet.state(),
  "wallet.sendCode": ({ email }) => wallet.sendCode(email),
  "wallet.verifyCode": ({ code }) => wallet.verifyCode(code),
  "wallet.hasUnlockCode": () => wallet.hasUnlockCode(),
  "wallet.unlockByCode": ({ code }) => wallet.unlockByCode(code),
  "wallet.createUnlockCode": () => wallet.createUnlockCode(),
  "wallet.removeUnlockCode": () => wallet.removeUnlockCode(),
  "wallet.continueCreation": () => {
    wallet.continueCreation();
    return Promise.resolve(undefined);
  },
  "wallet.lock": async () => {
    await wallet.lock("request");
    return undefined;
  },
});
