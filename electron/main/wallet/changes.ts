import { zChange } from "#core/operations/change-wish.ts";
import { change } from "../../services/operations/intents/change.ts";
import type { Services } from "../services.ts";
import type { HandlersOf } from "./handlers.ts";

export const changesHandlers = ({ account, operations }: Services): HandlersOf<"changes"> => ({
  "changes.review": async (wish) => {
    await account();
    const { operation, ways, deploysFirst } = await operations.review(change(wish));
    return {
      change: zChange.parse(operation),
      ways: ways.map(({ signers, ...when }) => ({
        ...when,
        signers: signers.map(({ role, held }) => ({ role, holder: held.holder })),
      })),
      deploysFirst,
    };
  },
  "changes.start": async ({ wish, signedBy }) => {
    await account();
    return operations.start(change(wish, signedBy));
  },
});
