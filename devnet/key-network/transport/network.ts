import { z } from "zod";
import type { Group } from "../threshold/key-creation.ts";
import type { Party } from "../threshold/polynomial.ts";
import { zIdentityKey } from "./identity.ts";

/** How nodes know each other; the same in every node's configuration. */
export const zNetwork = z.strictObject({
  /** Degree of the sharing: 1 for four nodes, of which any three sign. */
  degree: z.int().positive(),
  nodes: z
    .array(z.strictObject({ index: z.int().positive(), url: z.url(), publicKey: zIdentityKey }))
    .min(3)
    .refine((nodes) => new Set(nodes.map(({ index }) => index)).size === nodes.length, "each index once"),
});
export type Network = z.output<typeof zNetwork>;

/** All nodes hold a share of every key. */
export function groupOf({ degree, nodes }: Network): Group {
  return { degree, parties: nodes.map(({ index }) => index).sort((a, b) => a - b) };
}

/** How many nodes sign together. */
export function signersNeeded({ degree }: Network): number {
  return 2 * degree + 1;
}

/** "node 2", "nodes 2 and 4". */
export function nameNodes(parties: readonly Party[]): string {
  const names = parties.map(String);
  return names.length === 1
    ? `node ${names.join()}`
    : `nodes ${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}`;
}
