import path from "node:path";
import { DEFAULT_SETTINGS, type Settings, zSettings } from "#core/wallet-api/state.ts";
import { jsonFile } from "./storage/json-file.ts";

/** The person's settings; the defaults until something is changed. */
export function settingsService(directory: string, onChange: (settings: Settings) => void) {
  const file = jsonFile(path.join(directory, "settings.json"), zSettings);
  return {
    async get(): Promise<Settings> {
      return (await file.read()) ?? DEFAULT_SETTINGS;
    },
    async set(settings: Settings): Promise<Settings> {
      await file.write(settings);
      onChange(settings);
      return settings;
    },
  };
}
