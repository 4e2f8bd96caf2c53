import type { Services } from "../services.ts";
import type { HandlersOf } from "./handlers.ts";

export const devicesHandlers = ({ account, devices }: Services): HandlersOf<"devices"> => ({
  "devices.list": async () => {
    await account();
    return devices.list();
  },
  "devices.openRequest": async ({ text }) => {
    await account();
    return devices.open(text);
  },
  "devices.compare": async ({ id, code }) => {
    await account();
    return devices.compare(id, code);
  },
});
