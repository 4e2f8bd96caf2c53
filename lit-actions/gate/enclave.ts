import {
  type GateResponseJson,
  type PublicKeyAnswerJson,
  zPublicKeyQuestion,
} from "#core/key-network/gate-request.ts";
import type { Deployment } from "./deployment.ts";
import { type EnclaveGlobals, enclaveRuntime, takePrivateKey } from "./enclave-runtime.ts";
import { refusalOf, runGate } from "./main.ts";
import { publicKeyOf } from "./secp256k1.ts";

/**
 * What the gate answers in Lit's live service. Besides everything that it does elsewhere it tells a key's public part,
 * which the service does not; whoever asks checks it against the address. Never throws.
 */
export async function runInEnclave(
  globals: EnclaveGlobals,
  params: unknown,
  deployment: Deployment,
): Promise<GateResponseJson | PublicKeyAnswerJson> {
  const question = zPublicKeyQuestion.safeParse(params);
  if (!question.success) return runGate(enclaveRuntime(globals, params, deployment), deployment);
  try {
    const privateKey = await takePrivateKey(globals.Lit.Actions, question.data.key);
    return { ok: true, publicKey: publicKeyOf(privateKey) };
  } catch (cause) {
    return refusalOf(cause);
  }
}
