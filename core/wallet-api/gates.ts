/** The gates that decide when the network's keys sign: where the account's keys stand, and how they move. */
import { z } from "zod";
import { zGateCid } from "../key-network/gate-cid.ts";
import { zReplaceableRole } from "../keys/role.ts";
import { zAddress } from "../primitives/address.ts";
import { zProofNeed } from "./proofs.ts";

/** A gate as the screens show it. */
export const zGate = z.object({
  cid: zGateCid,
  /** What came with Trivet about it; absent where this version does not know the gate. */
  release: z
    .object({ number: z.int().positive(), date: z.iso.date(), changes: z.array(z.string()) })
    .optional(),
});
export type Gate = z.output<typeof zGate>;

/**
 * What governance says of a gate: the one for new keys; the one before, which the network runs as well; withdrawn by
 * going back to the one before; replaced so long ago that it is run no more.
 */
export const GATE_STANDINGS = ["canonical", "previous", "rolled-back", "outdated"] as const;
export const zGateStanding = z.enum(GATE_STANDINGS);
export type GateStanding = z.output<typeof zGateStanding>;

/** A key that the network holds, and the gate its record names. */
export const zKeyGate = z.object({ role: zReplaceableRole, gate: zGate, standing: zGateStanding });
export type KeyGate = z.output<typeof zKeyGate>;

/**
 * Where the account stands, by the worst of its keys:
 * - no-network-keys: no gate concerns this account.
 * - withdrawn: a key is at a gate that the network runs no more; that key signs nothing.
 * - unknown-gate: a key is at a gate that this version of Trivet does not know; Trivet must be updated to use it.
 * - update-trivet: all keys sign; the canonical gate is one that this version does not know yet.
 * - offered: all keys sign; the account can move to the canonical gate.
 * - up-to-date: all keys are at the canonical gate.
 */
export const GATE_VERDICTS = [
  "no-network-keys",
  "withdrawn",
  "unknown-gate",
  "update-trivet",
  "offered",
  "up-to-date",
] as const;
export const zGateVerdict = z.enum(GATE_VERDICTS);
export type GateVerdict = z.output<typeof zGateVerdict>;

export const zGatesView = z.object({
  verdict: zGateVerdict,
  keys: z.array(zKeyGate),
  /** The gate for new keys; absent before governance published one. */
  canonical: zGate.optional(),
  /** Since when it is that, Unix seconds. */
  since: z.number().optional(),
  /** The address that publishes gates and withdraws them. */
  governance: zAddress,
  /** The person said that the account stays where it is, and the canonical gate is still the one they meant. */
  declined: z.boolean(),
  /** The keys that can move to the canonical gate. */
  movable: z.array(zReplaceableRole),
  /** A move that began and is not finished, and what the person has to prove before its next key moves. */
  move: z
    .object({
      to: zGate,
      /** The keys that are there. */
      done: z.array(zReplaceableRole),
      /** The key that moves next. */
      next: zReplaceableRole,
      need: zProofNeed.optional(),
    })
    .optional(),
});
export type GatesView = z.output<typeof zGatesView>;

const gate = z.object({ gate: zGateCid });

/** Methods of the wallet API. */
export const GATE_METHODS = {
  "gates.view": { input: z.undefined(), output: zGatesView },
  /**
   * Moves the account's keys to the canonical gate, one after another, or goes on with it. Stops where the person has
   * to prove something first: the view says what. A wallet that was chosen for that signs along, on the Ledger.
   */
  "gates.move": { input: gate.extend({ wallet: zAddress.optional() }), output: zGatesView },
  /** The account stays where it is; the same gate is not offered again by itself. */
  "gates.stay": { input: gate, output: zGatesView },
} as const;
