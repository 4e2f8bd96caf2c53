import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { formatGas, GAS_SNAPSHOT_FILE, measureGas } from "./gas.ts";

test("every flow costs what the committed snapshot says", async () => {
  expect(formatGas(await measureGas())).toBe(await readFile(GAS_SNAPSHOT_FILE, "utf8"));
});
