import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { requireDevnetProfile, userDataDirectory } from "./profile.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "trivet-profile-test-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function network(content: string): string {
  const file = path.join(folder, "network.json");
  writeFileSync(file, content);
  return file;
}

describe("the profile directory", () => {
  test("is the flag's, before the environment's", () => {
    const argv = ["node", "main.js", "--user-data-dir=/tmp/one"];
    expect(userDataDirectory(argv, { TRIVET_USER_DATA: "/tmp/two" })).toBe(path.resolve("/tmp/one"));
    expect(userDataDirectory(["node"], { TRIVET_USER_DATA: "/tmp/two" })).toBe(path.resolve("/tmp/two"));
  });

  test("has no default", () => {
    expect(() => userDataDirectory(["node", "main.js"], {})).toThrow(/--user-data-dir/);
    expect(() => userDataDirectory(["node"], { TRIVET_USER_DATA: "" })).toThrow(/--user-data-dir/);
  });
});

describe("the check of the profile", () => {
  test("lets a devnet pass, also with a profile that does not exist yet", () => {
    expect(() => {
      requireDevnetProfile(network('{"kind":"devnet"}'), path.join(folder, "none"));
    }).not.toThrow();
  });

  test.each([
    ["a live network", '{"kind":"live"}'],
    ["a network without a kind", "{}"],
    ["a kind that is no text", '{"kind":["devnet"]}'],
    ["no JSON", "devnet"],
    ["a list", '["devnet"]'],
  ])("refuses %s", (_what, content) => {
    expect(() => {
      requireDevnetProfile(network(content), folder);
    }).toThrow(/refuses to open a production profile/);
  });

  test("refuses when there is no description at all", () => {
    expect(() => {
      requireDevnetProfile(path.join(folder, "missing.json"), folder);
    }).toThrow(/TRIVET_NETWORK/);
  });

  test("refuses a profile that Electron made", () => {
    const userData = path.join(folder, "profile");
    mkdirSync(userData);
    writeFileSync(path.join(userData, "Local State"), "{}");
    expect(() => {
      requireDevnetProfile(network('{"kind":"devnet"}'), userData);
    }).toThrow(/made by Electron/);
  });
});
