import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseEther } from "viem";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { devnetPriceFeedAbi, devnetStakingAbi } from "#contracts/abi.ts";
import { createChainClients } from "./chain/client.ts";
import type { DevnetState } from "./control/state.ts";
import type { DevnetProcess } from "./testing/devnet-process.ts";
import { startDevnetProcess } from "./testing/devnet-process.ts";

const SOMEBODY = "0x00000000000000000000000000000000000A11cE";

let state: string;
let devnet: DevnetProcess;

beforeAll(async () => {
  state = mkdtempSync(join(tmpdir(), "trivet-devnet-"));
  devnet = await startDevnetProcess(["--port-base", "0", "--state", state]);
});
afterAll(async () => {
  await devnet.stop();
  rmSync(state, { recursive: true, force: true });
});

async function post(path: string, body: unknown = {}, headers: Record<string, string> = {}) {
  const response = await fetch(`${devnet.pageUrl}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function look(): Promise<DevnetState> {
  const response = await fetch(`${devnet.pageUrl}/api/state`);
  return (await response.json()) as DevnetState;
}

/** The ports of the nodes that the staking contract lists: whom the key network's client would ask. */
async function listedPorts(): Promise<number[]> {
  const [, , validators] = await createChainClients(devnet.network.keyNetwork.rpcUrl).reader.readContract({
    address: devnet.network.keyNetwork.staking,
    abi: devnetStakingAbi,
    functionName: "getActiveUnkickedValidatorStructsAndCounts",
  });
  return validators.map(({ port }) => port);
}

const nodePort = (index: number) => Number(new URL(devnet.network.keyNetwork.nodes[index - 1]!.url).port);

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe("a devnet", () => {
  it("describes itself in network.json, with everything up and all four nodes listed", async () => {
    const now = await look();
    expect(now.processes.map(({ state: process }) => process)).toEqual(Array(7).fill("running"));
    expect(await listedPorts()).toEqual([1, 2, 3, 4].map(nodePort));
    expect(devnet.network.kind).toBe("devnet");
    for (const url of [
      devnet.network.relayUrl,
      devnet.network.authenticator.baseUrl,
      devnet.network.chain.rpcUrls[0]!,
    ]) {
      expect(new URL(url).hostname).toBe("127.0.0.1");
    }
  });

  it("lists a node no more when it is stopped, and again when it is started", async () => {
    expect(await post("/api/nodes/2/stop")).toMatchObject({ status: 200 });
    expect(await listedPorts()).toEqual([1, 3, 4].map(nodePort));
    expect((await look()).nodes[1]).toMatchObject({ index: 2, state: "stopped" });
    expect(await post("/api/nodes/2/start")).toMatchObject({ status: 200 });
    expect(await listedPorts()).toEqual([1, 2, 3, 4].map(nodePort));
  });

  it("starts a node again that was killed, and keeps the list true meanwhile", async () => {
    const { pid } = (await look()).processes.find(({ name }) => name === "node-3")!;
    process.kill(pid!, "SIGKILL");
    await vi.waitFor(async () => expect(await listedPorts()).not.toContain(nodePort(3)), { timeout: 30_000 });
    await vi.waitFor(async () => expect(await listedPorts()).toContain(nodePort(3)), { timeout: 60_000 });
  });

  it("brings a killed chain back as it was, and lists on it what happened to the nodes meanwhile", async () => {
    const before = await look();
    process.kill(before.processes.find(({ name }) => name === "chain")!.pid!, "SIGKILL");
    await vi.waitFor(async () => expect((await look()).chain).toBeNull(), { timeout: 30_000 });
    // The list cannot be changed while the chain is away; that the node is down is true all the same.
    await post("/api/nodes/4/stop");
    await vi.waitFor(async () => expect((await look()).chain).not.toBeNull(), { timeout: 60_000 });
    expect((await look()).chain!.blockNumber).toBeGreaterThanOrEqual(before.chain!.blockNumber);
    await vi.waitFor(async () => expect(await listedPorts()).toEqual([1, 2, 3].map(nodePort)), {
      timeout: 30_000,
    });
    await post("/api/nodes/4/start");
    expect(await listedPorts()).toEqual([1, 2, 3, 4].map(nodePort));
  });

  it("makes a node misbehave until it is told to behave or is restarted", async () => {
    expect(await post("/api/nodes/1/fault", { fault: "wrong-share" })).toMatchObject({ status: 200 });
    expect((await look()).nodes[0]).toMatchObject({ fault: "wrong-share" });
    await post("/api/nodes/1/stop");
    await post("/api/nodes/1/start");
    expect((await look()).nodes[0]).toMatchObject({ fault: "none" });
    expect(await post("/api/nodes/1/fault", { fault: "sloth" })).toMatchObject({ status: 400 });
    expect(await post("/api/nodes/9/stop")).toMatchObject({
      status: 404,
      body: { error: { code: "no-such-node" } },
    });
  });

  it("lets days pass on the chain, but only forward and by whole seconds", async () => {
    const before = (await look()).chain!;
    expect(await post("/api/chain/advance", { seconds: 86_400 })).toMatchObject({ status: 200 });
    const after = (await look()).chain!;
    expect(after.timestamp - before.timestamp).toBeGreaterThanOrEqual(86_400);
    for (const seconds of [0, -5, 1.5, "60", 1e12]) {
      expect(await post("/api/chain/advance", { seconds })).toMatchObject({ status: 400 });
    }
  });

  it("gives play money, and says what is wrong with a request it cannot grant", async () => {
    const { reader } = createChainClients(devnet.network.chain.rpcUrls[0]!);
    const before = await reader.getBalance({ address: SOMEBODY });
    expect(await post("/api/faucet", { address: SOMEBODY, token: null, amount: "2.5" })).toMatchObject({
      status: 200,
    });
    expect((await reader.getBalance({ address: SOMEBODY })) - before).toBe(parseEther("2.5"));
    expect(await post("/api/faucet", { address: SOMEBODY, token: null, amount: "a lot" })).toMatchObject({
      status: 422,
      body: { error: { code: "faucet-refused" } },
    });
  });

  it("publishes the gates that Trivet ships one after another, goes back, and refuses what it cannot do", async () => {
    const standings = async () => (await look()).gates.map(({ standing }) => standing);
    expect(await standings()).toEqual(["canonical", "none"]);
    expect(await post("/api/gates/roll-back")).toMatchObject({
      status: 409,
      body: { error: { code: "governance-refused" } },
    });
    expect(await post("/api/gates/publish")).toMatchObject({ status: 200 });
    expect(await standings()).toEqual(["previous", "canonical"]);
    expect(await post("/api/gates/publish")).toMatchObject({ status: 409 });
    expect(await post("/api/gates/roll-back")).toMatchObject({ status: 200 });
    expect(await standings()).toEqual(["canonical", "none"]);
  });

  it("has a price for everything it gives, takes another, and keeps prices fresh while days pass", async () => {
    const feed = devnet.network.chain.nativePriceFeed!;
    const { reader } = createChainClients(devnet.network.chain.rpcUrls[0]!);
    const read = { address: feed.address, abi: devnetPriceFeedAbi, functionName: "latestRoundData" } as const;
    expect(devnet.network.tokens.every(({ priceFeed }) => priceFeed !== undefined)).toBe(true);
    expect(await post("/api/price", { token: null, dollars: "612.5" })).toMatchObject({ status: 200 });
    expect((await reader.readContract(read))[1]).toBe(61_250_000_000n);
    expect((await look()).prices[0]).toMatchObject({ symbol: "ETH", dollars: "612.5" });
    await post("/api/chain/advance", { seconds: 30 * 86_400 });
    const [, answer, , updatedAt] = await reader.readContract(read);
    expect(answer).toBe(61_250_000_000n);
    const { timestamp } = await reader.getBlock();
    expect(Number(timestamp - updatedAt)).toBeLessThan(feed.maxAgeSeconds);
    expect(await post("/api/price", { token: null, dollars: "free" })).toMatchObject({
      status: 422,
      body: { error: { code: "price-refused" } },
    });
  });

  it("relays nothing but calls to Trivet's contracts", async () => {
    const [token] = devnet.network.tokens;
    expect(await post("/relay", { to: token!.address, data: "0x" })).toMatchObject({
      status: 422,
      body: { error: { code: "not-allowed" } },
    });
    const { factory } = devnet.network.contracts;
    expect(await post("/relay", { to: factory, data: "0xdeadbeef" })).toMatchObject({
      status: 422,
      body: { error: { code: "reverted", revertData: "0x" } },
    });
    expect(await post("/relay", { to: "nowhere", data: "0x" })).toMatchObject({ status: 400 });
  });

  it("passes hands on to the Ledger, and its refusals back", async () => {
    expect(await post("/api/ledger/lock")).toMatchObject({ status: 200, body: { locked: true } });
    expect((await look()).ledger).toMatchObject({ locked: true });
    expect(await post("/api/ledger/unlock")).toMatchObject({ body: { locked: false } });
    expect(await post("/api/ledger/settings", { rawMessages: true })).toMatchObject({
      body: { settings: { rawMessages: true } },
    });
    expect(await post("/api/ledger/press", { control: "nothing" })).toMatchObject({
      status: 409,
      body: { error: { code: "ledger-refused" } },
    });
    expect(await post("/api/ledger/explode")).toMatchObject({ status: 404 });
  });

  it("tells whoever watches what changes", async () => {
    const abort = new AbortController();
    const response = await fetch(`${devnet.pageUrl}/api/events`, { signal: abort.signal });
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let seen = "";
    const until = async (text: string) => {
      while (!seen.includes(text)) {
        const { value, done } = await reader.read();
        if (done) throw new Error(`the stream ended without ${text}`);
        seen += value;
      }
    };
    await until('"wallet":null');
    await post("/api/wallet", { devToolsUrl: "http://127.0.0.1:9222/" });
    await until('"wallet":{"devToolsUrl":"http://127.0.0.1:9222/"}');
    await post("/api/wallet", { devToolsUrl: null });
    abort.abort();
  });

  it("serves its page with a policy that lets nothing in from elsewhere", async () => {
    const page = await fetch(devnet.pageUrl);
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(page.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
    const html = await page.text();
    expect(html).not.toMatch(/(src|href)="(?!\/)/);
    for (const path of ["/page.js", "/page.css", "/icon.svg", "/inter.woff2"]) {
      expect((await fetch(`${devnet.pageUrl}${path}`)).status).toBe(200);
    }
  });
});

describe("other sites' pages", () => {
  const foreign: [string, Record<string, string>][] = [
    ["by their origin", { origin: "https://example.com" }],
    ["by the origin of another port of this computer", { origin: "http://127.0.0.1:3000" }],
    ["by an opaque origin", { origin: "null" }],
    ["by what the browser says about the request", { "sec-fetch-site": "cross-site" }],
    ["when they are of the same site but another port", { "sec-fetch-site": "same-site" }],
  ];

  it.each(foreign)("are refused %s, whatever they ask", async (_, headers) => {
    const before = (await look()).nodes;
    expect((await post("/api/nodes/1/stop", {}, headers)).status).toBe(403);
    expect((await post("/relay", {}, headers)).status).toBe(403);
    for (const path of ["/", "/api/state", "/api/inbox", "/api/events"]) {
      expect((await fetch(`${devnet.pageUrl}${path}`, { headers })).status).toBe(403);
    }
    expect((await look()).nodes).toEqual(before);
  });

  it("are refused under a name of their own that points to this computer", async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      request(`${devnet.pageUrl}/api/inbox`, { headers: { host: "rebound.example.com" } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on("error", reject)
        .end();
    });
    expect(status).toBe(403);
  });

  it("cannot send what a form can send without being asked: anything but JSON is refused", async () => {
    const response = await fetch(`${devnet.pageUrl}/api/nodes/1/stop`, {
      method: "POST",
      headers: { "content-type": "text/plain" },
      body: "{}",
    });
    expect(response.status).toBe(400);
  });

  it("get no permission to read from any answer", async () => {
    const response = await fetch(`${devnet.pageUrl}/api/inbox`);
    expect(response.headers.get("access-control-allow-origin")).toBeNull();
    expect(response.headers.get("cross-origin-resource-policy")).toBe("same-origin");
  });
});

describe("starting and stopping", () => {
  const folders: string[] = [];
  const running: DevnetProcess[] = [];

  afterEach(async () => {
    await Promise.all(running.splice(0).map((process) => process.stop("SIGKILL")));
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });

  function newFolder(): string {
    const folder = mkdtempSync(join(tmpdir(), "trivet-devnet-"));
    folders.push(folder);
    return folder;
  }

  async function start(...args: string[]): Promise<DevnetProcess> {
    const started = await startDevnetProcess(args);
    running.push(started);
    return started;
  }

  const pidsOf = async ({ pageUrl }: DevnetProcess) => {
    const { processes } = (await (await fetch(`${pageUrl}/api/state`)).json()) as DevnetState;
    return processes.flatMap(({ pid }) => pid ?? []);
  };

  it("takes every process down when it is told to end, and says so in network.json's absence", async () => {
    const folder = newFolder();
    const first = await start("--port-base", "0", "--state", folder);
    const pids = await pidsOf(first);
    expect(pids).toHaveLength(7);
    expect(await first.stop("SIGINT")).toBe(0);
    expect(first.output()).not.toContain("by force");
    expect(pids.filter(isAlive)).toEqual([]);
    expect(existsSync(join(folder, "network.json"))).toBe(false);
  });

  it("leaves no process behind when it is killed, and comes back with chain and settings as they were", async () => {
    const folder = newFolder();
    const first = await start("--port-base", "0", "--state", folder, "--ledger-model", "nanosp");
    const say = async ({ pageUrl }: DevnetProcess, path: string, body: unknown) =>
      fetch(`${pageUrl}${path}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
    await say(first, "/api/faucet", { address: SOMEBODY, token: null, amount: "1" });
    await say(first, "/api/chain/advance", { seconds: 604_800 });
    const before = (await (await fetch(`${first.pageUrl}/api/state`)).json()) as DevnetState;
    const { reader } = createChainClients(first.network.chain.rpcUrls[0]!);
    const balance = await reader.getBalance({ address: SOMEBODY });
    const pids = await pidsOf(first);
    await first.stop("SIGKILL");
    await vi.waitFor(() => expect(pids.filter(isAlive)).toEqual([]), { timeout: 30_000 });

    const second = await start("--port-base", "0", "--state", folder);
    const after = (await (await fetch(`${second.pageUrl}/api/state`)).json()) as DevnetState;
    expect(after.chain!.offset).toBe(604_800);
    expect(after.chain!.blockNumber).toBeGreaterThanOrEqual(before.chain!.blockNumber);
    expect(after.ledger).toMatchObject({ model: "nanosp" });
    const again = createChainClients(second.network.chain.rpcUrls[0]!).reader;
    expect(await again.getBalance({ address: SOMEBODY })).toBe(balance);
    expect(second.network.contracts).toEqual(first.network.contracts);
  });

  it("refuses a folder that another devnet uses, naming it", async () => {
    await expect(start("--port-base", "0", "--state", state)).rejects.toThrow(/Another devnet already uses/);
    expect((await look()).name).toBe("Trivet devnet");
  });

  it("refuses ports that are taken, naming them, and leaves nothing behind", async () => {
    const blocker = createServer().listen(0, "127.0.0.1");
    await vi.waitFor(() => expect(blocker.listening).toBe(true));
    const { port } = blocker.address() as AddressInfo;
    const folder = newFolder();
    await expect(start("--port-base", String(port - 2), "--state", folder)).rejects.toThrow(
      new RegExp(`Port .*${port}.* is taken by another program.*--port-base`),
    );
    blocker.close();
    await start("--port-base", "0", "--state", folder);
  });

  it("refuses a chain that has other contracts than these, and says what to do", async () => {
    const folder = newFolder();
    const first = await start("--port-base", "0", "--state", folder);
    await first.stop();
    writeFileSync(join(folder, "contracts.sha256"), "of other contracts");
    await expect(start("--port-base", "0", "--state", folder)).rejects.toThrow(
      /contracts have changed.*start afresh/s,
    );
  });

  it("keeps nothing of an ephemeral devnet", async () => {
    const ephemeral = await start("--port-base", "0", "--ephemeral");
    expect(existsSync(ephemeral.state)).toBe(true);
    expect(await ephemeral.stop()).toBe(0);
    expect(existsSync(ephemeral.state)).toBe(false);
  });

  it("says what is wrong with its arguments", async () => {
    for (const [args, message] of [
      [["--port-base", "abc"], /--port-base must be a number/],
      [["--port-base", "80"], /at least 1024/],
      [["--ephemeral", "--state", "x"], /exclude each other/],
      [["--nonsense"], /nonsense/],
    ] as const) {
      await expect(startDevnetProcess([...args])).rejects.toThrow(message);
    }
  });
});
