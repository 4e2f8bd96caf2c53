import { appendFile, readFile } from "node:fs/promises";
import writeFileAtomic from "write-file-atomic";
import { z } from "zod";
import type { Hex } from "#core/primitives/hex.ts";
import { zBytes32 } from "#core/primitives/hex.ts";
import { NodeError } from "../errors.ts";

const zEntry = z.tuple([zBytes32, z.int()]);

/** After so many claims the expired ones are dropped. */
const SWEEP_EVERY = 1000;

/**
 * Which requests this node has begun, so that each is served once, also after a restart. A request needs to be
 * remembered only until its session ends: afterwards nobody can send it again.
 */
export class RequestLog {
  readonly #file: string;
  readonly #expiries: Map<Hex, number>;
  readonly #now: () => number;
  #claims = 0;

  private constructor(file: string, expiries: Map<Hex, number>, now: () => number) {
    this.#file = file;
    this.#expiries = expiries;
    this.#now = now;
  }

  static async open(file: string, now: () => number = Date.now): Promise<RequestLog> {
    const log = new RequestLog(file, await readEntries(file), now);
    await log.#sweep();
    return log;
  }

  /**
   * Takes a request for this node.
   * @param expires when its session ends, milliseconds since 1970
   * @throws NodeError request-used
   */
  async claim(requestId: Hex, expires: number): Promise<void> {
    if (this.#expiries.has(requestId)) {
      throw new NodeError(
        "request-used",
        "This request was made before. Make a new one with a new requestId.",
        {
          status: 409,
        },
      );
    }
    this.#expiries.set(requestId, expires);
    await appendFile(this.#file, line(requestId, expires), { mode: 0o600 });
    if (++this.#claims % SWEEP_EVERY === 0) await this.#sweep();
  }

  async #sweep(): Promise<void> {
    for (const [requestId, expires] of this.#expiries) {
      if (expires <= this.#now()) this.#expiries.delete(requestId);
    }
    const lines = [...this.#expiries].map(([requestId, expires]) => line(requestId, expires));
    await writeFileAtomic(this.#file, lines.join(""), { mode: 0o600 });
  }
}

function line(requestId: Hex, expires: number): string {
  return `${JSON.stringify([requestId, expires])}\n`;
}

async function readEntries(file: string): Promise<Map<Hex, number>> {
  const text = await readFile(file, "utf8").catch(() => "");
  // The last line may be cut off by a crash; its request was not served then.
  return new Map(
    text.split("\n").flatMap((entry) => [parseEntry(entry)].filter((parsed) => parsed !== undefined)),
  );
}

function parseEntry(text: string): [Hex, number] | undefined {
  try {
    return zEntry.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
