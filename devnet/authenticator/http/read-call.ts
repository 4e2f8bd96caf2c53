import type { Context } from "hono";
import { z } from "zod";
import type { Call } from "../api/endpoint.ts";
import { ApiError } from "../api/errors.ts";
import type { Core } from "../core.ts";
import { equalInConstantTime } from "../factors/compare.ts";
import { basicCredentials, requireTelemetry } from "./credentials.ts";

const zObject = z.record(z.string(), z.unknown());
const zNamed = z.object({
  user_id: z.string().optional(),
  session_token: z.string().optional(),
  session_jwt: z.string().optional(),
});

/** A call as an app makes it: public token and session token in the Authorization header. */
export async function readSdkCall(core: Core, c: Context): Promise<Call<unknown>> {
  requireTelemetry(c.req.header("x-sdk-client"));
  const { user: publicToken, password } = basicCredentials(c.req.header("authorization"));
  if (publicToken !== core.identity.publicToken) throw new ApiError("unauthorized_credentials");
  const sessionNamed = password !== core.identity.publicToken;
  return {
    dialect: "sdk",
    body: await readBody(c),
    session: sessionNamed ? core.sessions.byToken(password) : undefined,
    sessionNamed,
    namedUserId: undefined,
    attributes: attributesOf(c),
  };
}

/** A call as a back end makes it: the project's secret in the Authorization header, the rest in the body. */
export async function readServerCall(core: Core, c: Context): Promise<Call<unknown>> {
  const { user: projectId, password } = basicCredentials(c.req.header("authorization"));
  const secretIsRight = equalInConstantTime(password, core.store.state.projectSecret);
  if (projectId !== core.identity.projectId || !secretIsRight) throw new ApiError("unauthorized_credentials");
  const body = await readBody(c);
  const named = zNamed.parse(body);
  if (named.session_token !== undefined && named.session_jwt !== undefined) {
    throw new ApiError("too_many_session_arguments");
  }
  const session =
    named.session_token !== undefined
      ? core.sessions.byToken(named.session_token)
      : named.session_jwt !== undefined
        ? await core.sessions.byJwt(named.session_jwt)
        : undefined;
  const sessionNamed = named.session_token !== undefined || named.session_jwt !== undefined;
  // A back end that names a session means that session: another answer would be about somebody else.
  if (sessionNamed && session === undefined) throw new ApiError("session_not_found");
  return {
    dialect: "server",
    body,
    session,
    sessionNamed,
    namedUserId: named.user_id,
    attributes: attributesOf(c),
  };
}

/** Query, JSON body and path parameters as one object; the path wins. */
async function readBody(c: Context): Promise<Record<string, unknown>> {
  const text = await c.req.text();
  let json: unknown = {};
  try {
    if (text !== "") json = JSON.parse(text);
  } catch {
    throw new ApiError("bad_request");
  }
  return { ...c.req.query(), ...zObject.parse(json), ...c.req.param() };
}

function attributesOf(c: Context) {
  // The authenticator listens on loopback only: nobody calls from elsewhere.
  return { ip_address: "127.0.0.1", user_agent: c.req.header("user-agent") ?? "" };
}
