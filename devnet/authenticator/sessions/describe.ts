import { toTimestamp } from "../state/clock.ts";
import type { Session } from "../state/schema.ts";

/** What the API's session object and the JWT's session claim have in common. */
export function sessionFacts(session: Session) {
  return {
    started_at: toTimestamp(session.startedAt),
    last_accessed_at: toTimestamp(session.lastAccessedAt),
    expires_at: toTimestamp(session.expiresAt),
    attributes: session.attributes,
    authentication_factors: session.factors.map((factor) => ({
      type: factor.type,
      delivery_method: factor.deliveryMethod,
      last_authenticated_at: toTimestamp(factor.lastAuthenticatedAt),
      created_at: toTimestamp(factor.createdAt),
      updated_at: toTimestamp(factor.lastAuthenticatedAt),
      ...factor.identity,
    })),
  };
}

/** A session as the API describes it, without its token. */
export function describeSession(session: Session): Record<string, unknown> {
  return {
    session_id: session.sessionId,
    user_id: session.userId,
    ...sessionFacts(session),
    roles: [],
    custom_claims: {},
  };
}
