import { recoverAddress } from "viem/utils";
import { networkFailed } from "#core/key-network/errors.ts";
import { type GateResponse, zGateResponse } from "#core/key-network/gate-request.ts";
import { addressOfPublicKey, type PublicKey } from "#core/keys/public-key.ts";
import { sameAddress } from "#core/primitives/address.ts";
import { type Digest, type Hex, zHex } from "#core/primitives/hex.ts";

export type Granted = Extract<GateResponse, { ok: true }>;

/** What a node answered, or undefined when that is no answer of a gate. */
function parseAnswer(response: string): GateResponse | undefined {
  try {
    return zGateResponse.safeParse(JSON.parse(response)).data;
  } catch {
    return undefined;
  }
}

/**
 * The answer that most nodes gave. One node alone decides nothing: it may lie, or be slow where others were not.
 * @param responses what each node answered
 * @throws WalletError network-failed when none of it is an answer of a gate
 */
export function mostCommonAnswer(responses: readonly string[]): GateResponse {
  const counts = new Map<string, number>();
  for (const response of responses) counts.set(response, (counts.get(response) ?? 0) + 1);
  const [mostCommon] = [...counts].sort(([, a], [, b]) => b - a);
  const answer = mostCommon && parseAnswer(mostCommon[0]);
  if (!answer)
    throw networkFailed("Its nodes gave an answer that cannot be read.", new Error(responses.join(" | ")));
  return answer;
}

/** The signature if it is really this key's over this digest. */
export async function verifiedSignature(
  publicKey: PublicKey,
  digest: Digest,
  signature: string | undefined,
): Promise<Hex | undefined> {
  const parsed = zHex.safeParse(signature);
  if (!parsed.success) return undefined;
  const signer = await recoverAddress({ hash: digest, signature: parsed.data }).catch(() => undefined);
  return signer && sameAddress(signer, addressOfPublicKey(publicKey)) ? parsed.data : undefined;
}
