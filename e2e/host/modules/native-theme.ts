import { LoudEmitter } from "../loud.ts";

type Source = Electron.NativeTheme["themeSource"];

/** Electron's `nativeTheme`. Pages follow it through emulation; the system's own theme is what pages report. */
class NativeTheme extends LoudEmitter {
  #source: Source = "system";
  #systemIsDark = false;

  constructor() {
    super(["updated"]);
  }

  get themeSource(): Source {
    return this.#source;
  }

  set themeSource(source: Source) {
    if (source === this.#source) return;
    this.#source = source;
    this.emit("updated");
  }

  get shouldUseDarkColors(): boolean {
    return this.#source === "system" ? this.#systemIsDark : this.#source === "dark";
  }

  /** For windows: a page says which theme it sees; while the app chooses one, that is not the system's. */
  noteSystemTheme(dark: boolean): void {
    if (this.#source !== "system" || dark === this.#systemIsDark) return;
    this.#systemIsDark = dark;
    this.emit("updated");
  }
}

export const nativeTheme = new NativeTheme();
