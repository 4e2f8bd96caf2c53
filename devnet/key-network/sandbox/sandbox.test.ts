import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { zGateCid } from "#core/key-network/gate-cid.ts";
import { denoBinary } from "./deno.ts";
import { startSandboxProcess } from "./process.ts";
import type { RunAuth } from "./protocol.ts";
import { Sandbox, type SandboxLimits } from "./sandbox.ts";

const AUTH: RunAuth = {
  authSigAddress: "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
  actionIpfsIds: [zGateCid.parse("QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o")],
  keyCreator: null,
};

let folder: string;
let allowed: Server;
let forbidden: Server;
let forbiddenHits = 0;
const sandboxes: Sandbox[] = [];

const portOf = (server: Server) => (server.address() as AddressInfo).port;
const addressOf = (server: Server) => `127.0.0.1:${portOf(server)}`;

function listen(answer: (url: string) => string): Promise<Server> {
  return new Promise((resolve) => {
    const server = createServer((request, response) => response.end(answer(request.url ?? "")));
    server.listen(0, "127.0.0.1", () => resolve(server));
  });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "trivet-sandbox-"));
  await mkdir(join(folder, "work"));
  allowed = await listen((url) => `allowed ${url}`);
  forbidden = await listen(() => {
    forbiddenHits++;
    return "forbidden";
  });
});

afterAll(async () => {
  for (const sandbox of sandboxes) sandbox.close();
  allowed.close();
  forbidden.close();
  await rm(folder, { recursive: true, force: true });
});

const place = () => ({
  cacheDir: join(folder, "cache"),
  workDir: join(folder, "work"),
  reachable: [addressOf(allowed)],
  heapMegabytes: 64,
  processorSeconds: 20,
});

function open(limits: Partial<SandboxLimits> = {}): Sandbox {
  const sandbox = new Sandbox({
    place: place(),
    rpcUrl: `http://${addressOf(allowed)}`,
    hosts: { "authenticator.trivet.test": addressOf(allowed) },
    limits,
    spares: 1,
  });
  sandboxes.push(sandbox);
  return sandbox;
}

const run = (sandbox: Sandbox, code: string, params: Record<string, unknown> = {}) =>
  sandbox.run({ code, params, auth: AUTH });

/** Runs an expression that may be a promise; its value, or what it threw, is the response. */
async function evaluate(sandbox: Sandbox, expression: string): Promise<string> {
  const code = `(async () => { try { return String(await (${expression})) } catch (e) { return "threw " + e } })()
    .then((response) => Lit.Actions.setResponse({ response }))`;
  return (await run(sandbox, code)).response;
}

describe("a gate in the sandbox", () => {
  test("gets its parameters as globals, and answers with a response, logs and a wish for one signature", async () => {
    const code = `
      (async () => {
        console.log("role is", role, jsParams.role === role);
        await Lit.Actions.signEcdsa({ toSign: new Uint8Array(32).fill(7), publicKey: "0x04aa", sigName: "operation" });
        Lit.Actions.setResponse({ response: JSON.stringify({ ok: true, by: Lit.Auth.authSigAddress }) });
      })();`;
    const result = await run(open(), code, { role: "mfa" });
    expect(JSON.parse(result.response)).toEqual({ ok: true, by: AUTH.authSigAddress });
    expect(result.logs).toBe("role is mfa true");
    expect(result.signature).toEqual({
      digest: `0x${"07".repeat(32)}`,
      publicKey: "0x04aa",
      sigName: "operation",
    });
  });

  test("is waited for until its last promise has ended, also when the script itself ends at once", async () => {
    const code = `void (async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      Lit.Actions.setResponse({ response: "late" });
    })();`;
    expect((await run(open(), code)).response).toBe("late");
  });

  test("reaches the RPC, and host names only the sandbox knows, whatever their scheme", async () => {
    const sandbox = open();
    const rpc = `Lit.Actions.getRpcUrl({ chain: "x" }).then((url) => fetch(url + "/rpc")).then((r) => r.text())`;
    expect(await evaluate(sandbox, rpc)).toBe("allowed /rpc");
    for (const scheme of ["http", "https"]) {
      const url = `${scheme}://authenticator.trivet.test/v1/keys?a=b`;
      expect(await evaluate(sandbox, `fetch("${url}").then((r) => r.text())`)).toBe("allowed /v1/keys?a=b");
    }
  });

  test("knows nothing of earlier runs", async () => {
    const sandbox = open();
    await run(sandbox, `globalThis.secret = 1; Object.prototype.secret = 2;`);
    expect(await evaluate(sandbox, "globalThis.secret")).toBe("undefined");
  });
});

