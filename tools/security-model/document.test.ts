import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { explore, networkAccount } from "#core/security/explorer/configurations.ts";
import { reportOn } from "#core/security/explorer/report.ts";
import { CONTRADICTIONS } from "./contradictions.ts";
import { DOCUMENT, formattedDocument } from "./format.ts";

describe("docs/security-model.md", () => {
  test("is what the data says now: else run `node tools/security-model/write.ts`", async () => {
    expect(readFileSync(DOCUMENT, "utf8")).toBe(await formattedDocument());
  });

  test.each(CONTRADICTIONS)("$published The explorer shows the contrary.", ({ methods, set, shows }) => {
    const { theft, loss } = reportOn(explore(networkAccount("published", methods)));
    if (shows === "theft") expect(theft).toContainEqual(set);
    else expect(loss).not.toContainEqual(set);
  });
});
