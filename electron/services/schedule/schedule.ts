import { accountAbi } from "#contracts/abi.ts";
import { keyId } from "#core/keys/key.ts";
import { ROLES } from "#core/keys/role.ts";
import { type Address, toAddress } from "#core/primitives/address.ts";
import { type Hex, type OperationId, zKeyId, zOperationId } from "#core/primitives/hex.ts";
import type { Scheduled } from "#core/wallet-api/schedule.ts";
import type { AccountReader, ScheduledEntry } from "../chain/account-reader.ts";
import type { ChainClient } from "../chain/client.ts";
import { operationSummary } from "../operations/summary.ts";
import type { Profile } from "../profile.ts";
import { operationOfCall } from "./decode.ts";

/** How long an operation can run once its delay is over, in seconds (Stages.sol). */
const EXECUTION_WINDOW = 30 * 86_400;

export interface ScheduleOptions {
  readonly chain: ChainClient;
  readonly reader: AccountReader;
  readonly profile: { readonly get: () => Promise<Profile> };
}

/** What the account accepted and has not done yet. */
export interface Schedule {
  /** What comes first first. */
  readonly list: () => Promise<Scheduled[]>;
}

function stageOf({ asleep, executableAt }: ScheduledEntry, now: number): Scheduled["stage"] {
  if (asleep) return "asleep";
  if (now < executableAt) return "waiting";
  return now <= executableAt + EXECUTION_WINDOW ? "due" : "lapsed";
}

export function createSchedule({ chain, reader, profile }: ScheduleOptions): Schedule {
  /** The calls that were ever scheduled, by the operation's id. The chain keeps them in events only. */
  async function callsOf(account: Address): Promise<Map<OperationId, Hex>> {
    const logs = await chain.read((client) =>
      client.getContractEvents({
        address: account,
        abi: accountAbi,
        eventName: "OperationScheduled",
        fromBlock: "earliest",
        strict: true,
      }),
    );
    return new Map(logs.map(({ args }) => [zOperationId.parse(args.operation), args.call]));
  }

  return {
    async list() {
      const { account, keys } = await profile.get();
      if (!account || !(await reader.isDeployed(account.address))) return [];
      const address = toAddress(account.address);
      const [calls, { timestamp }] = await Promise.all([
        callsOf(address),
        chain.read((client) => client.getBlock()),
      ]);
      const found = await Promise.all(
        [...calls].map(async ([id, call]): Promise<Scheduled | undefined> => {
          const entry = await reader.scheduled(address, id);
          if (!entry || entry.effect === "never") return undefined;
          const { effect, executableAt } = entry;
          const operation = operationOfCall(address, call);
          const proposer = ROLES.find(
            (role) => keys[role] && keyId(keys[role].key) === zKeyId.parse(entry.proposer),
          );
          return {
            id,
            ...(operation && { summary: operationSummary(operation, reader.tokens) }),
            effect,
            executableAt,
            executableUntil: executableAt + EXECUTION_WINDOW,
            stage: stageOf(entry, Number(timestamp)),
            ...(proposer && { proposer }),
          };
        }),
      );
      return found.filter((one) => one !== undefined).sort((a, b) => a.executableAt - b.executableAt);
    },
  };
}
