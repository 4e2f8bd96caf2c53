import { z } from "zod";
import { WalletError } from "#core/errors/wallet-error.ts";
import { networkFailed, networkUnreachable, tooFewNodes } from "#core/key-network/errors.ts";
import { type NodeConfig, probeNodes } from "./nodes.ts";

/** What a node says of a failure, wherever the Lit client puts it. */
const zNodeError = z.object({ errorCode: z.string(), message: z.string().min(1) });
const zLitError = z.object({ info: zNodeError });

/** The node's own sentence in an error, if there is one. */
export function explanationOf(error: unknown): string | undefined {
  const fromClient = zLitError.safeParse(error);
  return fromClient.success ? fromClient.data.info.message : zNodeError.safeParse(error).data?.message;
}

/**
 * Says what a failure was: nodes that are stopped, named, before anything else; then the nodes' own words.
 * @param needed how many nodes the work takes
 */
export async function explainFailure(
  cause: unknown,
  nodes: readonly NodeConfig[],
  needed: number,
): Promise<WalletError> {
  if (cause instanceof WalletError) return cause;
  const probed = await probeNodes(nodes);
  const silent = probed.filter(({ isRunning }) => !isRunning).map(({ index }) => index);
  const running = nodes.length - silent.length;
  if (running > 0 && running < needed) return tooFewNodes(silent, nodes.length, needed);
  const explanation = explanationOf(cause);
  if (running === 0 || explanation === undefined) return networkUnreachable(silent, cause);
  return networkFailed(explanation, cause);
}
