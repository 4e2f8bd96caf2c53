import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { ROOT } from "../tasks/runner.ts";

interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the task as `npm run explorer` does. */
const ask = async (...args: string[]): Promise<Said> =>
  await new Promise((resolve) => {
    execFile(process.execPath, [join(ROOT, "tools/tasks/explorer.ts"), ...args], (error, out, err) => {
      resolve({ code: typeof error?.code === "number" ? error.code : 0, out, err });
    });
  });

const zSets = z.array(z.array(z.string()));
const zRows = z.array(
  z.object({
    methods: z.array(z.enum(["A", "S", "P", "W"])),
    level: z.int(),
    theft: zSets,
    theftPaths: z.record(z.string(), z.object({ days: z.int(), steps: z.array(z.string()).min(1) })),
    loss: zSets,
    smallestTheft: z.int(),
    smallestLoss: z.int(),
    failure: z.number(),
  }),
);

describe("npm run explorer", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "explorer-"));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });
  const file = async (text: string): Promise<string> => {
    const path = join(folder, "account.json");
    await writeFile(path, text);
    return path;
  };

  test.each(["published", "default"])(
    "--json --profile %s prints one document with all sixteen",
    async (profile) => {
      const { code, out, err } = await ask("--json", "--profile", profile);
      expect({ code, err }).toEqual({ code: 0, err: "" });
      const rows = zRows.parse(JSON.parse(out));
      expect(new Set(rows.map(({ methods }) => methods.join(""))).size).toBe(16);
      for (const { methods, level, theft, theftPaths, loss, smallestTheft, smallestLoss, failure } of rows) {
        expect(level).toBe(methods.length);
        expect(Object.keys(theftPaths)).toEqual(theft.map((set) => set.join("+")));
        expect(smallestTheft).toBe(Math.min(...theft.map(({ length }) => length)));
        expect(smallestLoss).toBe(Math.min(...loss.map(({ length }) => length)));
        expect(failure).toBeGreaterThan(0);
        for (const thing of [...theft, ...loss].flat()) expect(["D", "C", "E", ...methods]).toContain(thing);
      }
    },
  );

  test("prints a table without --json", async () => {
    const { out } = await ask();
    expect(out.split("\n")[0]).toMatch(/^methods +level +failure +smallest +theft +loss$/);
    expect(out).toMatch(/^none +0 +[\d.]+ % +2 and 2 +\{D,C\} \{D,E\} \{C,E\} +\{D,C\} \{D,E\} \{C,E\}$/m);
  });

  test("describes one account, with the parties it relies on and what would help", async () => {
    const description = await file(JSON.stringify({ methods: ["A"], mfa: { holder: "ledger" } }));
    const { out } = await ask("--account", description);
    for (const part of ["Who could take it", "{D,Ledger} at once", "What it relies on", "Best next change"]) {
      expect(out).toContain(part);
    }
    const { out: json, code } = await ask("--account", description, "--json");
    expect(code).toBe(0);
    const zAccount = zRows.element.extend({
      services: z.array(z.object({ service: z.string(), ownerCanExit: z.boolean() })).length(2),
      bestChanges: z.array(z.object({ words: z.string(), failure: z.number() })).min(1),
    });
    expect(zAccount.parse(JSON.parse(json)).theft).toContainEqual(["D", "Ledger"]);
  });

  test.each([
    ["a field that does not exist", '{"method": ["A"]}', /method/],
    [
      "a thing that the account does not have",
      '{"places": [{"name": "phone", "holds": ["S"]}]}',
      /places\.0\.holds: "S"/,
    ],
    ["no JSON", "{", /cannot be read as JSON/],
  ])("says what is wrong with a description with %s, and prints nothing else", async (_, text, message) => {
    const { code, out, err } = await ask("--account", await file(text));
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(message);
    expect(err).not.toMatch(/\n\s+at /);
  });

  test.each([
    [["--profile", "mine"], /no profile "mine"/],
    [["--nonsense"], /--nonsense/],
    [["--profile", "default", "--account", "x.json"], /leave out --profile/],
    [["--account", "/nowhere/account.json"], /cannot be read/],
  ])("refuses %j", async (args, message) => {
    const { code, out, err } = await ask(...args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(message);
  });
});
