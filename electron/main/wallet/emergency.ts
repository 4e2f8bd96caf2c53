import type { Services } from "../services.ts";
import type { HandlersOf } from "./handlers.ts";

export const emergencyHandlers = ({ account, emergency }: Services): HandlersOf<"emergency"> => ({
  "emergency.list": async () => {
    await account();
    return emergency.list();
  },
  "emergency.rehearse": async ({ address }) => {
    await account();
    return emergency.rehearse(address);
  },
  "emergency.prove": async ({ address, signature }) => {
    await account();
    return emergency.prove(address, signature);
  },
});
