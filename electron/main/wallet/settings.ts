import type { Services } from "../services.ts";
import type { HandlersOf } from "./handlers.ts";

export const settingsHandlers = ({ settings }: Services): HandlersOf<"settings"> => ({
  "settings.get": () => settings.get(),
  "settings.set": (changed) => settings.set(changed),
});
