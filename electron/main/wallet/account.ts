import { accountActivity } from "../../services/chain/activity.ts";
import type { Services } from "../services.ts";
import type { HandlersOf } from "./handlers.ts";

export const accountHandlers = ({ account, reader, chain }: Services): HandlersOf<"account"> => ({
  "account.balances": async () => reader.balances(await account()),
  "account.activity": async () => accountActivity(chain, await account(), reader.tokens),
  "account.tokens": () => Promise.resolve([...reader.tokens]),
});
