import { LoudEmitter } from "../loud.ts";

const EVENTS = [
  "suspend",
  "resume",
  "lock-screen",
  "unlock-screen",
  "on-ac",
  "on-battery",
  "shutdown",
] as const;
export type PowerEvent = (typeof EVENTS)[number];

/** Electron's `powerMonitor`. Nobody tells the stand-in of the computer's sleep: a test's control channel does. */
class PowerMonitor extends LoudEmitter {
  #lastInput = performance.now();
  #claimed: number | undefined;
  #screenLocked = false;

  constructor() {
    super(EVENTS);
  }

  /** Seconds since a person last touched one of the windows; Electron counts the whole computer. */
  getSystemIdleTime(): number {
    return this.#claimed ?? Math.floor((performance.now() - this.#lastInput) / 1000);
  }

  getSystemIdleState(idleThreshold: number): "active" | "idle" | "locked" {
    if (this.#screenLocked) return "locked";
    return this.getSystemIdleTime() >= idleThreshold ? "idle" : "active";
  }

  /** For windows: a person is there. */
  noteInput(): void {
    this.#lastInput = performance.now();
  }

  /** For tests: what the idle time is said to be; undefined goes back to the real one. */
  claimIdleTime(seconds: number | undefined): void {
    this.#claimed = seconds;
  }

  /** For tests: something happens to the computer. */
  happen(event: PowerEvent): void {
    if (event === "lock-screen") this.#screenLocked = true;
    if (event === "unlock-screen") this.#screenLocked = false;
    this.emit(event);
  }
}

export const POWER_EVENTS = EVENTS;
export const powerMonitor = new PowerMonitor();
