import { z } from "zod";
import { gateDigest, zGateCid } from "#core/key-network/gate-cid.ts";
import { type GateRequest, type GateResponseJson, SIGNATURE_NAME } from "#core/key-network/gate-request.ts";
import { addressOfPublicKey } from "#core/keys/public-key.ts";
import type { Digest } from "#core/primitives/hex.ts";
import { listFactors } from "#core/security/factors.ts";
import { GATE_REASONS, GateRefusal } from "#core/security/gate-reasons.ts";
import { recordDigest } from "#core/security/record.ts";
import { checkBinding, deviceAddress } from "./binding.ts";
import type { Deployment } from "./deployment.ts";
import { fetchJson } from "./http.ts";
import { readJwt, verifyJwt } from "./jwt.ts";
import { checkOperation, digestOfOperation } from "./operation.ts";
import { nextRecord } from "./record.ts";
import { readChain } from "./registry.ts";
import { parseRequest } from "./request.ts";
import type { Runtime } from "./runtime.ts";

/** What the gate decided to sign. */
interface Decision {
  readonly request: GateRequest;
  readonly digest: Digest;
  readonly record?: Extract<GateResponseJson, { ok: true }>["record"];
}

/** Goes through every check in turn; returns only when all of them hold. */
async function decide(runtime: Runtime, deployment: Deployment): Promise<Decision> {
  const request = parseRequest(runtime.params);
  const gate = gateDigest(zGateCid.parse(runtime.gateCid));
  const device = deviceAddress(request, runtime.sessionAddress);
  const unverified = readJwt(request.jwt);
  const key = addressOfPublicKey(request.publicKey);

  // The two things read elsewhere are read at once; neither is used before both are here.
  const account =
    request.action === "sign-operation"
      ? { address: request.operation.account, deviceKey: request.deviceKey }
      : undefined;
  const [keySet, chain] = await Promise.all([
    fetchJson(runtime, deployment.jwksUrl, {}, "authenticator-unreachable"),
    readChain(runtime, deployment, { address: key, key: { signer: key, salt: request.salt } }, account),
  ]);

  const now = runtime.now();
  const claims = await verifyJwt(unverified, keySet, deployment, now);
  const proven = listFactors(claims);
  const registered = chain.record;
  if (registered.version > 0n && registered.gate !== gate) throw new GateRefusal("other-gate");

  switch (request.action) {
    case "sign-operation": {
      if (registered.version === 0n) throw new GateRefusal("no-record");
      checkOperation(request, chain, proven, now);
      const digest = digestOfOperation(request, deployment);
      await checkBinding(request, device, digest, deployment);
      return { request, digest };
    }
    case "set-record": {
      const { keyCreator } = runtime;
      const record = nextRecord(request, { key, gate, device, keyCreator, registered, proven, now });
      const digest = recordDigest(record, deployment);
      await checkBinding(request, device, digest, deployment);
      const { factors, version } = record;
      return { request, digest, record: { key, gate, factors: [...factors], version: version.toString() } };
    }
  }
}

/**
 * The gate: decides whether a network-held key signs, and if so asks the key network for exactly one signature.
 * Never throws; every failure is an answer with a reason, and nothing is signed.
 */
export async function runGate(runtime: Runtime, deployment: Deployment): Promise<GateResponseJson> {
  // One run parses a handful of values: compiling schemas would cost more than it saves.
  z.config({ jitless: true });
  try {
    const { request, digest, record } = await decide(runtime, deployment);
    await runtime.sign(digest, request.publicKey, SIGNATURE_NAME[request.action]);
    return { ok: true, digest, ...(record && { record }) };
  } catch (cause) {
    const reason = cause instanceof GateRefusal ? cause.reason : "gate-failed";
    return { ok: false, reason, message: GATE_REASONS[reason].message };
  }
}
