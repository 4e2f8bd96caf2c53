import type { Services } from "../services.ts";
import type { HandlersOf } from "./handlers.ts";

export const securityHandlers = ({ account, security }: Services): HandlersOf<"security"> => ({
  "security.standing": async () => {
    await account();
    return security.standing();
  },
  "security.report": async () => {
    await account();
    return security.report();
  },
});
