import type { PublicClient } from "viem";
import { getAbiItem } from "viem/utils";
import { type Effect, EFFECTS } from "#core/policy/policy.ts";
import type { Hex, KeyId, OperationId } from "#core/primitives/hex.ts";
import { zKeyId, zOperationId } from "#core/primitives/hex.ts";
import { accountAbi } from "./abi.ts";
import { type AccountState, type KeyState, readKey } from "./account.ts";

/** An operation that the account accepted and that waits for its delay. */
export interface WaitingOperation {
  readonly id: OperationId;
  readonly effect: Effect;
  readonly proposer: KeyId;
  /** How many other keys proposed it. */
  readonly others: number;
  /** Seconds since 1970. */
  readonly executableAt: number;
  readonly asleep: boolean;
  /** The call to the account that runs it then; anybody can send it. */
  readonly call: Hex;
}

/** All that waits with an account. */
export interface Waiting {
  readonly keys: readonly KeyState[];
  readonly operations: readonly WaitingOperation[];
  /** The first block that was looked at: servers that answer only for few blocks at a time can end the search early. */
  readonly fromBlock: bigint;
}

/** As many questions a search may take. */
const MOST_QUESTIONS = 200;

/**
 * Calls `ask` for all blocks up to `last`, the newest first. A server that refuses a range is asked for halves of it,
 * and from then on for no larger ones.
 * @returns the first block that was looked at
 */
async function newestFirst(
  last: bigint,
  ask: (fromBlock: bigint, toBlock: bigint) => Promise<void>,
): Promise<bigint> {
  let width = last + 1n;
  let next = last;
  for (let questions = 0; questions < MOST_QUESTIONS && next >= 0n; questions += 1) {
    const from = next - width + 1n < 0n ? 0n : next - width + 1n;
    try {
      await ask(from, next);
      next = from - 1n;
    } catch (error) {
      if (from === next) throw error;
      width = (next - from + 1n) / 2n;
    }
  }
  return next + 1n;
}

/** Finds what waits with an account, by what it announced. */
export async function readWaiting(client: PublicClient, account: AccountState): Promise<Waiting> {
  if (!account.deployed) return { keys: [], operations: [], fromBlock: 0n };
  const { address } = account;
  const keyIds = new Set<KeyId>();
  const calls = new Map<OperationId, Hex>();
  // Never a number that was remembered: what was announced since would be missing.
  const newest = await client.getBlockNumber({ cacheTime: 0 });
  const fromBlock = await newestFirst(newest, async (from, to) => {
    const logs = await client.getLogs({
      address,
      events: [
        getAbiItem({ abi: accountAbi, name: "KeyPendingUntil" }),
        getAbiItem({ abi: accountAbi, name: "OperationScheduled" }),
      ],
      fromBlock: from,
      toBlock: to,
      strict: true,
    });
    for (const log of logs) {
      if (log.eventName === "KeyPendingUntil") keyIds.add(zKeyId.parse(log.args.keyId));
      else calls.set(zOperationId.parse(log.args.operation), log.args.call);
    }
  });
  const keys = await Promise.all([...keyIds].map((id) => readKey(client, account, id)));
  const operations = await Promise.all(
    [...calls].map(async ([id, call]): Promise<WaitingOperation | undefined> => {
      const [entry, asleep] = await client.readContract({
        address,
        abi: accountAbi,
        functionName: "getScheduled",
        args: [id],
      });
      if (entry.executableAt === 0) return undefined;
      return {
        id,
        effect: EFFECTS[entry.effect] ?? "never",
        proposer: zKeyId.parse(entry.proposer),
        others: entry.others.length,
        executableAt: entry.executableAt,
        asleep,
        call,
      };
    }),
  );
  return {
    keys: keys.filter((key) => key !== undefined).filter(({ standing }) => standing !== "active"),
    operations: operations.filter((operation) => operation !== undefined),
    fromBlock,
  };
}
