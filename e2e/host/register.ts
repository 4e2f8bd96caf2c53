// Runs an app that was built for Electron without Electron: node --import ./e2e/host/register.ts out/main/index.js
import { readFileSync } from "node:fs";
import { createRequire, registerHooks } from "node:module";
import path from "node:path";
import { z } from "zod";
import { ProfileRefused, requireDevnetProfile, userDataDirectory } from "./profile.ts";
import { refuse } from "./say.ts";

const STAND_IN = new URL("electron.ts", import.meta.url).href;

try {
  const userData = userDataDirectory(process.argv, process.env);
  requireDevnetProfile(process.env.TRIVET_NETWORK ?? path.join(userData, "network.json"), userData);
} catch (error) {
  if (error instanceof ProfileRefused) refuse(error.message);
  throw error;
}

// The app may say in its screens where it runs.
process.env.TRIVET_STAND_IN = "1";
const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(createRequire(import.meta.url).resolve("electron/package.json"), "utf8")));
Object.defineProperty(process.versions, "electron", { value: version, enumerable: true });
Object.defineProperty(process, "type", { value: "browser", enumerable: true });

registerHooks({
  resolve(specifier, context, next) {
    if (specifier === "electron" || specifier === "electron/main")
      return { url: STAND_IN, shortCircuit: true };
    return next(specifier, context);
  },
});
