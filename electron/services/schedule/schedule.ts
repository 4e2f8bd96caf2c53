import { accountAbi } from "#contracts/abi.ts";
import { WalletError } from "#core/errors/wallet-error.ts";
import { type Address, toAddress } from "#core/primitives/address.ts";
import {
  type Hex,
  type KeyId,
  type OperationId,
  type TransactionHash,
  zOperationId,
} from "#core/primitives/hex.ts";
import type { Scheduled } from "#core/wallet-api/schedule.ts";
import type { AccountReader, ScheduledEntry } from "../chain/account-reader.ts";
import type { ChainClient } from "../chain/client.ts";
import { chainAhead } from "../chain/clock.ts";
import type { Relay } from "../chain/relay.ts";
import { operationSummary } from "../operations/summary.ts";
import { namedPeople } from "../people.ts";
import type { HeldKeys, Profile } from "../profile.ts";
import { operationOfCall } from "./decode.ts";

/** How long an operation can run once its delay is over, in seconds (Stages.sol). */
const EXECUTION_WINDOW = 30 * 86_400;

export interface ScheduleOptions {
  readonly chain: ChainClient;
  readonly reader: AccountReader;
  readonly relay: Relay;
  readonly profile: { readonly get: () => Promise<Profile> };
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What the account accepted and has not done yet. */
export interface Schedule {
  /** What comes first first. */
  readonly list: () => Promise<Scheduled[]>;
  /**
   * Has what is due run, and waits until the chain has it.
   * @throws WalletError "not-scheduled", "not-due", or why the account refuses it now
   */
  readonly run: (id: OperationId) => Promise<TransactionHash>;
}

function stageOf({ asleep, executableAt }: ScheduledEntry, now: number): Scheduled["stage"] {
  if (asleep) return "asleep";
  if (now < executableAt) return "waiting";
  return now <= executableAt + EXECUTION_WINDOW ? "due" : "lapsed";
}

const notScheduled = () =>
  new WalletError(
    "not-scheduled",
    "This operation is not in the account's schedule: it ran already, or it was cancelled.",
    "Look at the account's activity for what became of it.",
  );

const notDue = (stage: Scheduled["stage"]) =>
  new WalletError(
    "not-due",
    {
      waiting: "This operation still waits for its delay.",
      due: "This operation is due.",
      lapsed: "Nobody ran this operation in time: it never runs.",
      asleep: "This operation sleeps since the account was frozen.",
    }[stage],
    stage === "asleep" ? "Arm it again first; its delay then begins anew." : "There is nothing to run now.",
  );

const reverted = () =>
  new WalletError(
    "transaction-reverted",
    "The account did not run the operation. Nothing was moved by it.",
    "Who signed it may have lost their say since. Look at the account's activity.",
  );

const notRun = () =>
  new WalletError(
    "not-run",
    "The operation still waits: what the relay sent did not run it.",
    "Try again in a moment.",
  );

export function createSchedule({ chain, reader, relay, profile, now }: ScheduleOptions): Schedule {
  const described = { tokens: reader.tokens, scriptVerifier: chain.config.contracts.scriptVerifier };

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

  /** A key that proposed something, as the account has it now: one that was removed since has no role. */
  async function proposerOf(
    account: Address,
    keys: HeldKeys,
    id: KeyId,
  ): Promise<Scheduled["proposers"][number]> {
    const role = await reader.roleOfKey(account, id);
    const friend = namedPeople([], keys).friend(id);
    return { id, ...(role && { role }), ...(friend !== undefined && { friend }) };
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
      const ahead = chainAhead(timestamp, now());
      const found = await Promise.all(
        [...calls].map(async ([id, call]): Promise<Scheduled | undefined> => {
          const entry = await reader.scheduled(address, id);
          if (!entry || entry.effect === "never") return undefined;
          const { effect } = entry;
          const executableAt = entry.executableAt - ahead;
          const operation = operationOfCall(address, call);
          const proposers = await Promise.all(entry.proposers.map((key) => proposerOf(address, keys, key)));
          return {
            id,
            ...(operation && { summary: operationSummary(operation, described) }),
            effect,
            executableAt,
            executableUntil: executableAt + EXECUTION_WINDOW,
            stage: stageOf(entry, Number(timestamp)),
            proposers,
          };
        }),
      );
      return found.filter((one) => one !== undefined).sort((a, b) => a.executableAt - b.executableAt);
    },
    async run(id) {
      const { account } = await profile.get();
      if (!account || !(await reader.isDeployed(account.address))) throw notScheduled();
      const address = toAddress(account.address);
      const [calls, entry, { timestamp }] = await Promise.all([
        callsOf(address),
        reader.scheduled(address, id),
        chain.read((client) => client.getBlock()),
      ]);
      const data = calls.get(id);
      if (!entry || data === undefined) throw notScheduled();
      const stage = stageOf(entry, Number(timestamp));
      if (stage !== "due") throw notDue(stage);
      const hash = await relay({ to: address, data });
      const receipt = await chain.receipt(hash);
      if (receipt?.status === "reverted") throw reverted();
      // A relay can name any transaction: what ran waits no more.
      if (await reader.scheduled(address, id)) throw notRun();
      return hash;
    },
  };
}
