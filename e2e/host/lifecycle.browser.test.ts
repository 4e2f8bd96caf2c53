import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, test, vi } from "vitest";
import { createProfile, type Fixture, startFixture } from "./fixture/start.ts";

const REGISTER = new URL("register.ts", import.meta.url).href;
const MAIN = path.join(import.meta.dirname, "fixture", "main.ts");

/** Everything the host started: its Chromium's processes, found by their profile, and its utility processes. */
async function descendants({ app, control }: Fixture): Promise<number[]> {
  const { processes } = await control.state();
  return [...chromiumOf(app.process.pid), ...processes.map(({ pid }) => pid)];
}

function chromiumOf(hostPid: number | undefined): number[] {
  return execFileSync("ps", ["-eo", "pid,args"], { encoding: "utf8" })
    .split("\n")
    .filter((line) => line.includes(`trivet-windows-${hostPid ?? ""}-`))
    .map((line) => Number.parseInt(line, 10));
}

function running(pids: number[]): number[] {
  const states = spawnSync("ps", ["-o", "pid=,stat=", "-p", pids.join(",")], { encoding: "utf8" }).stdout;
  return states
    .split("\n")
    .filter((line) => line.trim() !== "" && !/\sZ/.test(line))
    .map((line) => Number.parseInt(line, 10));
}

const chromiumFolders = (hostPid: number | undefined): string[] =>
  readdirSync(tmpdir()).filter((name) => name.startsWith(`trivet-windows-${hostPid ?? ""}-`));

/** Gives the host's processes time to see that it is gone. */
const eventually = (check: () => void) => vi.waitFor(check, { timeout: 20_000 });

describe("the end", () => {
  test("asked to, the host ends everything it started and leaves nothing behind", async () => {
    await using fixture = await startFixture();
    await fixture.invoke("utility-keep");
    const started = await descendants(fixture);
    expect(started.length).toBeGreaterThan(3);
    expect(await fixture.app.stop()).toBe(0);
    await eventually(() => {
      expect(running(started)).toEqual([]);
    });
    expect(chromiumFolders(fixture.app.process.pid)).toEqual([]);
  });

  test("killed, the host takes Chromium and the utility processes with it", async () => {
    await using fixture = await startFixture();
    await fixture.invoke("utility-keep");
    const { pid } = fixture.app.process;
    const started = await descendants(fixture);
    fixture.app.process.kill("SIGKILL");
    await fixture.app.exited;
    await eventually(() => {
      expect(running(started)).toEqual([]);
    });
    expect(chromiumFolders(pid)).toHaveLength(1);

    await using _next = await startFixture();
    expect(chromiumFolders(pid)).toEqual([]);
  });

  test("started by a program that is killed, the host ends with it", async () => {
    const { folder, networkFile } = createProfile();
    const options = { main: MAIN, networkFile, userData: path.join(folder, "profile") };
    const program = `
      import { launchStandIn } from ${JSON.stringify(new URL("launch.ts", import.meta.url).href)};
      const app = await launchStandIn({ ...${JSON.stringify(options)}, env: process.env });
      console.log(app.process.pid);`;
    const starter = spawn(process.execPath, ["--input-type=module", "--eval", program]);
    const [line] = (await once(starter.stdout, "data")) as [Buffer];
    const hostPid = Number(line.toString());
    const started = [hostPid, ...chromiumOf(hostPid)];
    expect(running(started).length).toBeGreaterThan(3);
    starter.kill("SIGKILL");
    await eventually(() => {
      expect(running(started)).toEqual([]);
    });
    rmSync(folder, { recursive: true });
  });

  test("the last window closed, the app quits", async () => {
    await using fixture = await startFixture();
    await fixture.page.close();
    expect(await fixture.app.exited).toBe(0);
  });

  test("Chromium dead, the app sees its windows closed", async () => {
    await using fixture = await startFixture();
    const [browser] = chromiumOf(fixture.app.process.pid).sort((a, b) => a - b);
    process.kill(browser!, "SIGKILL");
    expect(await fixture.app.exited).toBe(0);
    expect(fixture.lines).toContain("Chromium has ended: its windows are closed.");
  });
});

describe("a second start", () => {
  test("with the same profile tells the first one and ends without a window", async () => {
    await using fixture = await startFixture();
    const { networkFile, folder } = createProfile();
    const args = ["--import", REGISTER, MAIN, `--user-data-dir=${fixture.userData}`, "--from=second"];
    const second = spawn(process.execPath, args, { env: { ...process.env, TRIVET_NETWORK: networkFile } });
    expect(await once(second, "exit")).toEqual([0, null]);
    await vi.waitFor(async () => {
      expect(await fixture.invoke("events")).toContainEqual(["second-instance", "--from=second"]);
    });
    expect(chromiumFolders(second.pid)).toEqual([]);
    rmSync(folder, { recursive: true });
  });

  test("is not needed where the system tells of a link by itself", async () => {
    await using fixture = await startFixture();
    await fixture.control.command({ do: "open-url", url: "trivet://friend/x" });
    expect(await fixture.invoke("events")).toContainEqual(["open-url", "trivet://friend/x"]);
  });

  test("with another profile is a first one", async () => {
    await using one = await startFixture();
    await using other = await startFixture();
    expect(await one.invoke("echo", 1)).toEqual(await other.invoke("echo", 1));
  });

  test("after a kill is a first one", async () => {
    const { folder: userData } = createProfile();
    {
      await using killed = await startFixture({ userData });
      killed.app.process.kill("SIGKILL");
      await killed.app.exited;
    }
    {
      await using again = await startFixture({ userData });
      expect(await again.invoke("echo", 1)).toEqual([1]);
    }
    rmSync(userData, { recursive: true });
  });
});

describe("the start", () => {
  const start = (env: NodeJS.ProcessEnv, ...args: string[]) =>
    spawnSync(process.execPath, ["--import", REGISTER, MAIN, ...args], {
      encoding: "utf8",
      env: { ...process.env, ...env },
    });

  test("is refused with a production profile, before the app runs", () => {
    const { folder, networkFile } = createProfile();
    writeFileSync(networkFile, JSON.stringify({ kind: "live" }));
    const { status, stderr } = start({ TRIVET_NETWORK: networkFile }, `--user-data-dir=${folder}/profile`);
    expect(status).toBe(1);
    expect(stderr).toContain("refuses to open a production profile");
    expect(existsSync(path.join(folder, "profile"))).toBe(false);
    rmSync(folder, { recursive: true });
  });

  test("says in one line what to do when there is no Chromium", () => {
    const { folder, networkFile } = createProfile();
    const env = { TRIVET_NETWORK: networkFile, TRIVET_CHROMIUM: path.join(folder, "no-such-browser") };
    const { status, stderr } = start(env, `--user-data-dir=${folder}/profile`);
    expect(status).toBe(1);
    expect(stderr.trim().split("\n")).toEqual([expect.stringContaining("Install one, or name it")]);
    rmSync(folder, { recursive: true });
  });

  test("without a display says that windows are headless and where to drive them", async () => {
    await using fixture = await startFixture({ env: { ...process.env, DISPLAY: "", WAYLAND_DISPLAY: "" } });
    expect(fixture.lines).toContain("No display: the windows are headless.");
    expect(fixture.lines).toContain(`DevTools: ${fixture.app.devToolsUrl}`);
    expect(fixture.app.devToolsUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });
});
