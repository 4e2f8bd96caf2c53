import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readUsageKey } from "./usage-key.ts";

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "trivet-usage-key-"));
  file = path.join(folder, "lit-usage-key");
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const missing = (words: RegExp): unknown =>
  expect.objectContaining({ code: "usage-key-missing", message: expect.stringMatching(words) as string });

describe("the usage key", () => {
  test("is what its file holds, without the line's end", async () => {
    await writeFile(file, "c2VjcmV0+/=\n", { mode: 0o600 });
    expect(await readUsageKey(file)).toBe("c2VjcmV0+/=");
  });

  test("is asked for by the name of its file when there is none", async () => {
    await expect(readUsageKey(file)).rejects.toEqual(missing(/no usage key.*lit-usage-key/));
  });

  test.each(["", "\n", "two words", "two\nlines"])("is not %j", async (text) => {
    await writeFile(file, text, { mode: 0o600 });
    await expect(readUsageKey(file)).rejects.toEqual(missing(/does not hold/));
  });

  test.runIf(process.platform !== "win32")("is not read while others may read it", async () => {
    await writeFile(file, "c2VjcmV0", { mode: 0o600 });
    for (const mode of [0o640, 0o604]) {
      await chmod(file, mode);
      await expect(readUsageKey(file)).rejects.toEqual(missing(/Others on this computer/));
    }
  });
});
