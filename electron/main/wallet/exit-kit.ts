import type { Services } from "../services.ts";
import type { HandlersOf } from "./handlers.ts";

export const exitKitHandlers = ({ account, exitKits }: Services): HandlersOf<"exitKit"> => ({
  "exitKit.create": async () => {
    await account();
    return exitKits.create();
  },
});
