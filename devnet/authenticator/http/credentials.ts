import { z } from "zod";
import { ApiError } from "../api/errors.ts";

const zTelemetry = z.object({
  event_id: z.string(),
  app_session_id: z.string(),
  persistent_id: z.string(),
  client_sent_at: z.iso.datetime(),
  timezone: z.string(),
  app: z.object({ identifier: z.string() }),
  sdk: z.object({ identifier: z.string(), version: z.string() }),
});

/** User name and password of a Basic Authorization header (RFC 7617). @throws ApiError when there are none. */
export function basicCredentials(header: string | undefined): { user: string; password: string } {
  const encoded = /^Basic ([A-Za-z0-9+/]+={0,2})$/.exec(header ?? "")?.[1];
  const [, user, password] = /^([^:]*):(.*)$/s.exec(fromBase64(encoded ?? "")) ?? [];
  if (user === undefined || password === undefined) throw new ApiError("unauthorized_credentials");
  return { user, password };
}

/** Checks the X-SDK-Client header, without which Stytch takes no call from an app. @throws ApiError `bad_request`. */
export function requireTelemetry(header: string | undefined): void {
  let telemetry: unknown;
  try {
    telemetry = JSON.parse(fromBase64(header ?? ""));
  } catch {
    throw new ApiError("bad_request");
  }
  if (!zTelemetry.safeParse(telemetry).success) throw new ApiError("bad_request");
}

function fromBase64(text: string): string {
  return Buffer.from(text, "base64").toString("utf8");
}
