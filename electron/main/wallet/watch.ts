import type { Services } from "../services.ts";
import type { HandlersOf } from "./handlers.ts";

export const watchHandlers = ({ account, watch }: Services): HandlersOf<"watch"> => ({
  "watch.view": async () => {
    await account();
    return watch.view();
  },
  "watch.see": async ({ telling }) => {
    await account();
    return watch.see(telling);
  },
});
