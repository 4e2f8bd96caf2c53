import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ensureChromium, findChromium } from "./chromium.mjs";
import { isEnough } from "./node.mjs";
import { withoutOuterNpm } from "./npm.mjs";
import type { LockEntry } from "./packages.mjs";
import { holdsEverything } from "./packages.mjs";
import { reasonFor } from "./run-command.mjs";
import { hashOf, isStamped, stamp } from "./stamp.mjs";

const RUN = fileURLToPath(new URL("../run.mjs", import.meta.url));

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "trivet setup-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, content: string): void {
  mkdirSync(join(folder, path, ".."), { recursive: true });
  writeFileSync(join(folder, path), content);
}

describe("a stamp", () => {
  const hash = () => hashOf(["src", "config.json"], "", folder);

  it("changes with every file that counts, its name and its absence", () => {
    write("src/a.ts", "1");
    const seen = new Set([hash()]);
    write("src/a.ts", "2");
    seen.add(hash());
    write("src/deep/b.ts", "2");
    seen.add(hash());
    rmSync(join(folder, "src/a.ts"));
    seen.add(hash());
    write("config.json", "{}");
    seen.add(hash());
    seen.add(hashOf(["src", "config.json"], "linux", folder));
    expect(seen.size).toBe(6);
  });

  it("does not change with tests, installed packages or outcomes", () => {
    write("src/a.ts", "1");
    const before = hash();
    write("src/a.test.ts", "1");
    write("src/node_modules/x/index.js", "1");
    write("src/artifacts/A.json", "1");
    expect(hash()).toBe(before);
  });

  it("is there only for the hash that was stamped", () => {
    const file = join(folder, "deep", "a.stamp");
    expect(isStamped(file, "1")).toBe(false);
    stamp(file, "1");
    expect([isStamped(file, "1"), isStamped(file, "2")]).toEqual([true, false]);
  });
});

describe("installed packages", () => {
  const linux = { os: "linux", cpu: "x64", libc: "glibc" };
  const locked: Record<string, LockEntry> = {
    "": {},
    "node_modules/a": { version: "1.0.0", integrity: "sha512-a" },
    "node_modules/native-linux": {
      version: "1.0.0",
      integrity: "sha512-l",
      optional: true,
      os: ["linux"],
      cpu: ["x64"],
    },
    "node_modules/native-musl": {
      version: "1.0.0",
      optional: true,
      os: ["linux"],
      cpu: ["x64"],
      libc: ["musl"],
    },
    "node_modules/native-mac": { version: "1.0.0", optional: true, os: ["darwin"], cpu: ["arm64"] },
    "node_modules/of-a-native-mac": { version: "1.0.0", optional: true },
  };
  const { "node_modules/a": a, "node_modules/native-linux": native } = locked;
  const complete: Record<string, LockEntry> = { "node_modules/a": a!, "node_modules/native-linux": native! };

  it("are complete without the native parts of other platforms", () => {
    expect(holdsEverything(locked, complete, linux)).toBe(true);
    expect(holdsEverything(locked, complete, { os: "darwin", cpu: "arm64", libc: undefined })).toBe(false);
  });

  it("are incomplete when an older Node left out a native part that this platform needs", () => {
    expect(holdsEverything(locked, { "node_modules/a": a! }, linux)).toBe(false);
  });

  it("are others when a version or a hash differs", () => {
    expect(
      holdsEverything(locked, { ...complete, "node_modules/a": { ...a, version: "1.0.1" } }, linux),
    ).toBe(false);
    expect(
      holdsEverything(locked, { ...complete, "node_modules/a": { ...a, integrity: "sha512-b" } }, linux),
    ).toBe(false);
  });
});

describe("the environment of an inner npm", () => {
  it("keeps how to reach the registry, and nothing that the outer npm was told", () => {
    const kept = {
      PATH: "/bin",
      npm_config_registry: "https://registry.example",
      npm_config_cache: "/cache",
      npm_config_https_proxy: "http://proxy.example",
      "npm_config_@scope:registry": "https://scope.example",
    };
    const dropped = {
      npm_config_json: "true",
      npm_config_prefix: "/elsewhere",
      npm_config_global: "true",
      npm_lifecycle_event: "start",
      npm_package_name: "trivet",
      npm_command: "run-script",
    };
    expect(withoutOuterNpm({ ...kept, ...dropped })).toEqual(kept);
  });
});

