import { randomUUID } from "node:crypto";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { type FactorEntry, openFactorJournal } from "../factors/journal.ts";
import { entryFolder, KEPT_ENTRIES } from "./entry-folder.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "trivet-entries-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const schema = z.object({
  id: z.uuid(),
  createdAt: z.number(),
  ended: z.enum(["done", "dropped"]).optional(),
});
type Simple = z.output<typeof schema>;
const simple = (createdAt: number, ended?: Simple["ended"]): Simple => ({
  id: randomUUID(),
  createdAt,
  ...(ended && { ended }),
});
const filesIn = async (place: string) => (await readdir(place)).sort();

describe("a folder of entries", () => {
  test("lists what was saved, the newest first, and the last that was saved of each", async () => {
    const entries = entryFolder(folder, { schema });
    const [first, second] = [simple(1), simple(2)];
    await entries.save(first);
    await entries.save(second);
    await entries.save({ ...first, ended: "done" });
    expect(await entries.list()).toEqual([second, { ...first, ended: "done" }]);
  });

  test("deletes what is over and old, and nothing that is not over or still needed", async () => {
    const wanted = simple(0, "done");
    const unfinished = simple(1);
    const over = Array.from({ length: KEPT_ENTRIES + 5 }, (_, index) =>
      simple(10 + index, index % 2 ? "done" : "dropped"),
    );
    const entries = entryFolder(folder, { schema, needed: () => new Set([wanted.id]) });
    for (const entry of [wanted, unfinished, ...over]) await entries.save(entry);
    await writeFile(path.join(folder, "notes.txt"), "a person's own");
    const kept = [...over.slice(5).reverse(), unfinished, wanted];
    expect(await entries.list()).toEqual(kept);
    expect(await filesIn(folder)).toEqual([...kept.map(({ id }) => `${id}.json`), "notes.txt"].sort());
    expect(await entries.list()).toEqual(kept);
  });

  test("names a file that is damaged, and deletes nothing then", async () => {
    const entries = entryFolder(folder, { schema });
    for (let at = 0; at <= KEPT_ENTRIES; at += 1) await entries.save(simple(at, "done"));
    const damaged = `${randomUUID()}.json`;
    await writeFile(path.join(folder, damaged), "{");
    await expect(entries.list()).rejects.toMatchObject({ code: "file-damaged" });
    expect(await filesIn(folder)).toHaveLength(KEPT_ENTRIES + 2);
  });
});

describe("the journal of changes of factors", () => {
  const change = (createdAt: number, changes: Partial<FactorEntry>): FactorEntry => ({
    version: 1,
    id: randomUUID(),
    createdAt,
    kind: "add",
    type: "sms",
    ownSetUp: true,
    released: false,
    codesKept: false,
    written: [],
    ended: "done",
    ...changes,
  });
  const factor = (id: string) => ({ type: "sms", id }) as const;

  test("keeps what tells since when a factor is there, however long ago that was", async () => {
    const journal = openFactorJournal(folder);
    const first = change(1, { added: factor("first") });
    const gone = change(2, { added: factor("gone") });
    const changed = change(3, { kind: "change", old: factor("gone"), added: factor("there") });
    const removed = change(4, { added: factor("removed") });
    const removal = change(5, { kind: "remove", old: factor("removed"), ownSetUp: false });
    const dropped = Array.from({ length: KEPT_ENTRIES }, (_, index) =>
      change(10 + index, { added: factor("never"), ended: "dropped" }),
    );
    for (const entry of [first, gone, changed, removed, removal, ...dropped]) await journal.save(entry);
    expect((await journal.list()).slice(KEPT_ENTRIES)).toEqual([changed, first]);
  });
});
