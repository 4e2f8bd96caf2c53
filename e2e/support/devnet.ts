import { type ChildProcess, fork } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createWriteStream, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "@playwright/test";
import { createPublicClient, erc20Abi, http } from "viem";
import { z } from "zod";
import { accountAbi } from "#contracts/abi.ts";
import { type NetworkConfig, zNetworkConfig } from "#core/config/network.ts";
import type { Address } from "#core/primitives/address.ts";
import { type Message, zLedgerState, zMessage } from "#devnet/control/state.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** A devnet needs a row of ports; here the system gives none to programs that ask for any. */
const FIRST_BASE = 20_000;
const LAST_BASE = 32_000;
const ATTEMPTS = 3;

const zReady = z.object({ kind: z.literal("ready"), state: z.string() });
const zState = z.object({
  ledger: zLedgerState,
  processes: z.array(z.object({ name: z.string(), pid: z.number().nullable() })),
});

/** A devnet of its own, on free ports, that keeps nothing; driven through its control API. */
export class Devnet {
  readonly #process: ChildProcess;
  readonly stateDirectory: string;
  readonly network: NetworkConfig;

  private constructor(process: ChildProcess, stateDirectory: string) {
    this.#process = process;
    this.stateDirectory = stateDirectory;
    this.network = zNetworkConfig.parse(JSON.parse(readFileSync(this.networkFile, "utf8")));
  }

  static async start(): Promise<Devnet> {
    const log = path.join(ROOT, "e2e/results/devnet.log");
    mkdirSync(path.dirname(log), { recursive: true });
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await Devnet.#startAt(randomInt(FIRST_BASE, LAST_BASE), log);
      } catch (error) {
        // Most likely another program has one of its ports.
        if (attempt === ATTEMPTS) throw error;
      }
    }
  }

  static async #startAt(base: number, log: string): Promise<Devnet> {
    const child = fork(path.join(ROOT, "devnet/main.ts"), ["--ephemeral", "--port-base", String(base)], {
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    const file = createWriteStream(log);
    child.stdout?.pipe(file);
    child.stderr?.pipe(file);
    return new Promise<Devnet>((resolve, reject) => {
      child.on("message", (message) => {
        const parsed = zReady.safeParse(message);
        if (parsed.success) resolve(new Devnet(child, parsed.data.state));
      });
      child.once("exit", (code) => {
        reject(new Error(`the devnet ended with ${String(code)}; see ${log}`));
      });
    });
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    this.#process.kill("SIGTERM");
    await once(this.#process, "exit");
  }

  get networkFile(): string {
    return path.join(this.stateDirectory, "network.json");
  }

  get pageUrl(): string {
    return this.network.devnetPageUrl ?? "";
  }

  async #get(route: string): Promise<unknown> {
    const response = await fetch(`${this.pageUrl}${route}`);
    return response.json();
  }

  /** A command of the control API. */
  async post(route: string, body: Record<string, unknown> = {}): Promise<void> {
    const response = await fetch(`${this.pageUrl}${route}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${route}: ${await response.text()}`);
  }

  /** The newest mail to an address. */
  async newestMail(email: string): Promise<Message | undefined> {
    const mails = z.array(zMessage).parse(await this.#get("/api/inbox"));
    return mails.find(({ to }) => to === email);
  }

  async fund(address: Address, token: string | null, amount: string): Promise<void> {
    await this.post("/api/faucet", { address, token, amount });
  }

  stopNode = (index: number) => this.post(`/api/nodes/${index}/stop`);
  startNode = (index: number) => this.post(`/api/nodes/${index}/start`);
  makeFaulty = (index: number) => this.post(`/api/nodes/${index}/fault`, { fault: "wrong-share" });
  makeHonest = (index: number) => this.post(`/api/nodes/${index}/fault`, { fault: "none" });
  publishNextGate = () => this.post("/api/gates/publish");
  rollBackGate = () => this.post("/api/gates/roll-back");
  advance = (seconds: number) => this.post("/api/chain/advance", { seconds });
  ledger = (command: string, body: Record<string, unknown> = {}) => this.post(`/api/ledger/${command}`, body);

  async ledgerState(): Promise<z.output<typeof zLedgerState>> {
    return zState.parse(await this.#get("/api/state")).ledger;
  }

  /** Waits until the Ledger asks for a decision. */
  async ledgerAsks(): Promise<void> {
    await expect.poll(async () => (await this.ledgerState()).asking, { intervals: [100] }).toBe(true);
  }

  /** Lets `act` be a proof of a while ago: too old for the key network, which asks for a new one. */
  async longAgo<T>(act: () => Promise<T>): Promise<T> {
    await this.moveAuthenticatorClock(-900);
    const result = await act();
    await this.moveAuthenticatorClock(0);
    return result;
  }

  /** Moves the authenticator's clock away from this computer's. */
  async moveAuthenticatorClock(offsetSeconds: number): Promise<void> {
    const response = await fetch(new URL("/control/clock", this.network.authenticator.baseUrl), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ offsetSeconds }),
    });
    if (!response.ok) throw new Error(`the authenticator's clock does not move: ${await response.text()}`);
  }

  /** The process ids of the devnet, its own first. */
  async pids(): Promise<number[]> {
    const { processes } = zState.parse(await this.#get("/api/state"));
    return [this.#process.pid, ...processes.map(({ pid }) => pid)].filter((pid) => typeof pid === "number");
  }

  /** Brings clock, Ledger and nodes back to how a test expects to find them. */
  async reset(): Promise<void> {
    await this.moveAuthenticatorClock(0);
    await this.ledger("model", { model: "flex" });
    await this.ledger("plug");
    await this.ledger("unlock");
    await this.ledger("app", { open: true, version: "1.22.0" });
    await this.ledger("settings", { rawMessages: true, blindSigning: false, approval: "always" });
    const { keyNetwork } = this.network;
    for (const { index } of keyNetwork.adapter === "local" ? keyNetwork.nodes : []) {
      await this.startNode(index);
      await this.makeHonest(index);
    }
  }

  /** The devnet's chain, read past the wallet. */
  get chain() {
    return createPublicClient({ transport: http(this.network.chain.rpcUrls[0]) });
  }

  /** The token of the devnet with this symbol. */
  token(symbol: string): NetworkConfig["tokens"][number] {
    const token = this.network.tokens.find((one) => one.symbol === symbol);
    if (!token) throw new Error(`no token ${symbol}`);
    return token;
  }

  async tokenBalance(symbol: string, owner: Address): Promise<bigint> {
    const { address } = this.token(symbol);
    return this.chain.readContract({ address, abi: erc20Abi, functionName: "balanceOf", args: [owner] });
  }

  /** What the account ran, by its events. */
  async executed(account: Address) {
    return this.chain.getContractEvents({
      address: account,
      abi: accountAbi,
      fromBlock: "earliest",
      strict: true,
    });
  }
}
