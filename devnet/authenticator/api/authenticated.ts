import type { Core } from "../core.ts";
import type { Proof } from "../sessions/sessions.ts";
import type { User } from "../state/schema.ts";
import { describeUser } from "../users/describe.ts";
import { forgetFailures } from "../users/lock.ts";
import type { Call } from "./endpoint.ts";

/**
 * What every factor does once it is proven: it ends the row of failures, goes into the session and the caller gets
 * user, session, token and JWT.
 */
export async function authenticated(
  core: Core,
  call: Call<{ session_duration_minutes?: number | undefined }>,
  user: User,
  proof: Proof,
): Promise<Record<string, unknown>> {
  const session = core.sessions.addProof(user, proof, {
    session: call.session,
    minutes: call.body.session_duration_minutes,
    attributes: call.attributes,
  });
  forgetFailures(user);
  return {
    user_id: user.userId,
    user: describeUser(user, core.factors, core.clock.now()),
    ...(await core.sessions.handOut(session)),
  };
}
