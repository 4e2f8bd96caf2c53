import type { Settings } from "#core/wallet-api/state.ts";

/** Shows a page in a theme; "system" follows the operating system. */
export function applyTheme(theme: Settings["theme"]): void {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}
