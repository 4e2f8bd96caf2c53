/** Refreshing and ending sessions, and the keys that verify their JWTs. */
import { z } from "zod";
import { type Call, endpoint, requireSession, requireUser } from "../api/endpoint.ts";
import { ApiError } from "../api/errors.ts";
import { zSessionMinutes } from "../api/fields.ts";
import type { Core } from "../core.ts";
import { describeUser } from "../users/describe.ts";
import { describeSession } from "./describe.ts";

const zAuthenticate = z.object({ session_duration_minutes: zSessionMinutes });

/** A fresh JWT over the old proofs: a refresh makes no factor fresher. */
async function authenticate(core: Core, call: Call<z.output<typeof zAuthenticate>>) {
  const session = requireSession(call);
  const user = requireUser(core, call);
  core.sessions.touch(session, call.body.session_duration_minutes);
  return {
    user_id: user.userId,
    user: describeUser(user, core.factors, core.clock.now()),
    ...(await core.sessions.handOut(session)),
  };
}

async function revoke(core: Core, call: Call<{ session_id?: string | undefined }>) {
  const { session_id } = call.body;
  const named = session_id === undefined ? undefined : core.sessions.byId(session_id);
  if (session_id !== undefined && named === undefined) throw new ApiError("session_not_found");
  core.sessions.revoke(named ?? requireSession(call));
  return {};
}

export const sessionEndpoints = [
  endpoint({
    method: "POST",
    path: "/sessions/authenticate",
    accepts: { sdk: zAuthenticate, server: zAuthenticate },
    answer: authenticate,
  }),
  endpoint({
    method: "POST",
    path: "/sessions/revoke",
    accepts: {
      // An app can end its own session only; a back end any.
      sdk: z.object({}),
      server: z.object({ session_id: z.string().optional() }),
    },
    answer: revoke,
  }),
  endpoint({
    method: "GET",
    path: "/sessions",
    accepts: { server: z.object({}) },
    answer: async (core, call) => ({
      sessions: core.sessions.ofUser(requireUser(core, call).userId).map(describeSession),
    }),
  }),
];
