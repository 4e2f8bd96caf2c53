import type { Services } from "../services.ts";
import type { HandlersOf } from "./handlers.ts";

export function apiKeysHandlers({ account, apiKeys }: Services): HandlersOf<"apiKeys"> {
  const opened = async () => {
    await account();
    return apiKeys;
  };
  return {
    "apiKeys.list": async () => (await opened()).list(),
    "apiKeys.create": async ({ name, password }) => (await opened()).create(name, password),
    "apiKeys.forget": async ({ id }) => (await opened()).forget(id),
  };
}
