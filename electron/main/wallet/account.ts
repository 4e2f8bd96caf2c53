import type { Services } from "../services.ts";
import type { HandlersOf } from "./handlers.ts";

/** So many items are shown where not all are asked for. */
const NEWEST = 30;

export const accountHandlers = ({ account, reader, activity }: Services): HandlersOf<"account"> => ({
  "account.balances": async () => reader.balances(await account()),
  "account.activity": async () => {
    await account();
    return activity.newest(NEWEST);
  },
  "account.tokens": () => Promise.resolve([...reader.tokens]),
});
