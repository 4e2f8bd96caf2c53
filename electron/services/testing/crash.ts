/** The app dies here: from then on nothing it would do happens. */
export class Crash extends Error {}

/** Counts the points at which a crash may come, and crashes at one of them. */
export class CrashPoint {
  #left: number;
  #dead = false;

  constructor(after: number) {
    this.#left = after;
  }

  get crashed(): boolean {
    return this.#dead;
  }

  pass(): void {
    if (this.#dead || this.#left-- === 0) {
      this.#dead = true;
      throw new Crash();
    }
  }

  /** Lets `act` happen between two points. */
  async around<T>(act: () => Promise<T>): Promise<T> {
    this.pass();
    const result = await act();
    this.pass();
    return result;
  }
}

/** What a service reports as unexpected has to be the crash that a test wants. */
export function onlyCrashes(_what: string, cause: unknown): void {
  if (!(cause instanceof Crash)) throw cause;
}
