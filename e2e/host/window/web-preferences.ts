import { NotInStandIn } from "../loud.ts";

/** What the stand-in does anyway, and the only value it accepts. */
const FIXED: Electron.WebPreferences = {
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  webviewTag: false,
  navigateOnDragDrop: false,
};

/** What makes no difference to what the stand-in is for. */
const IGNORED = new Set<string>([
  "preload",
  "spellcheck",
  "devTools",
  "backgroundThrottling",
  "enableDeprecatedPaste",
]);

/**
 * A window must ask for the sandbox and the isolation it gets: the same bundles then run in Electron with them.
 *
 * @throws {NotInStandIn} for other preferences
 */
export function checkWebPreferences(preferences: Electron.WebPreferences): void {
  for (const name of ["sandbox", "contextIsolation"] as const) {
    if (preferences[name] !== true) throw new NotInStandIn(`A window without webPreferences.${name}: true`);
  }
  for (const [name, value] of Object.entries(preferences) as [string, unknown][]) {
    if (IGNORED.has(name)) continue;
    if (!Object.hasOwn(FIXED, name) || Reflect.get(FIXED, name) !== value) {
      throw new NotInStandIn(`webPreferences.${name}: ${String(value)}`);
    }
  }
}
