import type { Services } from "../services.ts";
import type { HandlersOf } from "./handlers.ts";

export function activityHandlers({ account, activity }: Services): HandlersOf<"activity"> {
  /** What an account did is nobody's business who finds the wallet locked. */
  const opened = async () => {
    await account();
    return activity;
  };
  return {
    "activity.list": async (input) => (await opened()).list(input),
    "activity.export": async ({ format, filter }) => (await opened()).exportItems(format, filter),
  };
}
