import { decodeEventLog, decodeFunctionData } from "viem/utils";
import { accountAbi, accountFactoryAbi, factorRegistryAbi, gateRegistryAbi } from "#contracts/abi.ts";
import { keyId, keyOfAddress } from "#core/keys/key.ts";
import { REPLACEABLE_ROLES, roleFromNumber } from "#core/keys/role.ts";
import { EFFECTS } from "#core/policy/policy.ts";
import { type Address, sameAddress, toAddress } from "#core/primitives/address.ts";
import { type Hex, zFactorId, zGateDigest, zKeyId } from "#core/primitives/hex.ts";
import { type Asked, changeMade, type Fact, recordId, zFact } from "#core/watch/facts.ts";
import type { RawLog } from "./source.ts";

/** The contracts whose events concern every account. */
export interface WatchedContracts {
  readonly factory: Address;
  readonly factorRegistry: Address;
  readonly gateRegistry: Address;
}

/** Whom a fact concerns: an account, every account with that key (a record), or all of them (gates). */
export type Concerned = { readonly account: Address } | "holders" | "network";

export interface Decoded {
  readonly fact: Fact;
  readonly concerned: Concerned;
}

const NO_KEY = /^0x0{64}$/;

/** What a call to the account will do; only the fields a warning names are read. */
export function askedBy(call: Hex): Asked {
  try {
    const { functionName, args } = decodeFunctionData({ abi: accountAbi, data: call });
    switch (functionName) {
      case "withdraw": {
        const [token, to, amount, nonce] = args;
        return {
          kind: "withdraw",
          token: toAddress(token),
          to: toAddress(to),
          amount: amount.toString(),
          nonce: nonce.toString(),
        };
      }
      case "replaceKey": {
        const [number, oldKey, newKey, nonce] = args;
        const named = roleFromNumber(number);
        const role = REPLACEABLE_ROLES.find((one) => one === named);
        if (!role) return { kind: "unknown" };
        return {
          kind: "replaceKey",
          role,
          oldKey: zKeyId.parse(oldKey),
          newKey: zKeyId.parse(newKey),
          nonce: nonce.toString(),
        };
      }
      case "execute": {
        const [calls, nonce] = args;
        return {
          kind: "execute",
          targets: calls.map(({ target }) => toAddress(target)),
          nonce: nonce.toString(),
        };
      }
      case "change": {
        const [number, words, nonce] = args;
        const change = changeMade(number, words);
        return change ? { kind: "change", change, nonce: nonce.toString() } : { kind: "unknown" };
      }
      default:
        return { kind: "unknown" };
    }
  } catch {
    // No call of this version's account; that something is scheduled is told all the same.
    return { kind: "unknown" };
  }
}

/** The fact that an event of an account tells; undefined for one that says nothing about it. */
function accountFact(log: RawLog): unknown {
  const event = decodeEventLog({ abi: accountAbi, data: log.data, topics: topicsOf(log) });
  switch (event.eventName) {
    case "OperationScheduled": {
      const { operation, effect, executableAt, proposer, call } = event.args;
      return {
        kind: "scheduled",
        operation,
        effect: EFFECTS[effect],
        executableAt: Number(executableAt),
        proposer,
        asked: askedBy(call),
      };
    }
    case "Changed": {
      const { change: number, operation, values } = event.args;
      const change = changeMade(number, values);
      return change && { kind: "changed", operation, change };
    }
    case "KeyPendingUntil":
      return { kind: "pending", key: event.args.keyId, activeFrom: Number(event.args.activeFrom) };
    case "Locked": {
      const { keyId: key, until } = event.args;
      return { kind: "locked", until: Number(until), ...(!NO_KEY.test(key) && { key }) };
    }
    case "Archived":
      return { kind: "archived" };
    case "Unfrozen":
      return { kind: "unfrozen" };
    case "KeyReplaced": {
      const { role, oldKey, newKey, nonce } = event.args;
      return { kind: "keyReplaced", role: roleFromNumber(role), oldKey, newKey, nonce: nonce.toString() };
    }
    case "Withdrawn":
      return { kind: "withdrawn", nonce: event.args.nonce.toString() };
    case "Executed":
      return { kind: "executed", operation: event.args.operation };
    case "Migrated":
      return { kind: "migrated", successor: event.args.successor };
    case "EmergencyWithdrawn": {
      const { to, token, amount } = event.args;
      return { kind: "emergencyWithdrawn", to, token, amount: amount.toString() };
    }
    case "EmergencyRehearsed":
      return { kind: "emergencyRehearsed", address: event.args.account };
    default:
      return undefined;
  }
}

type Topics = [Hex, ...Hex[]];

function topicsOf({ topics: [first, ...rest] }: RawLog): Topics {
  if (first === undefined) throw new TypeError("an event without a name");
  return [first, ...rest];
}

/** Reads an event; undefined when it is none that the watcher knows, or its numbers make no sense. */
export function decodeLog(log: RawLog, contracts: WatchedContracts): Decoded | undefined {
  try {
    if (sameAddress(log.address, contracts.factory)) return created(log);
    if (sameAddress(log.address, contracts.factorRegistry)) return record(log);
    if (sameAddress(log.address, contracts.gateRegistry)) return gate(log);
    const fact = accountFact(log);
    return fact === undefined ? undefined : { fact: zFact.parse(fact), concerned: { account: log.address } };
  } catch {
    // Other contracts' events, and numbers that no contract of ours would write.
    return undefined;
  }
}

function created(log: RawLog): Decoded | undefined {
  const { args } = decodeEventLog({ abi: accountFactoryAbi, data: log.data, topics: topicsOf(log) });
  const { account, deviceKey: device, mfaKey: mfa, recoveryKey: recovery } = args;
  return {
    fact: zFact.parse({ kind: "created", device, mfa, recovery }),
    concerned: { account: toAddress(account) },
  };
}

function record(log: RawLog): Decoded | undefined {
  const event = decodeEventLog({ abi: factorRegistryAbi, data: log.data, topics: topicsOf(log) });
  if (event.eventName !== "RecordSet") return undefined;
  const { key, gate: digest, version, factors } = event.args;
  // Keys with records are held by the network, and those are never hidden by a salt.
  const id = keyId(keyOfAddress(key));
  const record = recordId({
    key: id,
    gate: zGateDigest.parse(digest),
    version,
    factors: factors.map((factor) => zFactorId.parse(factor)),
  });
  return {
    fact: zFact.parse({ kind: "recordSet", key: id, gate: digest, version: Number(version), record }),
    concerned: "holders",
  };
}

function gate(log: RawLog): Decoded | undefined {
  const event = decodeEventLog({ abi: gateRegistryAbi, data: log.data, topics: topicsOf(log) });
  switch (event.eventName) {
    case "GatePublished":
      return {
        fact: zFact.parse({ kind: "gatePublished", gate: event.args.gate }),
        concerned: "network",
      };
    case "GateRolledBack": {
      const { gate: digest, withdrawn } = event.args;
      return {
        fact: zFact.parse({ kind: "gateRolledBack", gate: digest, withdrawn }),
        concerned: "network",
      };
    }
    default:
      return undefined;
  }
}
