import { AuthenticatorError } from "./errors.ts";
import { zAuthenticated, zUserChanged } from "./responses.ts";
import { type AuthenticatorSession, type AuthenticatorUser, toSession, toUser } from "./session.ts";
import type { ErrorMeanings, Transport } from "./transport.ts";

export interface CallOptions {
  /** Gives the call up; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

export interface ProofOptions extends CallOptions {
  /** How long the session lasts from now, in minutes: 5 to 527040. */
  readonly sessionMinutes?: number;
}

/** The session a proof goes into; without one it opens a session of its own. */
export interface InSession {
  readonly session?: AuthenticatorSession | undefined;
}

const SESSION_MINUTES = 60;

/** The header of a call in a session, if there is one. */
export function within(session: AuthenticatorSession | undefined): { sessionToken?: string } {
  return session === undefined ? {} : { sessionToken: session.token };
}

/** Proves a factor. @returns the session with its proof */
export async function prove(
  transport: Transport,
  path: string,
  proof: Record<string, string | undefined>,
  session: AuthenticatorSession | undefined,
  { sessionMinutes = SESSION_MINUTES, signal }: ProofOptions,
  means?: ErrorMeanings,
): Promise<AuthenticatorSession> {
  const answer = await transport.request({
    method: "POST",
    path,
    body: { ...proof, session_duration_minutes: sessionMinutes },
    ...within(session),
    answer: zAuthenticated,
    signal,
    means,
  });
  return toSession(answer);
}

/** Removes a factor. @returns the user without it */
export async function removeFactor(
  transport: Transport,
  path: string,
  id: string,
  session: AuthenticatorSession,
  { signal }: CallOptions,
): Promise<AuthenticatorUser> {
  const { user } = await transport.request({
    method: "DELETE",
    path: `${path}/${encodeURIComponent(id)}`,
    sessionToken: session.token,
    answer: zUserChanged,
    signal,
  });
  return toUser(user);
}

/** The code as people type it, "123 456" included. What cannot be right costs no try. */
export function sixDigits(code: string): string {
  const digits = code.replace(/[\s-]/g, "");
  if (!/^\d{6}$/.test(digits)) throw new AuthenticatorError("code-format");
  return digits;
}
