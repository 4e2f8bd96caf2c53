import { cidOfDigest } from "#core/key-network/gate-cid.ts";
import { releaseOf } from "#core/key-network/gate-releases.ts";
import type { GateDigest } from "#core/primitives/hex.ts";
import type { Gate, GateStanding, GateVerdict, KeyGate } from "#core/wallet-api/gates.ts";
import type { PublishedGates } from "./registry.ts";

/** A gate as the screens show it. */
export function describeGate(digest: GateDigest): Gate {
  const release = releaseOf(digest);
  const cid = cidOfDigest(digest);
  if (!release) return { cid };
  const { number, date, changes } = release;
  return { cid, release: { number, date, changes } };
}

/** What governance says of a gate. */
export function standingOf(
  gate: GateDigest,
  { canonical, previous, rolledBack }: Pick<PublishedGates, "canonical" | "previous" | "rolledBack">,
): GateStanding {
  if (gate === canonical) return "canonical";
  if (gate === previous) return "previous";
  return rolledBack.has(gate) ? "rolled-back" : "outdated";
}

const isRun = ({ standing }: KeyGate): boolean => standing === "canonical" || standing === "previous";

/** Where an account stands whose keys are at these gates. */
export function judge(keys: readonly KeyGate[], canonical: Gate | undefined): GateVerdict {
  if (keys.length === 0) return "no-network-keys";
  if (!keys.every(isRun)) return "withdrawn";
  if (!keys.every(({ gate }) => gate.release)) return "unknown-gate";
  if (keys.every(({ standing }) => standing === "canonical")) return "up-to-date";
  return canonical?.release ? "offered" : "update-trivet";
}
