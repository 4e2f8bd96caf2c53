/** How often the world is looked at while somebody watches. */
const INTERVAL_MS = 400;

/** Gives everybody who watches each new state of something, and looks at it only while somebody does. */
export interface Publisher<State> {
  /** Calls `onState` with the present state and every later one that differs. Returns how to stop. */
  watch(onState: (state: State) => void): () => void;
  /** Looks at once, because something was just done. */
  refresh(): void;
  close(): void;
}

export function createPublisher<State>(
  look: () => Promise<State>,
  onError: (error: unknown) => void,
): Publisher<State> {
  const watchers = new Map<(state: State) => void, string>();
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | undefined;

  async function publish(): Promise<void> {
    const state = await look();
    const text = JSON.stringify(state);
    for (const [watcher, seen] of watchers) {
      if (seen === text) continue;
      watchers.set(watcher, text);
      watcher(state);
    }
  }

  function refresh(): void {
    looking ??= publish()
      .catch(onError)
      .finally(() => {
        looking = undefined;
      });
  }

  function close(): void {
    clearInterval(timer);
    timer = undefined;
    watchers.clear();
  }

  return {
    watch: (onState) => {
      watchers.set(onState, "");
      timer ??= setInterval(refresh, INTERVAL_MS);
      refresh();
      return () => {
        watchers.delete(onState);
        if (watchers.size === 0) close();
      };
    },
    refresh,
    close,
  };
}
