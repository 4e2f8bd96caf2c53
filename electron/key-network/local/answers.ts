import { networkFailed } from "#core/key-network/errors.ts";
import { type GateResponse, zGateResponse } from "#core/key-network/gate-request.ts";

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
