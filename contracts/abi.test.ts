import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { ABI_FILE, generateAbi } from "./generate-abi.ts";

test("the committed ABIs are those of the compiled contracts", async () => {
  expect(await readFile(ABI_FILE, "utf8")).toBe(await generateAbi());
});
