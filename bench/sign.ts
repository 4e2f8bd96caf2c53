// `npm run bench:sign`: how long a signature takes, through the parts the wallet uses, on a devnet of its own.
// With --json it prints one line of JSON and nothing else; --runs N sets the number of runs.
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import { z } from "zod";
import type { LedgerLibraryName, NetworkConfig } from "#core/config/network.ts";
import { startDevnet } from "#devnet/devnet.ts";
import { LitConnector } from "#electron/key-network/local/lit-client.ts";
import { BenchLedger } from "./sign/ledger.ts";
import { summarise, type Summary } from "./sign/summary.ts";
import { BenchWallet } from "./sign/wallet.ts";

const WARM_UP_RUNS = 3;
/** People do not sign one after another: nodes get the time to prepare the sandbox of the next run. */
const PAUSE_MS = 1_000;

const { values } = parseArgs({
  options: { json: { type: "boolean", default: false }, runs: { type: "string", default: "20" } },
});
const runs = z.coerce.number().int().min(1).max(1000).parse(values.runs);

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** Measures `runs` times after a warm-up, with a pause before each. */
async function measure(work: (run: number) => Promise<number>): Promise<number[]> {
  const samples: number[] = [];
  for (let run = 0; run < WARM_UP_RUNS + runs; run++) {
    await setTimeout(PAUSE_MS);
    const sample = await work(run);
    if (run >= WARM_UP_RUNS) samples.push(sample);
  }
  return samples;
}

/** A new connection: the staking contract is read and hands are shaken with four nodes. */
async function measureConnect({ keyNetwork }: NetworkConfig): Promise<number[]> {
  if (keyNetwork.adapter !== "local") throw new Error("the benchmark measures the local key network");
  const connector = new LitConnector(keyNetwork);
  const samples = await measure(() => timed(() => connector.connect()).finally(() => connector.reset()));
  return samples;
}

/**
 * Whole runs: request, gate in the sandboxes of four nodes, threshold signature by three, verification. How long the
 * signing takes of it is the difference to a run that the gate refuses at its last check, taken pair by pair.
 */
async function measureGate(wallet: BenchWallet): Promise<{ gate: number[]; threshold: number[] }> {
  const threshold: number[] = [];
  const gate = await measure(async (run) => {
    const nonce = BigInt(run);
    const refused = await timed(() => wallet.beRefused(nonce));
    await setTimeout(PAUSE_MS);
    const granted = await timed(() => wallet.sign(nonce));
    threshold.push(granted - refused);
    return granted;
  });
  return { gate, threshold: threshold.slice(WARM_UP_RUNS) };
}

async function measureLedger(
  network: NetworkConfig,
  wallet: BenchWallet,
  library: LedgerLibraryName,
): Promise<{ total: number[]; host: number[] }> {
  const ledger = await BenchLedger.open(network, wallet.account, library);
  const host: number[] = [];
  try {
    const total = await measure(async (run) => {
      const times = await ledger.sign(BigInt(run));
      host.push(times.total - times.device);
      return times.total;
    });
    return { total, host: host.slice(WARM_UP_RUNS) };
  } finally {
    ledger.close();
  }
}

async function measureAll(network: NetworkConfig): Promise<Record<string, Summary>> {
  const wallet = await BenchWallet.create(network);
  const connect = await measureConnect(network);
  const { gate, threshold } = await measureGate(wallet);
  const ledger = await measureLedger(network, wallet, "hw-app-eth");
  const ledgerKit = await measureLedger(network, wallet, "device-management-kit");
  return {
    connectMs: summarise(connect),
    gateMs: summarise(gate),
    thresholdSignMs: summarise(threshold),
    ledgerSignMs: summarise(ledger.total),
    ledgerHostMs: summarise(ledger.host),
    ledgerKitSignMs: summarise(ledgerKit.total),
    ledgerKitHostMs: summarise(ledgerKit.host),
  };
}

const EXPLANATIONS: Record<string, string> = {
  connectMs: "a new connection to the key network",
  gateMs:
    "the network key, from click to signed: gate on four nodes, three sign, verified (aim: p50 400, p95 800)",
  thresholdSignMs: "of it, the threshold signature",
  ledgerSignMs: "the software Ledger, from click to signed, approving at once (hw-app-eth)",
  ledgerHostMs: "of it, without the time in which the device has the word",
  ledgerKitSignMs: "the same by way of the Device Management Kit",
  ledgerKitHostMs: "of it, without the device",
};

function printTable(results: Record<string, Summary>): void {
  const column = (value: number) => value.toFixed(1).padStart(9);
  console.log(`${"ms".padEnd(16)}${"p50".padStart(9)}${"p95".padStart(9)}${"n".padStart(6)}`);
  for (const [name, { p50, p95, n }] of Object.entries(results)) {
    const label = name.replace("Ms", "").padEnd(16);
    console.log(`${label}${column(p50)}${column(p95)}${String(n).padStart(6)}  ${EXPLANATIONS[name] ?? ""}`);
  }
}

// The client and its libraries speak to the console; with --json nothing but the result may be there.
const { log } = console;
if (values.json)
  for (const level of ["log", "info", "warn", "debug"] as const) console[level] = () => undefined;

const devnet = await startDevnet({ state: null, portBase: 0 }, () => undefined);
let results: Record<string, Summary>;
try {
  results = await measureAll(devnet.network);
} finally {
  await devnet.stop();
}
if (values.json) log(JSON.stringify(results));
else printTable(results);
// The Lit client keeps timers that nobody can stop.
process.exit(0);
