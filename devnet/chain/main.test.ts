import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createPublicClient, http } from "viem";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ManagedProcess } from "../supervisor/managed-process.ts";
import { freePort } from "../testing/free-port.ts";
import { deployer, faucetAccount } from "./accounts.ts";
import { CHAIN_ID } from "./id.ts";

const MAIN = fileURLToPath(new URL("main.ts", import.meta.url));

let state: string;
let chain: ManagedProcess;
let url: string;

beforeEach(async () => {
  state = mkdtempSync(join(tmpdir(), "trivet-chain-"));
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  chain = new ManagedProcess({
    name: "chain",
    script: MAIN,
    args: ["--port", String(port), "--state", state],
    healthUrl: `${url}/health`,
    onLine: () => undefined,
    onState: () => undefined,
  });
  await chain.start();
});
afterEach(async () => {
  await chain.stop();
  rmSync(state, { recursive: true, force: true });
});

const client = () => createPublicClient({ transport: http(url, { retryCount: 0 }) });

async function transfer(nonce: number) {
  return deployer.signTransaction({
    type: "eip1559",
    chainId: CHAIN_ID,
    nonce,
    gas: 21_000n,
    maxFeePerGas: 10n ** 11n,
    maxPriorityFeePerGas: 1n,
    to: faucetAccount.address,
    value: 1n,
  });
}

async function rpc(method: string, params: unknown[] = [], headers: Record<string, string> = {}) {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

describe("the chain's process", () => {
  it("has every transaction it answered for after it was killed in the middle of others", async () => {
    const transactions = await Promise.all(Array.from({ length: 60 }, (_, nonce) => transfer(nonce)));
    const answered: `0x${string}`[] = [];
    let killed = false;
    for (const [index, serializedTransaction] of transactions.entries()) {
      const sent = client()
        .sendRawTransaction({ serializedTransaction })
        .then((hash) => answered.push(hash));
      if (index % 7 === 3) await sent.catch(() => undefined);
      else sent.catch(() => undefined);
      if (index === 40) {
        process.kill(chain.pid!, "SIGKILL");
        killed = true;
        break;
      }
    }
    expect(killed).toBe(true);
    await chain.stop();
    await chain.start();

    expect(answered.length).toBeGreaterThanOrEqual(35);
    for (const hash of answered) {
      expect(await client().getTransactionReceipt({ hash })).toMatchObject({ status: "success" });
    }
    const nonce = await client().getTransactionCount({ address: deployer.address });
    expect(nonce).toBeGreaterThanOrEqual(answered.length);
    await client().sendRawTransaction({ serializedTransaction: await transfer(nonce) });
    expect(await client().getTransactionCount({ address: deployer.address })).toBe(nonce + 1);
  });

  it("moves its clock only for the process that started it", async () => {
    const { timestamp } = await client().getBlock();
    await chain.ask("advance", { seconds: 604_800 });
    expect((await client().getBlock()).timestamp - timestamp).toBeGreaterThanOrEqual(604_800n);
    for (const method of [
      "evm_increaseTime",
      "evm_mine",
      "hardhat_setBalance",
      "eth_sendTransaction",
      "eth_accounts",
    ]) {
      expect((await rpc(method)).body).toMatchObject({ error: { code: -32601 } });
    }
  });

  it("passes a revert's data on", async () => {
    const { body } = await rpc("eth_call", [{ data: "0x63deadbeef60e01b5f5260045ffd" }, "latest"]);
    expect(body).toMatchObject({ error: { code: 3, data: "0xdeadbeef" } });
  });

  it("answers batches in order, and says what is wrong with what is no request", async () => {
    const response = await fetch(url, {
      method: "POST",
      body: JSON.stringify([{ jsonrpc: "2.0", id: "a", method: "eth_chainId" }, { nonsense: true }]),
    });
    expect(await response.json()).toMatchObject([
      { id: "a", result: "0x7a69" },
      { id: null, error: { code: -32600 } },
    ]);
    const broken = await fetch(url, { method: "POST", body: "{" });
    expect([broken.status, await broken.json()]).toMatchObject([400, { error: { code: -32700 } }]);
    const huge = await fetch(url, { method: "POST", body: "x".repeat(1_000_001) });
    expect(huge.status).toBe(413);
  });

  it("answers no web page: neither another site's nor one behind a name that points here", async () => {
    expect((await rpc("eth_chainId", [], { origin: "https://example.com" })).status).toBe(403);
    expect((await rpc("eth_chainId", [], { "sec-fetch-site": "cross-site" })).status).toBe(403);
    const preflight = await fetch(url, { method: "OPTIONS", headers: { origin: "https://example.com" } });
    expect(preflight.headers.get("access-control-allow-origin")).toBeNull();
  });
});
