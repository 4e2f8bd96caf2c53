/** Looks again and again, until told to stop. A look that fails is reported, and the next one comes all the same. */
export async function lookAgainAndAgain(options: {
  readonly look: () => Promise<unknown>;
  /** Resolves when it is time for the next look, or at once when there will be none. */
  readonly pause: () => Promise<void>;
  readonly signal: AbortSignal;
  readonly onUnexpected: (where: string, cause: unknown) => void;
}): Promise<void> {
  const { look, pause, signal, onUnexpected } = options;
  while (!signal.aborted) {
    try {
      await look();
    } catch (cause) {
      onUnexpected("watch", cause);
    }
    await pause();
  }
}
