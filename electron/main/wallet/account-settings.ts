import type { Services } from "../services.ts";
import type { HandlersOf } from "./handlers.ts";

export const accountSettingsHandlers = ({
  account,
  accountSettings,
}: Services): HandlersOf<"accountSettings"> => ({
  "accountSettings.view": async () => {
    await account();
    return accountSettings.view();
  },
});
