import { decodeFunctionResult, encodeFunctionData, parseAbi } from "viem/utils";
import { z } from "zod";
import { type Key, keyId } from "#core/keys/key.ts";
import type { Address } from "#core/primitives/address.ts";
import { type FactorId, type GateDigest, zGateDigest, zHex } from "#core/primitives/hex.ts";
import { GateRefusal } from "#core/security/gate-reasons.ts";
import type { Deployment } from "./deployment.ts";
import { fetchJson } from "./http.ts";
import type { Runtime } from "./runtime.ts";

/** The functions the gate calls; a test compares them with the compiled contracts. */
export const REGISTRY_ABI = parseAbi([
  "function recordOf(address key) view returns (bytes32 gate, uint64 version, bytes32[] factors)",
]);
export const GATES_ABI = parseAbi([
  "function canonical() view returns (bytes32)",
  "function isAccepted(bytes32 gate) view returns (bool)",
]);
export const ACCOUNT_ABI = parseAbi([
  "function getKey(bytes32 keyId) view returns (uint8 role, uint48 activeFrom, uint48 expires)",
  "function getFreeze() view returns (uint8 frozen, uint256 until, uint256 epoch)",
]);

/** A key as the account has it. Times are Unix seconds; `expires` 0 is never. */
export interface AccountKey {
  /** 0 when the account does not know the key. */
  readonly role: number;
  readonly activeFrom: number;
  readonly expires: number;
}

/** An account that is on the chain. */
export interface AccountState {
  readonly device: AccountKey;
  readonly network: AccountKey;
  /** Locked or archived. */
  readonly isFrozen: boolean;
}

/** What the factor registry holds for a network-held key; version 0 when it holds nothing. */
export interface RegisteredRecord {
  readonly gate: GateDigest;
  readonly version: bigint;
  /** The account's entry among them. */
  readonly factors: readonly FactorId[];
}

/** What governance stands behind. */
export interface PublishedGates {
  readonly canonical: GateDigest;
  /** Whether the gate that runs is the canonical one or the one before. */
  readonly isAccepted: boolean;
}

export interface ChainState {
  /** Time of the latest block, Unix seconds. */
  readonly time: number;
  readonly record: RegisteredRecord;
  readonly gates: PublishedGates;
  /** Undefined when the account is not on the chain. */
  readonly account: AccountState | undefined;
}

const zAnswer = z.object({ id: z.int(), result: z.unknown() });
/** A small number as JSON-RPC writes it. */
const zQuantity = z
  .string()
  .regex(/^0x[0-9a-f]{1,12}$/)
  .transform(Number);
const zBlock = z.object({ timestamp: zQuantity });

type Call = readonly [method: string, ...params: unknown[]];

/** Sends calls as one JSON-RPC batch: one HTTP request. Results come in the order of the calls. */
async function batch(runtime: Runtime, url: string, calls: readonly Call[]): Promise<unknown[]> {
  const body = calls.map(([method, ...params], id) => ({ jsonrpc: "2.0", id, method, params }));
  const init = {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  };
  const parsed = z.array(zAnswer).safeParse(await fetchJson(runtime, url, init, "chain-unreachable"));
  if (!parsed.success) throw new GateRefusal("chain-unreachable", { cause: parsed.error });
  return calls.map((_call, id) => parsed.data.find((answer) => answer.id === id)?.result);
}

const ethCall = (to: Address, data: string): Call => ["eth_call", { to, data }, "latest"];

const getKeyCall = (account: Address, key: Key): Call =>
  ethCall(account, encodeFunctionData({ abi: ACCOUNT_ABI, functionName: "getKey", args: [keyId(key)] }));

function decodeKey(result: unknown): AccountKey {
  const data = zHex.parse(result);
  const [role, activeFrom, expires] = decodeFunctionResult({
    abi: ACCOUNT_ABI,
    functionName: "getKey",
    data,
  });
  return { role, activeFrom, expires };
}

const getFreezeCall = (account: Address): Call =>
  ethCall(account, encodeFunctionData({ abi: ACCOUNT_ABI, functionName: "getFreeze" }));

function decodeIsFrozen(result: unknown): boolean {
  const data = zHex.parse(result);
  const [frozen] = decodeFunctionResult({ abi: ACCOUNT_ABI, functionName: "getFreeze", data });
  return frozen !== 0;
}

const canonicalCall = (gates: Address): Call =>
  ethCall(gates, encodeFunctionData({ abi: GATES_ABI, functionName: "canonical" }));

const isAcceptedCall = (gates: Address, gate: GateDigest): Call =>
  ethCall(gates, encodeFunctionData({ abi: GATES_ABI, functionName: "isAccepted", args: [gate] }));

function decodeIsAccepted(result: unknown): boolean {
  return decodeFunctionResult({ abi: GATES_ABI, functionName: "isAccepted", data: zHex.parse(result) });
}

function decodeRecord(result: unknown): RegisteredRecord {
  const data = zHex.parse(result);
  const [gate, version, factors] = decodeFunctionResult({
    abi: REGISTRY_ABI,
    functionName: "recordOf",
    data,
  });
  // bytes32 values of the registry are gate digests and factor ids by its definition.
  return { gate: gate as GateDigest, version, factors: factors as readonly FactorId[] };
}

/**
 * Reads everything a decision needs from the chain, in one HTTP request.
 * @param network the network-held key, its address and how the account knows it
 * @param account the account that the key belongs to, and the device key that asks
 * @param gate the gate that runs
 */
export async function readChain(
  runtime: Runtime,
  deployment: Deployment,
  network: { readonly address: Address; readonly key: Key },
  account: { readonly address: Address; readonly deviceKey: Key },
  gate: GateDigest,
): Promise<ChainState> {
  const { chainId, chainName, factorRegistry, gateRegistry } = deployment;
  const recordOf = encodeFunctionData({
    abi: REGISTRY_ABI,
    functionName: "recordOf",
    args: [network.address],
  });
  const calls = [
    ["eth_chainId"],
    ["eth_getBlockByNumber", "latest", false],
    ethCall(factorRegistry, recordOf),
    ["eth_getCode", account.address, "latest"],
    getKeyCall(account.address, account.deviceKey),
    getKeyCall(account.address, network.key),
    getFreezeCall(account.address),
    canonicalCall(gateRegistry),
    isAcceptedCall(gateRegistry, gate),
  ] as const;
  const url = await runtime.rpcUrl(chainName);
  const [chain, block, record, code, device, networkKey, freeze, canonical, accepted] = await batch(
    runtime,
    url,
    calls,
  );
  try {
    if (zQuantity.parse(chain) !== chainId) throw new GateRefusal("wrong-chain");
    const isDeployed = zHex.parse(code) !== "0x";
    return {
      time: zBlock.parse(block).timestamp,
      record: decodeRecord(record),
      gates: { canonical: zGateDigest.parse(canonical), isAccepted: decodeIsAccepted(accepted) },
      account: isDeployed
        ? {
            device: decodeKey(device),
            network: decodeKey(networkKey),
            isFrozen: decodeIsFrozen(freeze),
          }
        : undefined,
    };
  } catch (cause) {
    if (cause instanceof GateRefusal) throw cause;
    throw new GateRefusal("chain-unreachable", { cause });
  }
}
