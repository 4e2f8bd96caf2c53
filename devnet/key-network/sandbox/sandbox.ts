import { availableParallelism } from "node:os";
import { createInterface } from "node:readline";
import { NodeError } from "../errors.ts";
import { residentBytes } from "./memory.ts";
import { startSandboxProcess, type SandboxPlace, type SandboxProcess } from "./process.ts";
import {
  type EnclaveAnswer,
  type EnclaveQuestion,
  type EnclaveRun,
  type NodeRun,
  type RunInput,
  type RunOutput,
  zRunOutput,
} from "./protocol.ts";

/** What one run may use. */
export interface SandboxLimits {
  readonly milliseconds: number;
  /** Resident memory of the process, where the system tells it. */
  readonly memoryBytes: number;
  /** Everything the process writes. */
  readonly outputBytes: number;
  readonly fetches: number;
  /** Runs at the same time; further ones wait for their turn. */
  readonly runs: number;
  /** Runs that may wait; further ones are refused. */
  readonly waiting: number;
}

/** Lit allows 30 s, 256 MB and 50 fetches; a gate needs far less of the first. */
export const DEFAULT_LIMITS: SandboxLimits = {
  milliseconds: 10_000,
  memoryBytes: 256 * 1024 * 1024,
  outputBytes: 256 * 1024,
  fetches: 50,
  runs: Math.max(2, availableParallelism()),
  waiting: 32,
};

export interface SandboxOptions {
  readonly place: SandboxPlace;
  readonly rpcUrl: string;
  readonly hosts: Readonly<Record<string, string>>;
  readonly limits?: Partial<SandboxLimits>;
  /** Processes kept waiting, so that a run does not wait for one to start. */
  readonly spares?: number;
}

/** A signature that a run asked for. */
export interface SignatureWish {
  readonly digest: `0x${string}`;
  readonly publicKey: string;
  readonly sigName: string;
}

/** What a run that ended well leaves behind. */
export interface RunResult {
  readonly response: string;
  readonly logs: string;
  readonly signature: SignatureWish | undefined;
}

/** What an enclave answers a program that asks for a key; it rejects with the sentence that the program is told. */
export type EnclaveAnswerer = (question: EnclaveQuestion, about: string) => Promise<string>;

const MEMORY_CHECK_MS = 25;

/** Runs gates, each in a fresh Deno process that is thrown away afterwards. */
export class Sandbox {
  readonly #options: SandboxOptions;
  readonly #limits: SandboxLimits;
  readonly #spares = new Set<SandboxProcess>();
  readonly #running = new Set<SandboxProcess>();
  /** Runs that wait for their turn. */
  readonly #queue: (() => void)[] = [];
  #freeTurns: number;
  #closed = false;

  constructor(options: SandboxOptions) {
    this.#options = options;
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.#freeTurns = this.#limits.runs;
    this.#refill();
  }

  /**
   * Runs a gate to its end.
   * @throws NodeError gate-failed, gate-timeout, gate-memory, gate-output or busy; nothing of a failed run counts
   */
  async run(run: Pick<NodeRun, "code" | "params" | "auth">): Promise<RunResult> {
    return this.#run({ host: "node", ...run, ...this.#surroundings }, undefined);
  }

  /**
   * Runs a gate as Lit's live service runs a program: its `main` is called, and what it asks is answered.
   * @throws NodeError as run does
   */
  async runInEnclave(
    run: Pick<EnclaveRun, "code" | "params">,
    answer: EnclaveAnswerer,
  ): Promise<Pick<RunResult, "response" | "logs">> {
    return this.#run({ host: "enclave", ...run, ...this.#surroundings }, answer);
  }

  get #surroundings() {
    const { rpcUrl, hosts } = this.#options;
    return { rpcUrl, hosts, maxFetches: this.#limits.fetches };
  }

  async #run(input: RunInput, answer: EnclaveAnswerer | undefined): Promise<RunResult> {
    await this.#turn();
    const child = this.#take();
    this.#running.add(child);
    try {
      return await follow(child, input, this.#limits, answer);
    } finally {
      this.#running.delete(child);
      child.kill("SIGKILL");
      this.#freeTurns++;
      this.#queue.shift()?.();
      this.#refill();
    }
  }

