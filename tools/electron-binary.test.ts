import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type ElectronPlaces, findElectron } from "./electron-binary.ts";

let folder: string;
let time: number;
let downloads: number;
let downloadWorks: boolean;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "trivet-electron-"));
  time = 1_000_000;
  downloads = 0;
  downloadWorks = false;
  release("45.0.0");
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function release(version: string): void {
  writeFileSync(path.join(folder, "package.json"), JSON.stringify({ version }));
}

function install(): void {
  mkdirSync(path.join(folder, "dist"));
  writeFileSync(path.join(folder, "dist", "electron"), "");
  writeFileSync(path.join(folder, "path.txt"), "electron");
}

const places = (): ElectronPlaces => ({
  packageFolder: folder,
  memoryFile: path.join(folder, "cache", "memory.json"),
  now: () => time,
  download: () => {
    downloads++;
    if (downloadWorks) install();
    return Promise.resolve();
  },
});

const find = () => findElectron(places(), () => undefined);

test("Electron that is there is used without a download", async () => {
  install();
  expect(await find()).toBe(path.join(folder, "dist", "electron"));
  expect(downloads).toBe(0);
});

test("Electron that is missing is downloaded, and says so before", async () => {
  downloadWorks = true;
  const lines: string[] = [];
  expect(await findElectron(places(), (line) => lines.push(line))).toBe(
    path.join(folder, "dist", "electron"),
  );
  expect(lines).toEqual([expect.stringContaining("Downloading")]);
});

test("a half-finished download is no Electron", async () => {
  writeFileSync(path.join(folder, "path.txt"), "electron");
  expect(await find()).toBeUndefined();
});

test("a failed download is remembered for a day", async () => {
  expect(await find()).toBeUndefined();
  expect(await find()).toBeUndefined();
  expect(downloads).toBe(1);
  time += 24 * 60 * 60 * 1000;
  expect(await find()).toBeUndefined();
  expect(downloads).toBe(2);
});

test("another version is tried at once", async () => {
  await find();
  release("45.0.1");
  downloadWorks = true;
  expect(await find()).toBeDefined();
});
