import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DEFAULT_SETTINGS } from "#core/wallet-api/state.ts";
import { settingsService } from "./settings.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "trivet-settings-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** The settings of a file with this text, and what was said of them. */
async function settingsIn(text?: string) {
  if (text !== undefined) await writeFile(path.join(folder, "settings.json"), text);
  const told: unknown[] = [];
  const settings = settingsService(
    folder,
    (changed) => told.push(changed),
    (_, cause) => told.push(cause),
  );
  return { settings, told };
}

test("the settings are the defaults until something is changed", async () => {
  const { settings, told } = await settingsIn();
  expect(await settings.get()).toEqual(DEFAULT_SETTINGS);
  const changed = { theme: "dark", lockAfterMinutes: 1 } as const;
  await settings.set(changed);
  expect([await settings.get(), told]).toEqual([changed, [changed]]);
});

test.each(["", "{", '{"theme":"dark","lockAfterMinutes":0}'])(
  "a file that holds %j does not keep the wallet from locking itself: the defaults count, and it is said once",
  async (text) => {
    const { settings, told } = await settingsIn(text);
    expect([await settings.get(), await settings.get()]).toEqual([DEFAULT_SETTINGS, DEFAULT_SETTINGS]);
    expect(told).toEqual([expect.objectContaining({ code: "file-damaged" })]);
    expect(await readFile(path.join(folder, "settings.json"), "utf8")).toBe(text);
    await settings.set(DEFAULT_SETTINGS);
    expect(await settings.get()).toEqual(DEFAULT_SETTINGS);
  },
);
