import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { UDEV_COMMAND, UDEV_FILE, UDEV_RULES } from "./udev.ts";

it("the page for people has the very commands that the app shows", async () => {
  const page = await readFile(new URL("../../docs/people/ledger.md", import.meta.url), "utf8");
  expect(page).toContain(`\n${UDEV_COMMAND}\n`);
  expect(UDEV_COMMAND).toContain(UDEV_RULES);
});

it("the rules come before the one that gives seats their devices, and are meant for Ledger's devices only", () => {
  expect(UDEV_FILE.split("/").at(-1)?.localeCompare("73-seat-late.rules")).toBe(-1);
  const rules = UDEV_RULES.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  expect(rules).toHaveLength(2);
  for (const rule of rules) expect(rule).toMatch(/\{idVendor\}=="2c97", MODE="0660", TAG\+="uaccess"$/);
});
