import type { Message } from "./messages.ts";
import type { Posted } from "./state.ts";

const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 10 * 60_000;
/** A source that invents alerts must not fill the disk; what finds no place is told when there is some. */
const MOST = 2_000;

/** Somebody who wants to know. A message that comes twice has the same id. */
export interface Notifier {
  /** Under this name its messages are kept; the same after a restart. */
  readonly name: string;
  /** Rejects when the message did not arrive; it is tried again later. */
  readonly notify: (message: Message) => Promise<void>;
  /** Told why a message did not arrive. */
  readonly onFailure?: (message: Message, cause: unknown, retryInMs: number) => void;
}

/** How long to wait after so many failures in a row: twice as long each time, ten minutes at most. */
export const waitAfter = (attempts: number): number =>
  Math.min(FIRST_WAIT_MS * 2 ** Math.max(0, attempts - 1), LONGEST_WAIT_MS);

/** Sends messages to everybody who wants to know, each until it has arrived. */
export function createOutbox(notifiers: readonly Notifier[], now: () => number) {
  return {
    /** How many more messages find a place. */
    room: (outbox: readonly Posted[]): number =>
      Math.max(0, Math.floor((MOST - outbox.length) / Math.max(1, notifiers.length))),

    /** The outbox with these messages put in, for each notifier. */
    posted(outbox: readonly Posted[], messages: readonly Message[]): Posted[] {
      const added = messages.flatMap((message) =>
        notifiers.map(({ name }): Posted => ({ to: name, message, attempts: 0, notBefore: 0 })),
      );
      return [...outbox, ...added];
    },

    /** Sends what is due; returns what is left, the very same list when nothing was tried. */
    async send(outbox: Posted[]): Promise<Posted[]> {
      const due = outbox.filter(({ notBefore }) => notBefore <= now());
      if (due.length === 0) return outbox;
      const left: Posted[] = [];
      // One that does not answer is asked once per round, and its messages stay in their order.
      const stuck = new Set<string>();
      for (const posted of outbox) {
        const notifier = notifiers.find(({ name }) => name === posted.to);
        // Nobody of that name wants to know any more.
        if (!notifier) continue;
        if (stuck.has(posted.to) || posted.notBefore > now()) {
          stuck.add(posted.to);
          left.push(posted);
          continue;
        }
        try {
          await notifier.notify(posted.message);
        } catch (cause) {
          const attempts = posted.attempts + 1;
          const wait = waitAfter(attempts);
          notifier.onFailure?.(posted.message, cause, wait);
          stuck.add(posted.to);
          left.push({ ...posted, attempts, notBefore: now() + wait });
        }
      }
      return left;
    },
  };
}
