/**
 * The gates that this version of Trivet ships: gate-releases.json, whose CIDs `lit-actions/pin.ts` writes. It is part of
 * every process' own code, so no process has to believe another one which gates there are.
 */
import { z } from "zod";
import type { GateDigest } from "../primitives/hex.ts";
import { type GateCid, gateDigest, zGateCid } from "./gate-cid.ts";
import manifest from "./gate-releases.json" with { type: "json" };

export const zGateRelease = z.strictObject({
  /** Counts the releases for one deployment; part of the gate's bytes. */
  number: z.int().positive(),
  cid: zGateCid,
  /** The world it is made for, by its name in lit-actions/deployments. */
  deployment: z.enum(["devnet"]),
  /** The day it was released. */
  date: z.iso.date(),
  /** What is different from the release before, in sentences for the person who decides. */
  changes: z.array(z.string().min(1)).min(1),
});
export type GateRelease = z.output<typeof zGateRelease>;

/** Every gate that Trivet can run, oldest first. */
export const GATE_RELEASES: readonly GateRelease[] = z.array(zGateRelease).min(1).parse(manifest);

const BY_DIGEST = new Map<GateDigest, GateRelease>(
  GATE_RELEASES.map((release) => [gateDigest(release.cid), release]),
);

/** The release that a registry's entry names; undefined when this version of Trivet does not ship that gate. */
export const releaseOf = (gate: GateDigest): GateRelease | undefined => BY_DIGEST.get(gate);

/** Whether a gate is one that this version of Trivet ships. */
export const isShippedGate = (cid: GateCid): boolean => GATE_RELEASES.some((release) => release.cid === cid);
