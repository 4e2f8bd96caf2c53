import { zChange } from "#core/operations/change-wish.ts";
import { change } from "../../services/operations/intents/change.ts";
import type { Services } from "../services.ts";
import type { HandlersOf } from "./handlers.ts";
import { waysShown } from "./ways.ts";

export const changesHandlers = ({ account, chain, operations }: Services): HandlersOf<"changes"> => ({
  "changes.review": async (wish) => {
    await account();
    const { operation, ways, deploysFirst } = await operations.review(change(wish));
    return {
      change: zChange.parse(operation),
      ways: waysShown(ways),
      deploysFirst,
      scriptVerifier: chain.config.contracts.scriptVerifier,
    };
  },
  "changes.start": async ({ wish, signedBy }) => {
    await account();
    return operations.start(change(wish, signedBy));
  },
});
