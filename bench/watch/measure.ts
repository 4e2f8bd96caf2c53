import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeFunctionData } from "viem";
import { accountFactoryAbi } from "#contracts/abi.ts";
import { operationOf } from "#contracts/testing/perform.ts";
import { newOwner, type Owner, World } from "#contracts/testing/world.ts";
import { accountAddress } from "#core/keys/account-address.ts";
import { keyId } from "#core/keys/key.ts";
import { type Address, toAddress } from "#core/primitives/address.ts";
import { NO_SALT } from "#core/primitives/hex.ts";
import { rpcSource } from "#electron/services/watcher/source.ts";
import { watchFile } from "#electron/services/watcher/state.ts";
import { createWatcher } from "#electron/services/watcher/watcher.ts";
import { type Summary, summarise } from "../sign/summary.ts";

/** What watching so many accounts costs. */
export interface WatchCost {
  readonly accounts: number;
  /** The first look: all blocks so far. */
  readonly firstLookMs: number;
  /** A look at one more block in which nothing happened to the accounts. */
  readonly quietBlockMs: Summary;
  /** A look at one more block in which one of the accounts changed: told, and kept. */
  readonly alertBlockMs: Summary;
  /** The quiet block's median, divided by the accounts: microseconds. */
  readonly quietMicrosecondsPerAccount: number;
  /** Requests to each RPC for a quiet block. */
  readonly requestsPerBlock: number;
  readonly stateBytes: number;
}

/** An account on the chain, and who owns it. */
interface Opened {
  readonly owner: Owner;
  readonly account: Address;
}

/** Opens so many accounts, one transaction after another. */
async function open(world: World, count: number): Promise<Opened[]> {
  const { publicClient, walletClient } = world.chain;
  const { factory, implementation } = world.contracts;
  const first = await publicClient.getTransactionCount({ address: walletClient.account.address });
  const fees = { gas: 1_000_000n, maxFeePerGas: 100_000_000_000n, maxPriorityFeePerGas: 1n };
  const opened: Opened[] = [];
  for (let index = 0; index < count; index += 1) {
    const owner = newOwner();
    const [device, mfa, recovery] = [owner.device, owner.mfa, owner.recovery].map(({ key }) => keyId(key));
    if (!device || !mfa || !recovery) throw new Error("an account has three keys");
    const args = [device, mfa, recovery, NO_SALT] as const;
    const data = encodeFunctionData({ abi: accountFactoryAbi, functionName: "createAccount", args });
    // With everything given, it is one request.
    await walletClient.sendTransaction({ to: factory, data, nonce: first + index, ...fees, type: "eip1559" });
    const account = accountAddress(factory, implementation, { device, mfa, recovery, salt: NO_SALT });
    opened.push({ owner, account });
  }
  return opened;
}

/** Something that is told each time: a recipient is allowed. */
async function allowRecipient(world: World, { owner, account }: Opened): Promise<void> {
  const recipient = newOwner().device.account.address;
  const wish = { kind: "setAllowlisted", recipient: toAddress(recipient), allowed: true } as const;
  await world.run(await operationOf(world, account, wish), [owner.device, owner.mfa]);
}

/**
 * Watches ever more accounts of a real chain in this process: every figure includes that chain's answers, and no network.
 * @param sizes how many accounts, ascending
 * @param runs how many blocks of each kind
 */
export async function measureWatching(
  sizes: readonly number[],
  runs: number,
  say: (line: string) => void,
): Promise<WatchCost[]> {
  const world = await World.start();
  const folder = await mkdtemp(join(tmpdir(), "trivet-bench-watch-"));
  const opened: Opened[] = [];
  const costs: WatchCost[] = [];
  try {
    for (const size of sizes) {
      opened.push(...(await open(world, size - opened.length)));
      say(`${size} accounts`);
      costs.push(await measureOne(world, opened, runs, join(folder, `${size}.json`)));
    }
  } finally {
    await world.stop();
    await rm(folder, { recursive: true, force: true });
  }
  return costs;
}

async function measureOne(
  world: World,
  opened: readonly Opened[],
  runs: number,
  path: string,
): Promise<WatchCost> {
  const accounts = opened.map(({ account }) => account);
  let requests = 0;
  let told = 0;
  const source = rpcSource("chain", async (method, params) => {
    requests += 1;
    return await world.chain.publicClient.transport.request({ method, params });
  });
  const watcher = createWatcher({
    sources: [source],
    chainId: world.domain.chainId,
    contracts: world.contracts,
    tokens: [],
    file: watchFile(path),
    from: 0,
    notifiers: [
      {
        name: "count",
        notify: async () => {
          told += 1;
        },
      },
    ],
    now: Date.now,
  });
  const look = async () => {
    const started = performance.now();
    const { upToDate } = await watcher.step(accounts);
    if (!upToDate) throw new Error("one look was not enough");
    return performance.now() - started;
  };

  const firstLookMs = await look();
  const quiet: number[] = [];
  requests = 0;
  for (let run = 0; run < runs; run += 1) {
    await world.chain.testClient.mine({ blocks: 1 });
    quiet.push(await look());
  }
  const requestsPerBlock = requests / runs;
  const alerting: number[] = [];
  const before = told;
  for (let run = 0; run < runs; run += 1) {
    const one = opened[run % opened.length];
    if (!one) throw new Error("there are no accounts");
    await allowRecipient(world, one);
    alerting.push(await look());
  }
  if (told - before < runs) throw new Error("an alert was not told");
  const quietBlockMs = summarise(quiet);
  return {
    accounts: accounts.length,
    firstLookMs: Math.round(firstLookMs),
    quietBlockMs,
    alertBlockMs: summarise(alerting),
    quietMicrosecondsPerAccount: Math.round((quietBlockMs.p50 * 1000) / accounts.length),
    requestsPerBlock,
    stateBytes: (await stat(path)).size,
  };
}
