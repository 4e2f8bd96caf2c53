import { mkdir, readdir, rm } from "node:fs/promises";
import path from "node:path";
import type { z } from "zod";
import { jsonFile } from "./json-file.ts";

/** What a journal's entries have in common. */
export interface Entry {
  /** A UUID. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** How it ended, once it is over. */
  readonly ended?: string | undefined;
}

/** A folder with one file for each entry, each always whole. */
export interface EntryFolder<T> {
  /** All entries, the newest first. Deletes those that are over and neither among the newest nor needed. */
  readonly list: () => Promise<T[]>;
  readonly save: (entry: T) => Promise<void>;
}

export interface EntryFolderOptions<T> {
  readonly schema: z.ZodType<T>;
  /** See `jsonFile`. */
  readonly encode?: (entry: T) => unknown;
  /** Of those that are over, the newest first, the ids of the ones that are still needed. */
  readonly needed?: (over: readonly T[]) => ReadonlySet<string>;
}

/** So many entries that are over are kept: enough to look something up, and few enough to be read at every start. */
export const KEPT_ENTRIES = 100;

const NAME = /^[0-9a-f-]{36}\.json$/;

export function entryFolder<T extends Entry>(
  folder: string,
  { schema, encode, needed = () => new Set() }: EntryFolderOptions<T>,
): EntryFolder<T> {
  const pathOf = (id: string) => path.join(folder, `${id}.json`);
  const file = (id: string) => jsonFile(pathOf(id), schema, encode);

  return {
    async list() {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const names = (await readdir(folder)).filter((name) => NAME.test(name));
      const read = await Promise.all(names.map((name) => file(path.basename(name, ".json")).read()));
      const entries = read.filter((entry) => entry !== undefined).sort((a, b) => b.createdAt - a.createdAt);
      const over = entries.filter(({ ended }) => ended !== undefined);
      const isNeeded = needed(over);
      const old = new Set(over.slice(KEPT_ENTRIES).filter(({ id }) => !isNeeded.has(id)));
      // Whole files only, the oldest first: cut short, the next start goes on with it.
      for (const { id } of [...old].reverse()) await rm(pathOf(id), { force: true });
      return entries.filter((entry) => !old.has(entry));
    },
    save: (entry) => file(entry.id).write(entry),
  };
}