describe("Node", () => {
  it("is new enough from where it runs TypeScript as it is", () => {
    expect(["20.20.2", "22.12.0", "22.17.9"].map(isEnough)).toEqual([false, false, false]);
    expect(["22.18.0", "24.0.0", "26.10.0"].map(isEnough)).toEqual([true, true, true]);
  });
});

describe("a failed step", () => {
  it.each([
    ["npm error code ENOSPC\nnpm error nospc ENOSPC: no space left on device, write", /disk is full/],
    [
      "npm error network request to https://registry.example/x failed, reason: getaddrinfo EAI_AGAIN",
      /network/,
    ],
    ["npm error code EACCES\nnpm error syscall mkdir", /cannot be written/],
    ["npm error code EINTEGRITY", /recorded hash/],
    ["Compiling…\n\nParserError: Expected ';'\n", /Expected ';'/],
  ])("is explained in a sentence: %j", (output, sentence) => {
    expect(reasonFor(output)).toMatch(sentence);
  });
});

describe("Chromium", () => {
  function program(name: string): string {
    write(name, "#!/bin/sh\n");
    chmodSync(join(folder, name), 0o755);
    return join(folder, name);
  }

  it("is the one that is named, or else the first that is installed", () => {
    const edge = program("microsoft-edge");
    const chromium = program("chromium");
    const own = program("own/browser");
    expect(findChromium({ PATH: folder })).toBe(chromium);
    expect(findChromium({ PATH: folder, TRIVET_CHROMIUM: own })).toBe(own);
    rmSync(chromium);
    expect(findChromium({ PATH: folder })).toBe(edge);
  });

  it.runIf(process.platform === "linux")(
    "is installed from the system's packages where it is missing, also when their list is out of date",
    async () => {
      const calls = join(folder, "calls");
      const updated = join(folder, "updated");
      write(
        "apt-get",
        `#!/bin/sh
echo "$*" >> "${calls}"
case "$1" in
  update) : > "${updated}" ;;
  install)
    [ -f "${updated}" ] || { echo "E: Unable to locate package chromium"; exit 100; }
    printf '#!/bin/sh\n' > "${join(folder, "chromium")}"
    /bin/chmod +x "${join(folder, "chromium")}" ;;
esac
`,
      );
      write("sudo", `#!/bin/sh\nshift\nexec "$@"\n`);
      write("true", "#!/bin/sh\n");
      for (const name of ["apt-get", "sudo", "true"]) chmodSync(join(folder, name), 0o755);
      vi.stubEnv("PATH", folder);
      vi.stubEnv("TRIVET_CHROMIUM", undefined);
      expect(await ensureChromium()).toBe(join(folder, "chromium"));
      expect(readFileSync(calls, "utf8").trim().split("\n")).toEqual([
        "--version",
        "install -y --no-install-recommends chromium",
        "update",
        "install -y --no-install-recommends chromium",
      ]);
    },
  );

  it.runIf(process.platform === "linux")(
    "is asked for in one line where it cannot be installed",
    async () => {
      vi.stubEnv("PATH", folder);
      vi.stubEnv("TRIVET_CHROMIUM", undefined);
      await expect(ensureChromium()).rejects.toThrow(/^Chromium is missing\. Install it .*apt-get install/);
    },
  );

  it("is not replaced by another when the named one cannot be run", () => {
    program("chromium");
    expect(findChromium({ PATH: folder, TRIVET_CHROMIUM: join(folder, "missing") })).toBeUndefined();
  });
});

describe("a task that does not exist", () => {
  it("is answered with the tasks that do, on stderr, before anything is set up", () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [RUN, "fly"], { encoding: "utf8" });
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/there is no task "fly".*start, test, check/);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });

  it("is not one that every object has", () => {
    expect(spawnSync(process.execPath, [RUN, "constructor"]).status).toBe(1);
  });
});

describe("set-up on a computer without npm", () => {
  it("says so in one line", () => {
    const script = `import { runNpm } from ${JSON.stringify(new URL("npm.mjs", import.meta.url).href)};
      await runNpm("test", ["--version"], { node: process.execPath, env: { PATH: "" } })
        .catch((error) => console.log(error.name, error.message));`;
    const said = execFileSync(process.execPath, ["--input-type=module", "--eval", script], {
      encoding: "utf8",
    });
    expect(said).toMatch(/^SetupError npm is missing\. Install Node\.js .*\n$/);
  });
});
