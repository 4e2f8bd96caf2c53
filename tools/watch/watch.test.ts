import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { newOwner, World } from "#contracts/testing/world.ts";
import { perform } from "#contracts/testing/perform.ts";
import { type Message, zMessage } from "#electron/services/watcher/messages.ts";
import { ROOT } from "../tasks/runner.ts";
import { command, webhook } from "./notifiers.ts";
import { UsageError, watchOptions } from "./options.ts";

const ACCOUNT = `0x${"5a".repeat(20)}`;
const message: Message = { type: "sources", id: "one#1", title: "A title; rm -rf $HOME", detail: "Detail" };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "trivet-watch-tool-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe("options", () => {
  const least = ["--account", ACCOUNT, "--network", "n.json"];

  test("have defaults, and everything but the account may be given as it is needed", () => {
    expect(watchOptions(least)).toMatchObject({ every: 12, once: false, rpc: [], "from-block": 0 });
    const many = watchOptions([
      ...least,
      ...["--rpc", "https://a.example", "--rpc", "http://127.0.0.1:8545", "--once"],
      ...["--notify", "webhook=https://hook.example/x?key=1", "--notify", "command=/bin/alarm"],
    ]);
    expect(many.notify).toEqual([
      { kind: "webhook", url: "https://hook.example/x?key=1" },
      { kind: "command", file: "/bin/alarm" },
    ]);
    expect(many.rpc).toHaveLength(2);
  });

  test.each([
    [["--network", "n.json"], "name an account: --account 0x…"],
    [["--account", ACCOUNT], "name the network's description: --network FILE"],
    [["--account", "0x12", "--network", "n"], "--account not a valid address (not-an-address)"],
    [[...least, "--rpc", "http://a.example"], /^--rpc must be https/],
    [[...least, "--notify", "mail=me"], "--notify must be webhook=URL or command=FILE"],
    [[...least, "--notify", "webhook=ftp://x"], "--notify must be an http or https address"],
    [[...least, "--every", "0"], "--every must be at least 1"],
    [[...least, "--from-block", "-1"], /from-block/],
    [[...least, "--loud"], /Unknown option '--loud'/],
  ])("%j are refused with a sentence", (args, sentence) => {
    expect(() => watchOptions(args)).toThrow(UsageError);
    expect(() => watchOptions(args)).toThrow(sentence);
  });
});

describe("notifiers", () => {
  test("a webhook gets the message with its id as key; anything but a 2xx is a failure", async () => {
    const got: { body: string; key: unknown }[] = [];
    let status = 204;
    const server = createServer((request, response) => {
      let body = "";
      request.setEncoding("utf8").on("data", (text: string) => (body += text));
      request.on("end", () => {
        got.push({ body, key: request.headers["idempotency-key"] });
        response.writeHead(status).end();
      });
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const hook = webhook(`http://127.0.0.1:${port}/`);
    await hook.notify(message);
    expect(zMessage.parse(JSON.parse(got[0]?.body ?? ""))).toEqual(message);
    expect(got[0]?.key).toBe(message.id);
    status = 500;
    await expect(hook.notify(message)).rejects.toThrow("the webhook answers 500");
    server.close();
    await once(server, "close");
    await expect(hook.notify(message)).rejects.toThrow();
  });

  test("a command gets the message on its input, and no shell sees it", async () => {
    const file = path.join(folder, "alarm.mjs");
    const out = path.join(folder, "out.json");
    await writeFile(
      file,
      `#!${process.execPath}\nimport { readFileSync, writeFileSync } from "node:fs";\n` +
        `writeFileSync(${JSON.stringify(out)}, readFileSync(0)); process.exitCode = process.argv.length - 2;\n`,
    );
    await chmod(file, 0o700);
    await command(file).notify(message);
    expect(JSON.parse(await readFile(out, "utf8"))).toEqual(message);
  });

  test("a command that fails, or is not there, is a failure", async () => {
    await expect(command("/bin/false").notify(message)).rejects.toThrow("the command ended with 1");
    await expect(command(path.join(folder, "none")).notify(message)).rejects.toThrow("ENOENT");
    await expect(command(`${path.join(folder, "none")}; true`).notify(message)).rejects.toThrow("ENOENT");
  });
});

describe("the task", () => {
  /** Runs the task to its end. */
  async function run(args: readonly string[]) {
    const child = spawn(process.execPath, ["tools/tasks/watch.ts", ...args], { cwd: ROOT });
    let out = "";
    let errors = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
    const [code] = z.tuple([z.number(), z.null()]).parse(await once(child, "close"));
    return {
      code,
      errors,
      messages: out.split("\n").flatMap((line) => (line ? [zMessage.parse(JSON.parse(line))] : [])),
    };
  }

  test("looks once over HTTP, tells what it found once, and says when it could not look", async () => {
    const world = await World.start();
    const owner = newOwner();
    const account = await world.createAccount(owner);
    await perform(world, account, { kind: "lock" }, [owner.mfa]);
    const server = createServer((request, response) => {
      let body = "";
      request.setEncoding("utf8").on("data", (text: string) => (body += text));
      request.on("end", () => {
        const { method, params } = z
          .object({ method: z.string(), params: z.array(z.unknown()) })
          .parse(JSON.parse(body));
        void world.chain.publicClient.transport
          .request({ method, params })
          .then((result: unknown) => response.end(JSON.stringify({ jsonrpc: "2.0", id: 1, result })));
      });
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const rpc = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const network = path.join(folder, "network.json");
    const { factory, implementation, factorRegistry, gateRegistry } = world.contracts;
    await writeFile(
      network,
      JSON.stringify({
        name: "Test",
        kind: "devnet",
        chain: { id: world.domain.chainId, name: "Test chain", rpcUrls: [rpc], nativeSymbol: "ETH" },
        contracts: { factory, implementation, factorRegistry, gateRegistry },
        tokens: [],
        relayUrl: rpc,
        keyNetwork: {
          adapter: "local",
          rpcUrl: rpc,
          staking: world.contracts.staking,
          nodes: [{ index: 1, url: rpc }],
        },
        authenticator: { baseUrl: rpc, publicToken: "t", projectId: "p", issuer: "i" },
        ledger: { transport: "usb" },
      }),
    );
    const args = [
      "--account",
      account,
      "--network",
      network,
      "--state",
      path.join(folder, "state.json"),
      "--once",
    ];
    const first = await run(args);
    expect(first.errors).toBe("");
    expect(first).toMatchObject({ code: 0, messages: [{ type: "alert", title: "The account is locked" }] });
    expect(await run(args)).toMatchObject({ code: 0, messages: [] });
    server.close();
    await world.stop();
    const dead = await run(args);
    expect(dead.code).toBe(3);
    expect(dead.errors).toContain("It does not answer.");
  });

  test("says how it is used when it is used wrongly", async () => {
    const { code, errors } = await run(["--once"]);
    expect(code).toBe(2);
    expect(errors).toContain("name an account: --account 0x…");
    expect(errors).toContain("--notify webhook=URL");
  });
});