  /** Ends every process. */
  close(): void {
    this.#closed = true;
    for (const child of [...this.#spares, ...this.#running]) child.kill("SIGKILL");
    this.#spares.clear();
  }

  async #turn(): Promise<void> {
    if (this.#queue.length >= this.#limits.waiting) {
      const message = "This node has too many gates to run already. Try again in a moment.";
      throw new NodeError("busy", message, { status: 429 });
    }
    while (this.#freeTurns === 0) await new Promise<void>((resolve) => this.#queue.push(resolve));
    this.#freeTurns--;
  }

  #take(): SandboxProcess {
    const [spare] = this.#spares;
    if (spare === undefined) return startSandboxProcess(this.#options.place);
    this.#spares.delete(spare);
    return spare;
  }

  #refill(): void {
    // Not while gates run: starting processes would only slow them down.
    if (this.#closed || this.#running.size > 0) return;
    while (this.#spares.size < (this.#options.spares ?? 2)) {
      const spare = startSandboxProcess(this.#options.place);
      spare.once("exit", () => this.#spares.delete(spare));
      spare.once("error", () => this.#spares.delete(spare));
      this.#spares.add(spare);
    }
  }
}

/** Gives a process its input and gathers what it writes until it is done or breaks a limit. */
async function follow(
  child: SandboxProcess,
  input: RunInput,
  limits: SandboxLimits,
  answer: EnclaveAnswerer | undefined,
): Promise<RunResult> {
  const collected = new Collected(limits.outputBytes);
  const timers = new AbortController();
  try {
    return await new Promise<RunResult>((resolve, reject) => {
      const guard = (step: () => void) => {
        try {
          step();
        } catch (thrown) {
          reject(thrown instanceof Error ? thrown : new Error(String(thrown)));
        }
      };
      watch(child, limits, timers.signal, reject);
      createInterface({ input: child.stdout }).on("line", (line) =>
        guard(() => {
          const output = collected.add(line);
          if ("done" in output) resolve(collected.result());
          if ("ask" in output) reply(child, output.ask, answer);
        }),
      );
      child.stderr.on("data", (chunk: Buffer) => guard(() => collected.addError(chunk)));
      child.once("error", (cause) =>
        reject(
          new NodeError("sandbox-broken", "This node cannot start its sandbox.", { status: 500, cause }),
        ),
      );
      child.once("close", (code, signal) => guard(() => reject(collected.ended(code, signal))));
      // A process that died already takes no input; its exit says why.
      child.stdin.on("error", () => undefined);
      child.stdin.write(`${JSON.stringify(input)}\n`);
      if (!answer) child.stdin.end();
    });
  } finally {
    timers.abort();
  }
}

/** Answers a program's question. A node answers none: it has no keys to give out. */
function reply(
  child: SandboxProcess,
  { id, name, about }: { id: number; name: EnclaveQuestion; about: string },
  answer: EnclaveAnswerer | undefined,
): void {
  if (!answer) throw new NodeError("gate-failed", "The gate asked a node for a key.");
  const say = (said: EnclaveAnswer) => child.stdin.write(`${JSON.stringify(said)}\n`);
  answer(name, about).then(
    (found) => say({ id, answer: found }),
    (error: unknown) => say({ id, error: error instanceof Error ? error.message : String(error) }),
  );
}

/** Rejects when the run takes too long or too much memory. */
function watch(
  child: SandboxProcess,
  limits: SandboxLimits,
  signal: AbortSignal,
  reject: (error: NodeError) => void,
): void {
  const clock = setTimeout(() => {
    const seconds = limits.milliseconds / 1000;
    reject(new NodeError("gate-timeout", `The gate did not end within ${seconds} s.`, { status: 504 }));
  }, limits.milliseconds);
  const scale = setInterval(() => {
    const bytes = child.pid === undefined ? undefined : residentBytes(child.pid);
    if (bytes !== undefined && bytes > limits.memoryBytes) reject(outOfMemory());
  }, MEMORY_CHECK_MS);
  signal.addEventListener("abort", () => {
    clearTimeout(clock);
    clearInterval(scale);
  });
}

function outOfMemory(): NodeError {
  return new NodeError("gate-memory", "The gate used more memory than a run may.");
}

/** What a run has written so far. */
class Collected {
  readonly #limit: number;
  #bytes = 0;
  #response = "";
  readonly #logs: string[] = [];
  #signature: SignatureWish | undefined;
  #errors = "";

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Takes one line, and says what it was. */
  add(line: string): RunOutput {
    this.#count(line.length);
    const output = parseLine(line);
    if ("response" in output) this.#response = output.response;
    if ("log" in output) this.#logs.push(output.log);
    if ("sign" in output) this.#wish(output.sign);
    if ("error" in output) throw new NodeError("gate-failed", `The gate failed: ${output.error}`);
    return output;
  }

  addError(chunk: Buffer): void {
    this.#count(chunk.length);
    this.#errors += chunk.toString("utf8");
  }

  result(): RunResult {
    return { response: this.#response, logs: this.#logs.join("\n"), signature: this.#signature };
  }

  /** Why a process ended that never said it was done. */
  ended(code: number | null, signal: NodeJS.Signals | null): NodeError {
    if (/out of memory|heap limit/i.test(this.#errors)) return outOfMemory();
    const why = signal ?? `code ${code ?? "unknown"}`;
    return new NodeError("gate-failed", `The gate's process ended early (${why}).`, {
      cause: new Error(this.#errors.slice(0, 1000)),
    });
  }

  #wish({ digest, publicKey, sigName }: Extract<RunOutput, { sign: unknown }>["sign"]): void {
    if (this.#signature !== undefined) {
      throw new NodeError("gate-failed", "The gate asked for two signatures; a run gives one.");
    }
    this.#signature = { digest: `0x${digest.slice(2)}`, publicKey, sigName };
  }

  #count(length: number): void {
    this.#bytes += length;
    if (this.#bytes > this.#limit) throw new NodeError("gate-output", "The gate wrote more than a run may.");
  }
}

function parseLine(line: string): RunOutput {
  try {
    return zRunOutput.parse(JSON.parse(line));
  } catch (cause) {
    throw new NodeError("gate-failed", "The gate's process wrote something it should not.", { cause });
  }
}
