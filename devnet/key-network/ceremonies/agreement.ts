import { createHash } from "node:crypto";
import { z } from "zod";
import type { PublicKey } from "#core/keys/public-key.ts";
import type { Address } from "#core/primitives/address.ts";
import type { Hex } from "#core/primitives/hex.ts";
import type { Party } from "../threshold/polynomial.ts";
import { zCeremony } from "../transport/sealing.ts";

/** What a node's own run of the gate asked it to sign, and for whom. Nodes sign together only what is equal. */
export interface SigningWish {
  readonly requestId: Hex;
  /** The device key that opened the session. */
  readonly device: Address;
  readonly gateCid: string;
  readonly publicKey: PublicKey;
  readonly digest: Hex;
  readonly sigName: string;
  /** Nodes that shall not sign, ascending. */
  readonly exclude: readonly Party[];
}

/** One hash over everything nodes must agree on before they sign. */
export function agreementHash(wish: SigningWish): string {
  const { requestId, device, gateCid, publicKey, digest, sigName, exclude } = wish;
  const parts = ["trivet signing", requestId, device, gateCid, publicKey, digest, sigName, exclude];
  return sha256(JSON.stringify(parts));
}

/**
 * In which order nodes are asked to coordinate a request: the same on every node, and another for every request.
 * Excluded nodes do not coordinate either.
 */
export function coordinators(requestId: Hex, parties: readonly Party[], exclude: readonly Party[]): Party[] {
  const rank = (party: Party) => sha256(`coordinator|${requestId}|${party}`);
  return parties.filter((party) => !exclude.includes(party)).sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
}

/** Names the meeting of nodes at one coordinator for one request. */
export function meetingId(requestId: Hex, coordinator: Party): string {
  return sha256(`meeting|${requestId}|${coordinator}`);
}

/** A node tells the coordinator that it is ready to sign. */
export const zReady = z.strictObject({
  requestId: z.string(),
  agreement: zCeremony,
  exclude: z.array(z.int().positive()),
});
export type Ready = z.output<typeof zReady>;

/** What the coordinator tells a node that is ready. */
export const zDecision = z.discriminatedUnion("kind", [
  /** Sign, in this ceremony with these nodes. */
  z.strictObject({ kind: z.literal("start"), ceremony: zCeremony, signers: z.array(z.int().positive()) }),
  /** Other nodes sign. */
  z.strictObject({ kind: z.literal("unused") }),
  z.strictObject({ kind: z.literal("failed"), code: z.string(), message: z.string() }),
]);
export type Decision = z.output<typeof zDecision>;

/** The coordinator's immediate answer: a decision, or that one will be sent. */
export const zAnswer = z.union([zDecision, z.strictObject({ kind: z.literal("wait") })]);
export type Answer = z.output<typeof zAnswer>;

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
