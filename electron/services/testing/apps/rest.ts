interface View {
  readonly id: string;
  readonly status: string;
}

/** Hears what a service tells of its views, and waits until one of them comes to rest. */
export class Rest<V extends View> {
  readonly #listeners = new Set<(view: V) => void>();

  readonly tell = (view: V): void => {
    for (const listener of this.#listeners) listener(view);
  };

  /**
   * Resolves when that view has ended, waits for the person, or the app has crashed.
   * @param now how it is now, where the service still has it
   */
  of(id: string, now: () => V | undefined, app: { readonly crashed: boolean }): Promise<V> {
    return new Promise((resolve) => {
      const look = (seen: V) => {
        if (seen.id !== id || (seen.status === "running" && !app.crashed)) return;
        this.#listeners.delete(look);
        resolve(seen);
      };
      this.#listeners.add(look);
      const seen = now();
      if (seen) look(seen);
    });
  }
}
