import { type ChildProcess, fork } from "node:child_process";
import { constants } from "node:os";
import type { Readable } from "node:stream";
import { app } from "../app/app.ts";
import { cancelable } from "../cancelable.ts";
import { beforeExit } from "../lifecycle.ts";
import { LoudEmitter, NotInStandIn } from "../loud.ts";
import { running } from "./running.ts";

type Options = Pick<Electron.ForkOptions, "env" | "execArgv" | "cwd" | "stdio" | "serviceName">;

const BOOTSTRAP = new URL("process.ts", import.meta.url).href;
const OPTIONS = ["env", "execArgv", "cwd", "stdio", "serviceName"];

/** Electron's UtilityProcess: a process of Node's own, with messages copied as structured clone does. */
export class UtilityProcess extends LoudEmitter {
  readonly stdout: Readable | null;
  readonly stderr: Readable | null;
  readonly serviceName: string;
  pid: number | undefined;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, serviceName: string) {
    super(["spawn", "exit", "message", "error"]);
    this.#child = child;
    this.serviceName = serviceName;
    running.add(this);
    this.stdout = child.stdout;
    this.stderr = child.stderr;
    child.on("spawn", () => {
      this.pid = child.pid;
      this.emit("spawn");
    });
    child.on("message", (packet: { message: unknown }) => this.emit("message", packet.message));
    // Its last messages may arrive after its end.
    const exited = new Promise<number>((resolve) => {
      child.on("exit", (code, signal) => {
        resolve(code ?? (signal ? constants.signals[signal] : 1));
      });
    });
    const disconnected = new Promise<void>((resolve) => {
      child.on("disconnect", resolve);
    });
    void Promise.all([exited, disconnected]).then(([exitCode]) => {
      this.pid = undefined;
      running.delete(this);
      if (exitCode !== 0) {
        const reason = child.signalCode === null ? "abnormal-exit" : "killed";
        const details = { type: "Utility", reason, exitCode, name: serviceName, serviceName };
        app.emit("child-process-gone", cancelable({}), details);
      }
      this.emit("exit", exitCode);
    });
    beforeExit(() => this.#end(exited));
  }

  /** @throws {NotInStandIn} for options the stand-in does not have */
  static fork(modulePath: string, args: string[] = [], options: Options = {}): UtilityProcess {
    if (!app.isReady()) throw new Error("utilityProcess cannot be created before app is ready.");
    const unknown = Object.keys(options).find((name) => !OPTIONS.includes(name));
    if (unknown !== undefined) throw new NotInStandIn(`utilityProcess.fork's option "${unknown}"`);
    const { env, execArgv = [], cwd, stdio = "inherit", serviceName = "Node Utility Process" } = options;
    const [, stdout = stdio, stderr = stdio] = Array.isArray(stdio) ? ["ignore", ...stdio.slice(-2)] : [];
    const child = fork(modulePath, args, {
      // The title tells the processes apart in a list of processes.
      execArgv: [`--title=${serviceName}`, "--import", BOOTSTRAP, ...execArgv],
      serialization: "advanced",
      stdio: ["ignore", stdioOf(stdout), stdioOf(stderr), "ipc"],
      ...(env && { env: env as NodeJS.ProcessEnv }),
      ...(cwd !== undefined && { cwd }),
    });
    return new UtilityProcess(child, serviceName);
  }

  postMessage(message: unknown, transfer: readonly unknown[] = []): void {
    if (transfer.length > 0) throw new NotInStandIn("Transferring ports to a utility process");
    if (this.#child.connected) this.#child.send({ message });
  }

  kill(): boolean {
    return this.#child.kill();
  }

  async #end(exited: Promise<number>): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill();
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), 2_000);
    await exited;
    clearTimeout(timer);
  }
}

function stdioOf(value: unknown): "pipe" | "ignore" | "inherit" {
  if (value === "pipe" || value === "ignore" || value === "inherit") return value;
  throw new NotInStandIn(`stdio "${String(value)}" of a utility process`);
}
