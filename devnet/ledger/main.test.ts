import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseArguments, UsageError } from "./arguments.ts";
import { loadDevice } from "./settings.ts";

const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "trivet-ledger-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs the command until it printed its line; then does something with it and ends it. */
async function run(
  args: string[],
  use: (url: string, line: string) => Promise<void>,
): Promise<number | null> {
  const child = spawn(process.execPath, [MAIN, "--port", "0", ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  try {
    const [line] = (await once(createInterface(child.stdout), "line")) as [string];
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
    if (url === undefined) throw new Error(`no address in: ${line}`);
    await use(url, line);
  } finally {
    child.kill("SIGTERM");
  }
  const [code] = (await ended) as [number | null];
  return code;
}

const state = async (url: string): Promise<unknown> => (await fetch(`${url}/trivet/state`)).json();
const post = (url: string, body: unknown) => fetch(url, { method: "POST", body: JSON.stringify(body) });

describe("the command line", () => {
  it("reads everything it documents", () => {
    const args =
      "--port 5001 --model nanosp --seed abc --raw-messages on --blind-signing off --approve always --state d";
    expect(parseArguments(args.split(" "))).toEqual({
      port: 5001,
      model: "nanosp",
      seed: "abc",
      "raw-messages": true,
      "blind-signing": false,
      approve: "always",
      state: "d",
    });
    expect(parseArguments(["--help"])).toBeUndefined();
  });

  it.each([
    [["--port", "x"], "--port must be a number"],
    [["--port", "70000"], "--port must be at most 65535"],
    [["--model", "nanox"], "--model must be one of nanosp, flex"],
    [["--raw-messages", "yes"], "--raw-messages must be on or off"],
    [["--approve", "maybe"], "--approve must be one of ask, always, never"],
    [["--state", ""], "--state must be a folder"],
    [["--colour"], "Unknown option '--colour'"],
    [["extra"], "Unexpected argument 'extra'"],
  ])("%j: says what is wrong", (args, message) => {
    expect(() => parseArguments(args)).toThrow(UsageError);
    expect(() => parseArguments(args)).toThrow(message);
  });
});

describe("the command", () => {
  it("says in one line what it is, and ends when it is told to", async () => {
    const code = await run(["--model", "nanosp", "--approve", "always"], async (url, line) => {
      expect(line).toContain("never hold real funds");
      expect(await state(url)).toMatchObject({ model: "nanosp", approval: "always" });
    });
    expect(code).toBe(0);
  });

  it("keeps model and settings where it is told to, and lets options win", async () => {
    await run(["--state", folder, "--raw-messages", "on"], async (url) => {
      await post(`${url}/trivet/model`, { model: "nanosp" });
      await post(`${url}/trivet/app`, { version: "1.21.3" });
    });
    expect(await loadDevice(folder)).toEqual({
      model: "nanosp",
      settings: { rawMessages: true, blindSigning: false },
      appVersion: "1.21.3",
    });
    await run(["--state", folder, "--raw-messages", "off"], async (url) => {
      expect(await state(url)).toMatchObject({
        model: "nanosp",
        app: { version: "1.21.3" },
        settings: { rawMessages: false, blindSigning: false },
      });
    });
  });

  it("refuses a stored file that it did not write", async () => {
    const file = path.join(folder, "ledger.json");
    await writeFile(file, '{"model":"flex"}');
    await expect(loadDevice(folder)).rejects.toThrow(/delete it to start afresh/);
    expect(await readFile(file, "utf8")).toBe('{"model":"flex"}');
  });
});
