type Cleanup = () => Promise<void> | void;

const cleanups: Cleanup[] = [];

/** Has something ended in order before the program ends. */
export function beforeExit(cleanup: Cleanup): void {
  cleanups.push(cleanup);
}

/** Runs all cleanups at once; one that fails keeps none of the others from running. */
export async function cleanUp(): Promise<void> {
  const results = await Promise.allSettled(cleanups.splice(0).map(async (cleanup) => cleanup()));
  for (const result of results) {
    if (result.status === "rejected") console.error(result.reason);
  }
}
