import type { GateRequest } from "#core/key-network/gate-request.ts";
import type { GateDigest } from "#core/primitives/hex.ts";
import { GateRefusal } from "#core/security/gate-reasons.ts";
import { findOpeningProblem, type OpenedRecord, type Person } from "#core/security/opened-record.ts";
import type { Deployment } from "./deployment.ts";
import type { RegisteredRecord } from "./registry.ts";

/**
 * The key's registered record, opened by the request. Refuses when the registry names another gate, or when the
 * request does not open exactly what the registry holds; so a session of somebody else ends here.
 * @returns undefined when the registry holds nothing for this key
 */
export function openRecord(
  { opened }: GateRequest,
  { registered, gate, person }: { registered: RegisteredRecord; gate: GateDigest; person: Person },
  { chainId }: Deployment,
): OpenedRecord | undefined {
  if (registered.version === 0n) return undefined;
  if (registered.gate !== gate) throw new GateRefusal("other-gate");
  if (!opened) throw new GateRefusal("record-not-opened");
  const problem = findOpeningProblem(registered.factors, opened, person, chainId);
  if (problem) throw new GateRefusal(problem);
  return opened;
}
