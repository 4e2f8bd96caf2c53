import path from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fileOfUrl } from "./app-files.ts";

const ROOT = path.resolve("/srv/trivet/renderer");

describe("a URL of the app", () => {
  test.each([
    ["app://wallet/", "index.html"],
    ["app://wallet", "index.html"],
    ["app://confirm/", "confirm/index.html"],
    ["app://wallet/assets/app.js", "assets/app.js"],
    ["app://confirm/assets/app.css?x=1#y", "assets/app.css"],
  ])("%s is %s", (url, file) => {
    expect(fileOfUrl(url, ROOT)).toBe(path.join(ROOT, file));
  });

  test.each([
    "app://elsewhere/index.html",
    "https://wallet/index.html",
    "app://wallet/..%2f..%2fsecret.js",
    "app://wallet/assets/%00.js",
    "app://wallet/%E0%A4%A.js",
    "app://wallet/profile.json",
    "app://wallet/assets",
  ])("%s is no file", (url) => {
    expect(fileOfUrl(url, ROOT)).toBeUndefined();
  });

  test("never leads out of the built renderer", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("..", "%2e%2e", "/", "\\", "%2f", "%5c", "a", ".js", ".html", "C:")),
        (parts) => {
          const file = fileOfUrl(`app://wallet/${parts.join("")}`, ROOT);
          expect(file === undefined || file.startsWith(ROOT + path.sep)).toBe(true);
        },
      ),
    );
  });
});
