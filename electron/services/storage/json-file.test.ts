import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { jsonFile } from "./json-file.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "trivet-json-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const schema = z.strictObject({ name: z.string(), amount: z.string().transform(BigInt) });
const open = (name: string) =>
  jsonFile(path.join(folder, name), schema, ({ name: own, amount }) => ({ name: own, amount: `${amount}` }));

describe("a JSON file", () => {
  test("comes back as it was written, bigints too, and leaves nothing else behind", async () => {
    const file = open("new/one.json");
    await file.write({ name: "a", amount: 2n ** 200n });
    await file.write({ name: "b", amount: 3n });
    expect(await file.read()).toEqual({ name: "b", amount: 3n });
    expect(await readdir(path.join(folder, "new"))).toEqual(["one.json"]);
  });

  test("is undefined where there is none", async () => {
    expect(await open("none.json").read()).toBeUndefined();
  });

  test("refuses to write what it could not read again, and keeps what was there", async () => {
    const file = open("kept.json");
    await file.write({ name: "a", amount: 1n });
    await expect(file.write({ name: undefined as never, amount: 2n })).rejects.toThrow();
    expect(await file.read()).toEqual({ name: "a", amount: 1n });
  });

  test.each(["", "{", "null", '{"name":"a"}', '{"name":"a","amount":"1","extra":1}'])(
    "says that it is damaged when it holds %j",
    async (text) => {
      await writeFile(path.join(folder, "damaged.json"), text);
      await expect(open("damaged.json").read()).rejects.toMatchObject({ code: "file-damaged" });
    },
  );

  test("of a newer version of Trivet is named as such, and never called damaged", async () => {
    const versioned = z.strictObject({ version: z.literal([1, 2]), name: z.string() });
    const file = jsonFile(
      path.join(folder, "newer.json"),
      z.preprocess((content) => content, versioned),
    );
    const holding = async (content: unknown) => {
      await writeFile(path.join(folder, "newer.json"), JSON.stringify(content));
      return file.read();
    };
    const newer = { version: 3, name: { first: "a" }, more: true };
    await expect(holding(newer)).rejects.toMatchObject({
      code: "file-newer",
      whatToDo: expect.stringContaining("Update Trivet"),
    });
    for (const damaged of [{ version: 0, name: "a" }, { version: "3", name: "a" }, { version: 2 }]) {
      await expect(holding(damaged)).rejects.toMatchObject({ code: "file-damaged" });
    }
  });

  test("is whole for whoever reads it while it is written", async () => {
    const file = open("busy.json");
    await file.write({ name: "0", amount: 0n });
    const writes = (async () => {
      for (let round = 1; round <= 50; round += 1) await file.write({ name: "a", amount: BigInt(round) });
    })();
    const reads = Array.from({ length: 200 }, () => file.read());
    for (const seen of await Promise.all(reads)) expect(seen).toBeDefined();
    await writes;
  });
});
