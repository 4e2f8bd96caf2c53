import { WalletError } from "#core/errors/wallet-error.ts";
import { ledgerProblem } from "#core/ledger/errors.ts";

/** Settles with a promise, or rejects as soon as the signal is aborted. */
function orCancelled<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = (): void => reject(cancelled(signal));
    if (signal.aborted) cancel();
    signal.addEventListener("abort", cancel, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", cancel));
  });
}

function cancelled(signal: AbortSignal): Error {
  return signal.reason instanceof WalletError ? signal.reason : ledgerProblem("cancelled", signal.reason);
}

/** Asked anew: a signal that was not aborted a moment ago may be now. */
const isAborted = (signal: AbortSignal): boolean => signal.aborted;

/**
 * One request at a time. A cancelled request gives its place free only when the device has answered it: until then
 * the device is busy with it, and new requests are told so at once.
 */
export class RequestQueue {
  #last: Promise<unknown> = Promise.resolve();
  #unanswered = 0;

  /** Runs a task when all before it have ended. */
  async run<T>(task: () => Promise<T>, signal: AbortSignal): Promise<T> {
    if (signal.aborted) throw cancelled(signal);
    if (this.#unanswered > 0) throw ledgerProblem("busy");
    const turn = { come: false };
    const work = this.#last.then(() => {
      if (signal.aborted) throw cancelled(signal);
      turn.come = true;
      return task();
    });
    this.#last = work.catch(() => undefined);
    try {
      return await orCancelled(work, signal);
    } finally {
      if (turn.come && isAborted(signal)) this.#countUntilAnswered(work);
    }
  }

  #countUntilAnswered(work: Promise<unknown>): void {
    this.#unanswered += 1;
    const answered = (): void => {
      this.#unanswered -= 1;
    };
    work.then(answered, answered);
  }
}
