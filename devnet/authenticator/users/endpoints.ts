/** Reading and changing what the authenticator keeps about a user. */
import { z } from "zod";
import { type Call, endpoint, requireSession, requireUser } from "../api/endpoint.ts";
import { ApiError } from "../api/errors.ts";
import type { Core } from "../core.ts";
import { LIMITS } from "../limits.ts";
import { describeUser } from "./describe.ts";

const zUpdate = z.object({
  untrusted_metadata: z.record(z.string(), z.json()).optional(),
  trusted_metadata: z.unknown().optional(),
});

async function update(core: Core, call: Call<z.output<typeof zUpdate>>) {
  requireSession(call);
  const user = requireUser(core, call);
  if (call.body.trusted_metadata !== undefined) throw new ApiError("cannot_update_trusted_metadata");
  user.untrustedMetadata = merge(user.untrustedMetadata, call.body.untrusted_metadata ?? {});
  return { user_id: user.userId, user: describeUser(user, core.factors, core.clock.now()) };
}

type Metadata = Record<string, z.core.util.JSONType>;

/** Keys that are given replace, null removes, the others stay. */
function merge(old: Metadata, changes: Metadata): Metadata {
  const merged = new Map(Object.entries(old));
  for (const [key, value] of Object.entries(changes)) {
    if (value === null) merged.delete(key);
    else merged.set(key, value);
  }
  if (merged.size > LIMITS.metadataKeys) throw new ApiError("metadata_too_many_keys");
  const metadata = Object.fromEntries(merged);
  if (Buffer.byteLength(JSON.stringify(metadata)) > LIMITS.metadataBytes) {
    throw new ApiError("invalid_request_value");
  }
  return metadata;
}

async function read(core: Core, call: Call<unknown>) {
  return describeUser(requireUser(core, call), core.factors, core.clock.now());
}

export const userEndpoints = [
  endpoint({ method: "GET", path: "/users/me", accepts: { sdk: z.object({}) }, answer: read }),
  endpoint({ method: "PUT", path: "/users/me", accepts: { sdk: zUpdate }, answer: update }),
  endpoint({ method: "GET", path: "/users/:user_id", accepts: { server: z.object({}) }, answer: read }),
];
