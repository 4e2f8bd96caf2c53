import type { Services } from "../services.ts";
import type { HandlersOf } from "./handlers.ts";

export const freezeHandlers = ({
  account,
  freeze,
  schedule,
}: Services): HandlersOf<"freeze"> & HandlersOf<"schedule"> => ({
  "freeze.view": async () => {
    await account();
    return freeze.view();
  },
  "schedule.list": async () => {
    await account();
    return schedule.list();
  },
  "schedule.run": async ({ id }) => {
    await account();
    return { transactionHash: await schedule.run(id) };
  },
});
