import { z } from "zod";

const hex = z.string().regex(/^0x([0-9a-f]{2})*$/);
const seconds = z.number().int();

/**
 * What the chain's journal holds: enough to build the same chain again, block hash by block hash.
 * Everything that changes a balance or a contract is a signed transaction, so there is nothing else to record
 * but the clock.
 */
export const zChainEntry = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("genesis"), version: z.literal(1), timestamp: seconds }).strict(),
  /** A mined block: its Unix timestamp, at most one signed transaction, and the hash it got. */
  z.object({ kind: z.literal("block"), timestamp: seconds, transaction: hex.nullable(), hash: hex }).strict(),
  /** How far the chain's clock is ahead of the computer's, from here on. */
  z.object({ kind: z.literal("clock"), offset: seconds }).strict(),
]);
export type ChainEntry = z.output<typeof zChainEntry>;
