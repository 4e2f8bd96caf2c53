import { gateDigest, zGateCid } from "#core/key-network/gate-cid.ts";
import { type GateRequest, type GateResponseJson, SIGNATURE_NAME } from "#core/key-network/gate-request.ts";
import { addressOfPublicKey } from "#core/keys/public-key.ts";
import type { Digest } from "#core/primitives/hex.ts";
import { listFactors, listWallets } from "#core/security/factors.ts";
import { GATE_REASONS, GateRefusal } from "#core/security/gate-reasons.ts";
import type { FactorRecord } from "#core/security/record.ts";
import type { Asked } from "./asked.ts";
import { bindingDigest, deviceAddress, requireBinding } from "./binding.ts";
import type { Deployment } from "./deployment.ts";
import { fetchJson } from "./http.ts";
import { readJwt, verifyJwt } from "./jwt.ts";
import { openRecord } from "./opened.ts";
import { decideOperation } from "./operation.ts";
import { decideRecord } from "./record.ts";
import { readChain } from "./registry.ts";
import { parseRequest } from "./request.ts";
import type { Runtime } from "./runtime.ts";

/** What the gate decided to sign. */
interface Decision {
  readonly digest: Digest;
  readonly record?: FactorRecord;
}

/** Finds out who asks, and what is known of the key and its account. */
async function look(runtime: Runtime, request: GateRequest, deployment: Deployment): Promise<Asked> {
  const gate = gateDigest(zGateCid.parse(await runtime.gateCid()));
  const device = deviceAddress(request, runtime.sessionAddress);
  const unverified = readJwt(request.jwt);
  const key = addressOfPublicKey(request.publicKey);
  const { account } = request.action === "set-record" ? request.record : request.opened;

  // The two things read elsewhere are read at once; neither is used before both are here.
  const [keySet, chain] = await Promise.all([
    fetchJson(runtime, deployment.jwksUrl, {}, "authenticator-unreachable"),
    readChain(
      runtime,
      deployment,
      { address: key, key: { signer: key, salt: request.salt } },
      { address: account, deviceKey: request.deviceKey },
      gate,
    ),
  ]);

  const now = runtime.now();
  const claims = await verifyJwt(unverified, keySet, deployment, now);
  const person = { issuer: claims.iss, sub: claims.sub };
  const registered = openRecord(request, { registered: chain.record, gate, person }, deployment);
  if (!chain.gates.isAccepted) throw new GateRefusal("gate-withdrawn");
  return {
    key,
    gate,
    device,
    keyCreator: runtime.keyCreator,
    chain,
    registered,
    person,
    sessionProofs: listFactors(claims),
    sessionWallets: listWallets(claims),
    now,
  };
}

/** Goes through every check in turn; returns only when all of them hold. */
async function decide(runtime: Runtime, request: GateRequest, deployment: Deployment): Promise<Decision> {
  const asked = await look(runtime, request, deployment);
  const decision =
    request.action === "set-record"
      ? decideRecord(request, asked, deployment)
      : { digest: decideOperation(request, asked, deployment) };
  requireBinding(request, asked.device, bindingDigest(decision.digest, request, deployment));
  return decision;
}

/** A record as it is answered: JSON has no bigint. */
const recordAnswer = ({ factors, version, ...rest }: FactorRecord) => ({
  ...rest,
  factors: [...factors],
  version: version.toString(),
});

/**
 * The gate: decides whether a network-held key signs, and if so asks the key network for exactly one signature.
 * Never throws; every failure is an answer with a reason, and nothing is signed.
 */
export async function runGate(runtime: Runtime, deployment: Deployment): Promise<GateResponseJson> {
  try {
    const request = parseRequest(runtime.params);
    const { digest, record } = await decide(runtime, request, deployment);
    const signature = await runtime.sign(digest, request.publicKey, SIGNATURE_NAME[request.action]);
    return {
      ok: true,
      digest,
      ...(record && { record: recordAnswer(record) }),
      ...(signature && { signature }),
    };
  } catch (cause) {
    return refusalOf(cause);
  }
}

/** What the gate answers when something failed. */
export function refusalOf(cause: unknown): Extract<GateResponseJson, { ok: false }> {
  const reason = cause instanceof GateRefusal ? cause.reason : "gate-failed";
  return { ok: false, reason, message: GATE_REASONS[reason].message };
}
