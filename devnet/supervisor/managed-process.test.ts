import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it, vi } from "vitest";
import { freePort } from "../testing/free-port.ts";
import type { ProcessState } from "./managed-process.ts";
import { ManagedProcess, ProcessFailedError } from "./managed-process.ts";

const FIXTURE = fileURLToPath(new URL("testing/fixture-process.ts", import.meta.url));
const started: ManagedProcess[] = [];

afterEach(async () => {
  await Promise.all(started.splice(0).map((process) => process.stop()));
});

async function manage(...modes: string[]) {
  const port = await freePort();
  const states: ProcessState[] = [];
  const lines: string[] = [];
  const managed = new ManagedProcess({
    name: "fixture",
    script: FIXTURE,
    args: [String(port), ...modes],
    healthUrl: `http://127.0.0.1:${port}/health`,
    onLine: (name, line) => lines.push(`${name}: ${line}`),
    onState: (state) => states.push(state),
  });
  started.push(managed);
  return { managed, states, lines, url: `http://127.0.0.1:${port}` };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe("a managed process", () => {
  it("is running once its health check answers, and its output is passed on with its name", async () => {
    const { managed, states, lines } = await manage();
    await managed.start();
    expect(states).toEqual(["starting", "running"]);
    expect(lines).toContain("fixture: the fixture listens");
  });

  it("is gone when stop has returned, and can be started again", async () => {
    const { managed, states } = await manage();
    await managed.start();
    const pid = managed.pid!;
    await managed.stop();
    expect(isAlive(pid)).toBe(false);
    await managed.start();
    expect(managed.pid).not.toBe(pid);
    expect(states).toEqual(["starting", "running", "stopped", "starting", "running"]);
  });

  it("is stopped by force when it does not listen", async () => {
    const { managed, lines } = await manage("ignores-sigterm");
    await managed.start();
    const pid = managed.pid!;
    await managed.stop();
    expect(isAlive(pid)).toBe(false);
    expect(lines.at(-1)).toMatch(/ended by force/);
  });

  it("is started again after a crash", async () => {
    const { managed, states, url } = await manage();
    await managed.start();
    const pid = managed.pid;
    await fetch(`${url}/crash`).catch(() => undefined);
    await vi.waitFor(
      () => expect(states).toEqual(["starting", "running", "crashed", "starting", "running"]),
      {
        timeout: 30_000,
      },
    );
    expect(managed.pid).not.toBe(pid);
  });

  it("stays down when it is stopped while it waits to be started again", async () => {
    const { managed, states, url } = await manage();
    await managed.start();
    await fetch(`${url}/crash`).catch(() => undefined);
    await vi.waitFor(() => expect(managed.state).toBe("crashed"), { timeout: 30_000, interval: 1 });
    await managed.stop();
    expect(states).toEqual(["starting", "running", "crashed", "stopped"]);
    expect(managed.pid).toBeUndefined();
  });

  it("tells its last words when it ends while starting", async () => {
    const { managed } = await manage("dies-at-once");
    await expect(managed.start()).rejects.toThrow(/fixture ended while it was starting.*no reason to live/s);
    expect(managed.state).toBe("failed");
  });

  it("answers questions over its private channel, errors included", async () => {
    const { managed } = await manage();
    await expect(managed.ask("double", 21)).rejects.toThrow(ProcessFailedError);
    await managed.start();
    expect(await managed.ask("double", 21)).toBe(42);
    await expect(managed.ask("fail")).rejects.toThrow("no such luck");
    await expect(managed.ask("nothing")).rejects.toThrow("no method nothing");
  });
});
