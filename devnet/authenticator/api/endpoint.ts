import type { z } from "zod";
import type { Core } from "../core.ts";
import type { Attributes } from "../sessions/sessions.ts";
import type { Session, User } from "../state/schema.ts";
import { findUser } from "../users/user.ts";
import { ApiError } from "./errors.ts";

/**
 * The two ways to speak to the API. `sdk` (/sdk/v1) is for apps: a public token, the session in the Authorization
 * header. `server` (/v1) is for back ends: the project's secret, user and session named in the body.
 */
export type Dialect = "sdk" | "server";

/** One call of an endpoint, its body checked. */
export interface Call<Body> {
  readonly dialect: Dialect;
  readonly body: Body;
  /** The live session the caller holds. */
  readonly session: Session | undefined;
  /** Whether the caller named a session at all, live or not. */
  readonly sessionNamed: boolean;
  /** The user a back end named; undefined for apps, which speak only for the user of their session. */
  readonly namedUserId: string | undefined;
  readonly attributes: Attributes;
}

/** One thing the API can be asked for. */
export interface Endpoint {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** The path below /sdk/v1 or /v1. Its parameters become fields of the body. */
  readonly path: string;
  /** In which dialects it can be asked for. */
  readonly dialects: readonly Dialect[];
  /** Parses the body and answers. A caller's mistake is an ApiError or a ZodError. */
  readonly answer: (core: Core, call: Call<unknown>) => Promise<Record<string, unknown>>;
}

/** Describes an endpoint; the schema of each dialect leads to the same body. */
export function endpoint<Body>(description: {
  method: Endpoint["method"];
  path: string;
  accepts: Partial<Record<Dialect, z.ZodType<Body>>>;
  answer: (core: Core, call: Call<Body>) => Promise<Record<string, unknown>>;
}): Endpoint {
  const { method, path, accepts, answer } = description;
  return {
    method,
    path,
    dialects: (["sdk", "server"] as const).filter((dialect) => accepts[dialect] !== undefined),
    answer: async (core, call) => {
      const schema = accepts[call.dialect];
      if (schema === undefined) throw new ApiError("route_not_found");
      return answer(core, { ...call, body: schema.parse(call.body) });
    },
  };
}

/** The caller's session. @throws ApiError when there is none. */
export function requireSession(call: Call<unknown>): Session {
  if (call.session !== undefined) return call.session;
  throw new ApiError(call.sessionNamed ? "session_not_found" : "user_unauthenticated");
}

/** The user the call is about: the session's, or for a back end the named one. @throws ApiError when there is none. */
export function requireUser(core: Core, call: Call<unknown>): User {
  const { session, namedUserId } = call;
  if (session !== undefined && namedUserId !== undefined && session.userId !== namedUserId) {
    throw new ApiError("user_id_mismatch");
  }
  const userId = namedUserId ?? requireSession(call).userId;
  const user = findUser(core.store.state, userId);
  if (user === undefined) throw new ApiError("user_not_found");
  return user;
}
