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
  const stopped = probed.filter(({ isRunning }) => !isRunning).map(({ index }) => index);
  if (stopped.length === nodes.length) return networkUnreachable(cause);
  if (nodes.length - stopped.length < needed) return tooFewNodes(stopped, nodes.length, needed);
  const explanation = explanationOf(cause);
  return explanation === undefined ? networkUnreachable(cause) : networkFailed(explanation, cause);
}
