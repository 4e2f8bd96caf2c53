/** What a gate is asked for, and how it is known that it signed just that. The same for every key network. */
import type { NetworkConfig } from "#core/config/network.ts";
import { gateRefused, gateWithdrawn, networkFailed } from "#core/key-network/errors.ts";
import type { GateRequestJson, GateResponse } from "#core/key-network/gate-request.ts";
import { addressOfPublicKey } from "#core/keys/public-key.ts";
import { operationToJson } from "#core/operations/operation.ts";
import { operationDigest } from "#core/operations/typed-data.ts";
import { type Address, sameAddress } from "#core/primitives/address.ts";
import type { Digest, GateDigest } from "#core/primitives/hex.ts";
import { recordDigest } from "#core/security/record.ts";
import type { RunnableGate, ShippedGates } from "./gates.ts";
import type { GateCall, KeyNetwork } from "./key-network.ts";

export type Granted = Extract<GateResponse, { ok: true }>;

/** A request but for what the network adds to each run of it. */
type Request = GateRequestJson extends infer R
  ? R extends unknown
    ? Omit<R, "requestId" | "exclude" | "gate">
    : never
  : never;

/** What a gate is asked, and which gate. */
export interface Wanted {
  readonly call: GateCall;
  readonly request: Request;
  readonly gate: RunnableGate;
  /** The digest that must have been signed: computed here, and not taken from the network. */
  readonly expected: (answer: Granted) => Digest | undefined;
}

export interface WantedOptions {
  readonly config: NetworkConfig;
  readonly gates: ShippedGates;
  /** Reads what the factor registry holds for a key; version 0 when it holds nothing. */
  readonly recordOf: (key: Address) => Promise<{ readonly gate: GateDigest; readonly version: bigint }>;
}

/** @throws WalletError when the key's gate did not come with Trivet, or it has no record */
export async function wantOperation(
  options: WantedOptions,
  call: Parameters<KeyNetwork["signOperation"]>[0],
): Promise<Wanted> {
  const { chain, contracts } = options.config;
  const domain = { chainId: chain.id, implementation: contracts.implementation };
  const digest = operationDigest(call.operation, "compact", domain);
  const request: Request = {
    action: "sign-operation",
    ...commonPart(call),
    opened: call.opened,
    operation: operationToJson(call.operation),
    form: "compact",
  };
  return { call, request, gate: await gateOf(options, call), expected: () => digest };
}

/** @throws WalletError when the gate that decides did not come with Trivet */
export async function wantRecord(
  options: WantedOptions,
  call: Parameters<KeyNetwork["signRecord"]>[0],
): Promise<Wanted> {
  const { publicKey, next } = call;
  const { chain, contracts } = options.config;
  const domain = { chainId: chain.id, factorRegistry: contracts.factorRegistry };
  const request: Request = {
    action: "set-record",
    ...commonPart(call),
    ...(call.opened && { opened: call.opened }),
    record: { ...next.record, gate: next.gate },
  };
  const expected = ({ record }: Granted): Digest | undefined => {
    const isOurs =
      record && sameAddress(record.key, addressOfPublicKey(publicKey)) && record.gate === next.gate;
    return isOurs ? recordDigest(record, domain) : undefined;
  };
  return { call, request, gate: await gateOf(options, call, next.gate), expected };
}

/**
 * What the gate granted, and for which digest.
 * @throws WalletError when it refused, or granted something else than it was asked for
 */
export function demandGranted(
  { expected }: Wanted,
  answer: GateResponse,
): { readonly granted: Granted; readonly digest: Digest } {
  if (!answer.ok)
    throw answer.reason === "gate-withdrawn" ? gateWithdrawn(answer) : gateRefused(answer.reason);
  const digest = expected(answer);
  if (digest === undefined || answer.digest !== digest) {
    throw networkFailed("It signed something else than it was asked to.", answer);
  }
  return { granted: answer, digest };
}

/** The record that was signed. @throws WalletError when the network did not say which */
export function demandRecord({ record }: Granted): NonNullable<Granted["record"]> {
  if (!record) throw networkFailed("It did not say which record it signed.", undefined);
  return record;
}

/**
 * The gate that decides about a key: the one its record names, whatever else is published.
 * @param first the one that makes its first record
 */
async function gateOf(
  { gates, recordOf }: WantedOptions,
  { publicKey }: GateCall,
  first?: GateDigest,
): Promise<RunnableGate> {
  const { gate, version } = await recordOf(addressOfPublicKey(publicKey));
  if (version > 0n) return gates.find(gate);
  if (!first) throw gateRefused("no-record");
  return gates.find(first);
}

const commonPart = ({ role, publicKey, authorization, salt, walletSignature }: GateCall) => ({
  role,
  publicKey,
  ...authorization,
  ...(salt && { salt }),
  ...(walletSignature && { walletSignature }),
});
