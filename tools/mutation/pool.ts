import type { ChildProcess } from "node:child_process";
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { Verdict } from "./judge.ts";
import type { Mutant } from "./operators.ts";
import type { Start } from "./worker.ts";

const WORKER = fileURLToPath(new URL("worker.ts", import.meta.url));

const zReply = z.object({
  verdict: z.discriminatedUnion("outcome", [
    z.object({ outcome: z.literal("killed"), by: z.string() }),
    z.object({ outcome: z.literal("survived") }),
    z.object({ outcome: z.literal("invalid") }),
    z.object({ outcome: z.literal("equivalent") }),
  ]),
});

/** A mutant and what became of it. */
export interface Judged {
  readonly mutant: Mutant;
  readonly verdict: Verdict;
}

/**
 * Judges mutants in several processes.
 *
 * @param start what each process begins with
 * @param atOnce how many processes
 * @param limitMs after this long a mutant has hung, and so is killed: the original's tests take a small part of it
 * @param onJudged is told of each as it is judged
 * @returns in the order of the mutants
 */
export async function judgeAll(
  mutants: readonly Mutant[],
  start: Start,
  { atOnce, limitMs }: { atOnce: number; limitMs: number },
  onJudged: (judged: Judged) => void,
): Promise<Judged[]> {
  const verdicts = new Map<Mutant, Verdict>();
  const waiting = [...mutants];
  const work = async () => {
    let worker: Worker | undefined;
    try {
      for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
        worker ??= await Worker.start(start);
        const reply = await worker.ask({ mutant }, limitMs);
        if (reply === undefined) worker = undefined;
        const verdict: Verdict =
          reply === undefined ? { outcome: "killed", by: "the time limit" } : zReply.parse(reply).verdict;
        verdicts.set(mutant, verdict);
        onJudged({ mutant, verdict });
      }
    } finally {
      worker?.stop();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return mutants.map((mutant) => {
    const verdict = verdicts.get(mutant);
    if (verdict === undefined) throw new Error("A mutant was left out");
    return { mutant, verdict };
  });
}

class Worker {
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess) {
    this.#process = process;
  }

  static async start(start: Start): Promise<Worker> {
    const worker = new Worker(fork(WORKER, { stdio: ["ignore", "ignore", "inherit", "ipc"] }));
    await worker.ask({ start });
    return worker;
  }

  /** @returns the answer; undefined when there was none in time, and the process was ended */
  async ask(message: object, limitMs?: number): Promise<unknown> {
    let timer: NodeJS.Timeout | undefined;
    const reply = new Promise<unknown>((resolve, reject) => {
      const onExit = () => reject(new Error("A mutation worker died"));
      this.#process.once("exit", onExit);
      this.#process.once("message", (answer) => {
        this.#process.off("exit", onExit);
        resolve(answer);
      });
      if (limitMs === undefined) return;
      timer = setTimeout(() => {
        this.#process.off("exit", onExit);
        this.#process.kill("SIGKILL");
        resolve(undefined);
      }, limitMs);
    });
    this.#process.send(message);
    try {
      return await reply;
    } finally {
      clearTimeout(timer);
    }
  }

  stop(): void {
    this.#process.kill();
  }
}
