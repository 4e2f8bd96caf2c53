import path from "node:path";
import { DEFAULT_SETTINGS, type Settings, zSettings } from "#core/wallet-api/state.ts";
import { jsonFile } from "./storage/json-file.ts";

/**
 * The person's settings; the defaults until something is changed.
 * @param onUnexpected hears, once, of a file that cannot be read. The defaults count then: no damaged file may keep the
 *   wallet from locking itself, or from asking in the confirm window.
 */
export function settingsService(
  directory: string,
  onChange: (settings: Settings) => void,
  onUnexpected: (where: string, cause: unknown) => void,
) {
  const file = jsonFile(path.join(directory, "settings.json"), zSettings);
  let told = false;
  return {
    async get(): Promise<Settings> {
      try {
        return (await file.read()) ?? DEFAULT_SETTINGS;
      } catch (cause) {
        if (!told) onUnexpected("settings", cause);
        told = true;
        return DEFAULT_SETTINGS;
      }
    },
    async set(settings: Settings): Promise<Settings> {
      await file.write(settings);
      onChange(settings);
      return settings;
    },
  };
}