describe("the sandbox refuses", () => {
  const lives = async (sandbox: Sandbox) => expect(await evaluate(sandbox, "1 + 1")).toBe("2");

  test("an endless loop, and goes on living", async () => {
    const sandbox = open({ milliseconds: 500 });
    await expect(run(sandbox, "for (;;);")).rejects.toMatchObject({ code: "gate-timeout" });
    await lives(open());
  });

  test("to wait for ever for a promise that keeps itself busy", async () => {
    const sandbox = open({ milliseconds: 500 });
    await expect(run(sandbox, "setInterval(() => {}, 10)")).rejects.toMatchObject({ code: "gate-timeout" });
  });

  test("more objects than the heap's limit, and goes on living", async () => {
    const sandbox = open();
    const code = "const all = []; for (;;) all.push({ a: [1, 2, 3], b: String(all.length) });";
    await expect(run(sandbox, code)).rejects.toMatchObject({ code: "gate-memory" });
    await lives(sandbox);
  });

  test.runIf(process.platform === "linux")(
    "more buffers than the memory limit, and goes on living",
    async () => {
      const sandbox = open();
      const code = `const all = [];
      (function more() { all.push(new Uint8Array(8e6).fill(1)); setTimeout(more, 0); })();`;
      await expect(run(sandbox, code)).rejects.toMatchObject({ code: "gate-memory" });
      await lives(sandbox);
    },
  );

  test("more output than a run may write", async () => {
    const code = `for (let i = 0; i < 1000; i++) console.log("x".repeat(1000));`;
    await expect(run(open(), code)).rejects.toMatchObject({ code: "gate-output" });
  });

  test("to read a file, the environment or the system, to start a program, and every module", async () => {
    const sandbox = open();
    const modules = ["fs", "child_process", "net", "http", "worker_threads", "process", "os", "vm", "module"];
    for (const name of modules) {
      expect(await evaluate(sandbox, `import("node:${name}").then((m) => Object.keys(m))`)).toMatch(
        /^threw .*no modules/,
      );
    }
    for (const specifier of [
      "file:///etc/passwd",
      "./sandbox.ts",
      "npm:zod",
      "jsr:@std/fs",
      "https://deno.land/x",
    ]) {
      expect(await evaluate(sandbox, `import("${specifier}").then(() => "loaded")`)).toMatch(/^threw /);
    }
    for (const name of [
      "Deno",
      "process",
      "Buffer",
      "require",
      "Worker",
      "WebSocket",
      "localStorage",
      "caches",
    ]) {
      expect(await evaluate(sandbox, `typeof ${name}`)).toBe("undefined");
    }
  });

  test("even a gate that gets hold of Deno, because the process itself has no permission", async () => {
    // As if the runner had removed nothing: the same program and flags with a script of our own.
    const escaped = join(folder, "escaped");
    const script = `
      const tries = {
        read: () => Deno.readTextFileSync("/etc/passwd"),
        write: () => Deno.writeTextFileSync(${JSON.stringify(escaped)}, "x"),
        environment: () => Deno.env.get("HOME"),
        program: () => new Deno.Command("/usr/bin/id").outputSync(),
        system: () => Deno.hostname(),
        network: () => Deno.connect({ hostname: "127.0.0.1", port: ${portOf(forbidden)} }),
        library: () => Deno.dlopen("/lib/x86_64-linux-gnu/libc.so.6", {}),
      };
      for (const [name, attempt] of Object.entries(tries)) {
        try { await attempt(); console.log(name, "worked"); } catch (e) { console.log(name, e.name); }
      }`;
    await writeFile(join(folder, "escape.js"), script);
    const waiting = startSandboxProcess(place());
    waiting.kill("SIGKILL");
    const [deno = "", ...flags] = waiting.spawnargs.slice(waiting.spawnargs.indexOf(denoBinary()), -1);
    const env = { DENO_DIR: place().cacheDir, NO_COLOR: "1" };
    const { stdout } = await promisify(execFile)(deno, [...flags, join(folder, "escape.js")], { env });
    expect(stdout.trim().split("\n")).toEqual(
      ["read", "write", "environment", "program", "system", "network", "library"].map(
        (n) => `${n} NotCapable`,
      ),
    );
    await expect(readFile(escaped)).rejects.toMatchObject({ code: "ENOENT" });
    expect(forbiddenHits).toBe(0);
  });

  test("every other place in the network, by name or by number", async () => {
    const sandbox = open();
    const places = [
      `http://${addressOf(forbidden)}/`,
      `http://localhost:${portOf(forbidden)}/`,
      "http://authenticator.trivet.test.example/",
      "http://192.0.2.1/",
      "https://example.com/",
    ];
    for (const place of places) {
      expect(await evaluate(sandbox, `fetch("${place}").then((r) => r.text())`)).toMatch(/^threw /);
    }
    expect(forbiddenHits).toBe(0);
  });

  test("more fetches than the limit", async () => {
    const loop = `(async () => { for (let i = 0; i < 3; i++) await (await fetch("http://authenticator.trivet.test/")).text(); })()`;
    expect(await evaluate(open({ fetches: 3 }), loop)).toBe("undefined");
    expect(await evaluate(open({ fetches: 2 }), loop)).toMatch(/^threw .*2 times at most/);
  });

  test("a parameter that would replace what the gate relies on", async () => {
    for (const name of [
      "fetch",
      "Lit",
      "JSON",
      "crypto",
      "jsParams",
      "__proto__",
      "constructor",
      "Promise",
    ]) {
      const params = JSON.parse(`{${JSON.stringify(name)}: 1}`) as Record<string, unknown>;
      await expect(run(open(), `Lit.Actions.setResponse({ response: "ran" })`, params)).rejects.toMatchObject(
        {
          code: "gate-failed",
          message: expect.stringMatching(/No parameter may be named/),
        },
      );
    }
  });

  test("every signature of a gate that failed after it had asked for it", async () => {
    const sign = `Lit.Actions.signEcdsa({ toSign: new Uint8Array(32), publicKey: "0x04", sigName: "operation" })`;
    for (const code of [
      `${sign}; throw new Error("no");`,
      `${sign}.then(() => { throw new Error("no"); });`,
      `${sign}; setTimeout(() => { throw new Error("no"); }, 1);`,
    ]) {
      await expect(run(open(), code)).rejects.toMatchObject({ code: "gate-failed" });
    }
  });

  test("a second signature in one run, and a digest that is none", async () => {
    const sign = (length: number) =>
      `await Lit.Actions.signEcdsa({ toSign: new Uint8Array(${length}), publicKey: "0x04", sigName: "a" });`;
    await expect(run(open(), `(async () => { ${sign(32)} ${sign(32)} })()`)).rejects.toMatchObject({
      message: expect.stringMatching(/two signatures/),
    });
    await expect(run(open(), `(async () => { ${sign(31)} })()`)).rejects.toMatchObject({
      code: "gate-failed",
    });
  });

  test("more runs than may wait, and serves those that wait one after the other", async () => {
    const sandbox = open({ runs: 1, waiting: 2 });
    const first = run(sandbox, `setTimeout(() => {}, 50)`);
    const others = [run(sandbox, "1"), run(sandbox, "1")];
    await expect(run(sandbox, "1")).rejects.toMatchObject({ code: "busy" });
    await first;
    await Promise.all(others);
    await lives(sandbox);
  });
});
