import { z } from "zod";
import {
  GATE_ACTIONS,
  type GateRequest,
  MAX_GATE_REQUEST_LENGTH,
  zGateRequest,
} from "#core/key-network/gate-request.ts";
import { GateRefusal } from "#core/security/gate-reasons.ts";

const zAction = z.object({ action: z.string() });
const zKnownAction = z.object({ action: z.enum(GATE_ACTIONS) });

/** Parses what the gate was asked. Whatever it is given, it returns a request or refuses. */
export function parseRequest(params: unknown): GateRequest {
  if (lengthOf(params) > MAX_GATE_REQUEST_LENGTH) throw new GateRefusal("request-too-large");
  const parsed = zGateRequest.safeParse(params);
  if (parsed.success) return parsed.data;
  const namesUnknownAction = zAction.safeParse(params).success && !zKnownAction.safeParse(params).success;
  throw new GateRefusal(namesUnknownAction ? "action-unknown" : "request-malformed", { cause: parsed.error });
}

/** The length of the parameters as JSON; 0 for what JSON cannot say, which the schema then refuses. */
function lengthOf(params: unknown): number {
  try {
    // The type leaves out that there is no JSON for undefined.
    return (JSON.stringify(params) as string | undefined)?.length ?? 0;
  } catch {
    return 0;
  }
}
