import { decodeEventLog, encodeEventTopics, erc20Abi } from "viem";
import { accountAbi } from "#contracts/abi.ts";
import { type ActivityEvent, zActivityEvent } from "#core/activity/entry.ts";
import { type Address, sameAddress } from "#core/primitives/address.ts";
import { decodeLog, type WatchedContracts } from "../watcher/decode.ts";
import type { RawLog } from "../watcher/source.ts";

const [WITHDRAWN] = encodeEventTopics({ abi: accountAbi, eventName: "Withdrawn" });
const [EXECUTED] = encodeEventTopics({ abi: accountAbi, eventName: "Executed" });
/** The name of a token's transfers among events. */
export const [TRANSFER] = encodeEventTopics({ abi: erc20Abi, eventName: "Transfer" });

function topicsOf({ topics: [first, ...rest] }: RawLog): [`0x${string}`, ...`0x${string}`[]] {
  if (first === undefined) throw new TypeError("an event without a name");
  return [first, ...rest];
}

/** An event of the account itself of which the watcher keeps less. */
function ownEvent(log: RawLog): unknown {
  const event = decodeEventLog({ abi: accountAbi, data: log.data, topics: topicsOf(log), strict: true });
  switch (event.eventName) {
    case "Withdrawn": {
      const { token, to, amount, nonce } = event.args;
      return { kind: "withdrew", token, to, amount: amount.toString(), nonce: nonce.toString() };
    }
    case "Executed":
      return { kind: "called", operation: event.args.operation, calls: Number(event.args.number) };
    default:
      return undefined;
  }
}

function transfer(log: RawLog, account: Address): unknown {
  const { args } = decodeEventLog({
    abi: erc20Abi,
    eventName: "Transfer",
    data: log.data,
    topics: topicsOf(log),
  });
  const amount = args.value.toString();
  // What an account sends to itself changes nothing.
  if (sameAddress(args.from, args.to)) return undefined;
  return sameAddress(args.to, account)
    ? { kind: "received", token: log.address, from: args.from, amount }
    : { kind: "sent", token: log.address, to: args.to, amount };
}

/**
 * What an event tells of an account; undefined when it is none of its, or makes no sense.
 * @param keys the ids of the keys that the account has or had: records are known by their key alone
 */
export function decodeActivity(
  log: RawLog,
  account: Address,
  contracts: WatchedContracts,
  keys: ReadonlySet<string>,
): ActivityEvent | undefined {
  try {
    const [name] = log.topics;
    if (name === TRANSFER && !sameAddress(log.address, account)) {
      return zActivityEvent.safeParse(transfer(log, account)).data;
    }
    if (sameAddress(log.address, account) && (name === WITHDRAWN || name === EXECUTED)) {
      return zActivityEvent.parse(ownEvent(log));
    }
  } catch {
    // A token may call anything a transfer (those of ERC-721 have other topics), and an RPC may invent events.
    return undefined;
  }
  const decoded = decodeLog(log, contracts);
  if (!decoded || decoded.concerned === "network") return undefined;
  const { fact, concerned } = decoded;
  const isOwn =
    concerned === "holders"
      ? fact.kind === "recordSet" && keys.has(fact.key)
      : sameAddress(concerned.account, account);
  return isOwn ? { kind: "fact", fact } : undefined;
}
