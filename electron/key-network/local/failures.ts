import { z } from "zod";
import { WalletError } from "#core/errors/wallet-error.ts";
import { gateWithdrawn, networkFailed, networkUnreachable, tooFewNodes } from "#core/key-network/errors.ts";
import { type NodeConfig, silentNodes } from "./nodes.ts";

/** What a node says of a failure, wherever the Lit client puts it. */
const zNodeError = z.object({ errorCode: z.string(), message: z.string().min(1) });
const zLitError = z.object({ info: zNodeError });

/** What a node said of its failure, if it said something. */
function nodeErrorOf(error: unknown): z.output<typeof zNodeError> | undefined {
  const fromClient = zLitError.safeParse(error);
  return fromClient.success ? fromClient.data.info : zNodeError.safeParse(error).data;
}

/** The node's own sentence in an error, if there is one. */
export const explanationOf = (error: unknown): string | undefined => nodeErrorOf(error)?.message;

/** What was going on when something failed. */
export interface Circumstances {
  /** All nodes of the network. */
  readonly nodes: readonly NodeConfig[];
  /** How many of them the work takes. */
  readonly needed: number;
  /** URLs of the nodes that were asked; empty when there was no connection. */
  readonly asked: readonly string[];
}

/**
 * Says what a failure was: nodes that are stopped, named, before anything else; then the nodes' own words. Only
 * "network-unreachable" is worth another try at once: a node that was asked is gone, and others may do without it.
 */
export async function explainFailure(
  cause: unknown,
  { nodes, needed, asked }: Circumstances,
): Promise<WalletError> {
  if (cause instanceof WalletError) return cause;
  const silent = await silentNodes(nodes);
  const running = nodes.length - silent.length;
  const indices = silent.map(({ index }) => index);
  if (running > 0 && running < needed) return tooFewNodes(indices, nodes.length, needed);
  const explanation = explanationOf(cause);
  const isAskedGone = silent.some(({ url }) => asked.includes(url));
  if (!isAskedGone && nodeErrorOf(cause)?.errorCode === "gate-not-accepted") return gateWithdrawn(cause);
  if (isAskedGone || explanation === undefined) return networkUnreachable(indices, cause);
  return networkFailed(explanation, cause);
}
