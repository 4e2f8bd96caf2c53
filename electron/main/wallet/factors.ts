import type { Services } from "../services.ts";
import type { HandlersOf } from "./handlers.ts";

export const factorsHandlers = ({ factors, confirmWindow }: Services): HandlersOf<"factors"> => ({
  "factors.state": () => factors.state(),
  "factors.review": (wish) => factors.review(wish),
  "factors.start": (wish) => factors.start(wish),
  "factors.continue": ({ id, wallet }) => Promise.resolve(factors.continue(id, wallet)),
  "factors.drop": ({ id }) => factors.drop(id),
  "factors.showConfirm": () => {
    confirmWindow.bringToFront();
    return Promise.resolve(undefined);
  },
  "factors.sendCode": ({ id, address }) => factors.sendCode(id, address),
  "factors.beginApp": ({ id }) => factors.beginApp(id),
  "factors.verifyCode": ({ id, code }) => factors.verifyCode(id, code),
  "factors.passkey": ({ id, name }) => factors.passkey(id, name),
  "factors.login": ({ id, provider }) => factors.login(id, provider),
  "factors.cancelBrowser": () => {
    factors.cancelBrowser();
    return Promise.resolve(undefined);
  },
  "factors.password": ({ id, password }) => factors.password(id, password),
  "factors.wallet": ({ id, address }) => factors.wallet(id, address),
  "factors.useRecoveryCode": ({ id, code }) => factors.useRecoveryCode(id, code),
  "factors.recoveryCodes": ({ id }) => factors.recoveryCodes(id),
  "factors.keptCodes": ({ id }) => factors.keptCodes(id),
});
