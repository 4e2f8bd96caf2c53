import { StatusError, StatusWord } from "../apdu.ts";

/** The heap of the Ethereum app. */
const HEAP_SIZE = 16 * 1024;
/** Its own book-keeping at the front. */
const HEAP_HEADER = 88;
/** Each block starts with four bytes of header and is a multiple of eight long. */
const blockSize = (size: number): number => Math.ceil((size + 4) / 8) * 8;

/**
 * Counts what the app would have allocated, so that messages too large for the real device are too large here:
 * the blocks of lists and strings, sizes as on a 32-bit machine.
 */
export class Heap {
  #used = HEAP_HEADER;

  /** @throws StatusError 6a84 when nothing is left */
  allocate(...sizes: number[]): void {
    for (const size of sizes) this.#used += blockSize(size);
    if (this.#used > HEAP_SIZE) throw new StatusError(StatusWord.outOfMemory, "the message is too large");
  }

  release(...sizes: number[]): void {
    for (const size of sizes) this.#used -= blockSize(size);
  }
}
