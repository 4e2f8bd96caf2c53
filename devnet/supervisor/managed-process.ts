import type { ChildProcess } from "node:child_process";
import { fork } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { ask } from "./channel.ts";

const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 5_000;
const HEALTH_INTERVAL_MS = 50;
const FORCED = "did not end when it was told to, and was ended by force";
/** Waits before the first, second, … restart after crashes that follow each other. */
const RESTART_DELAYS_MS = [250, 500, 1_000, 2_000, 4_000];
/** A process that ran this long counts as healthy again: the delays begin anew. */
const STEADY_MS = 60_000;

export type ProcessState =
  | "stopped"
  | "starting"
  | "running"
  /** Ended by itself; about to be started again. */
  | "crashed"
  /** Crashed too often; stays down until it is started by hand. */
  | "failed";

export interface ProcessOptions {
  name: string;
  /** The script, as a file path. */
  script: string;
  args: string[];
  /** Answers 2xx as soon as the process does its work. */
  healthUrl: string;
  /** One line the process wrote. */
  onLine(name: string, line: string): void;
  onState(state: ProcessState): void;
}

export class ProcessFailedError extends Error {
  override readonly name = "ProcessFailedError";
}

/**
 * One part of the devnet as a process of its own: started, watched, started again when it crashes, stopped
 * for certain. It is in a process group of its own, so that Ctrl-C in a terminal reaches only the supervisor,
 * which then stops the parts in order.
 */
export class ManagedProcess {
  readonly name: string;
  readonly #options: ProcessOptions;
  #child: ChildProcess | undefined;
  #exited: Promise<void> = Promise.resolve();
  #state: ProcessState = "stopped";
  #crashes = 0;
  #restart: AbortController | undefined;
  #lastLines: string[] = [];

  constructor(options: ProcessOptions) {
    this.name = options.name;
    this.#options = options;
  }

  get state(): ProcessState {
    return this.#state;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Starts the process and waits until it is healthy. Does nothing when it already is. */
  async start(): Promise<void> {
    if (this.#state === "running" || this.#state === "starting") return;
    this.#restart?.abort();
    this.#crashes = 0;
    await this.#launch("failed");
  }

  /** Ends the process: politely first, by force after five seconds. It stays down until it is started. */
  async stop(): Promise<void> {
    this.#restart?.abort();
    const child = this.#child;
    this.#child = undefined;
    this.#setState("stopped");
    child?.kill("SIGTERM");
    const force = setTimeout(() => {
      if (child?.kill("SIGKILL") === true) this.#options.onLine(this.name, FORCED);
    }, STOP_LIMIT_MS);
    await this.#exited;
    clearTimeout(force);
  }

  /** Asks the process something over its private channel. */
  async ask(method: string, params?: unknown): Promise<unknown> {
    if (this.#child === undefined || this.#state !== "running") {
      throw new ProcessFailedError(`${this.name} is not running.`);
    }
    return ask(this.#child, method, params);
  }

  /** Starts the process once; where that fails, and nobody stopped it meanwhile, it is left `onFailure`. */
  async #launch(onFailure: "failed" | "crashed"): Promise<void> {
    this.#setState("starting");
    await this.#exited;
    if (!this.#isStarting()) throw this.#failure("was stopped before it was started");
    this.#lastLines = [];
    const child = fork(this.#options.script, this.#options.args, {
      detached: process.platform !== "win32",
      execArgv: ["--import", new URL("exit-with-parent.ts", import.meta.url).href],
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    this.#child = child;
    this.#forwardOutput(child);
    this.#exited = new Promise((resolve) => {
      child.once("error", () => resolve());
      child.once("exit", () => resolve());
    });
    void this.#exited.then(() => this.#onExit(child));
    try {
      await this.#waitUntilHealthy(child);
      this.#setState("running");
    } catch (error) {
      if (this.#isStarting()) this.#setState(onFailure);
      throw error;
    }
  }

  #isStarting(): boolean {
    return this.#state === "starting";
  }

  async #waitUntilHealthy(child: ChildProcess): Promise<void> {
    const limit = AbortSignal.timeout(START_LIMIT_MS);
    for (;;) {
      const isReady = await isHealthy(this.#options.healthUrl);
      if (this.#child !== child) throw this.#failure("ended while it was starting");
      if (isReady) return;
      if (limit.aborted) {
        child.kill("SIGKILL");
        await this.#exited;
        throw this.#failure("did not become ready in a minute");
      }
      await sleep(HEALTH_INTERVAL_MS);
    }
  }

  #onExit(child: ChildProcess): void {
    if (this.#child !== child) return;
    this.#child = undefined;
    if (this.#state !== "running") return;
    this.#setState("crashed");
    void this.#restartLater();
  }

  async #restartLater(): Promise<void> {
    const abort = new AbortController();
    this.#restart = abort;
    for (;;) {
      const delay = RESTART_DELAYS_MS[this.#crashes];
      if (delay === undefined) {
        this.#setState("failed");
        this.#options.onLine(this.name, "crashed too often; it stays down until it is started by hand");
        return;
      }
      this.#crashes++;
      this.#options.onLine(this.name, `ended unexpectedly; starting it again in ${delay} ms`);
      try {
        await sleep(delay, undefined, { signal: abort.signal });
        await this.#launch("crashed");
        this.#forgetCrashesWhenSteady();
        return;
      } catch (error) {
        if (abort.signal.aborted) return;
        this.#options.onLine(this.name, error instanceof Error ? error.message : String(error));
      }
    }
  }

  #forgetCrashesWhenSteady(): void {
    const child = this.#child;
    setTimeout(() => {
      if (this.#child === child) this.#crashes = 0;
    }, STEADY_MS).unref();
  }

  #forwardOutput(child: ChildProcess): void {
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on("line", (line) => {
        this.#lastLines = [...this.#lastLines.slice(-19), line];
        this.#options.onLine(this.name, line);
      });
    }
  }

  #failure(what: string): ProcessFailedError {
    const output = this.#lastLines.length === 0 ? "" : ` Its last words:\n${this.#lastLines.join("\n")}`;
    return new ProcessFailedError(`${this.name} ${what}.${output}`);
  }

  #setState(state: ProcessState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#options.onState(state);
  }
}

async function isHealthy(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
