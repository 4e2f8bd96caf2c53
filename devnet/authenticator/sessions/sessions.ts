import { compactVerify, importJWK, SignJWT } from "jose";
import { z } from "zod";
import { SESSION_CLAIM, SESSION_JWT_LIFETIME_SECONDS } from "#core/security/session-claims.ts";
import { ApiError } from "../api/errors.ts";
import type { Identity } from "../identity.ts";
import type { Clock } from "../state/clock.ts";
import { newId, newToken } from "../state/ids.ts";
import type { Session, SessionFactor, User } from "../state/schema.ts";
import type { Store } from "../state/store.ts";
import { describeSession, sessionFacts } from "./describe.ts";
import type { SigningKeys } from "./signing-keys.ts";

/** Where a session was made from. */
export type Attributes = Session["attributes"];

/** What a factor proved just now. */
export type Proof = Pick<SessionFactor, "type" | "deliveryMethod" | "identity">;

/** The sessions of all users and the JWTs that speak for them. */
export class Sessions {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #keys: SigningKeys;
  readonly #identity: Identity;

  constructor(store: Store, clock: Clock, keys: SigningKeys, identity: Identity) {
    this.#store = store;
    this.#clock = clock;
    this.#keys = keys;
    this.#identity = identity;
  }

  /** The live session that a bearer token opens. */
  byToken(token: string): Session | undefined {
    return this.#live().find((session) => session.token === token);
  }

  /** The live session with an id. */
  byId(sessionId: string): Session | undefined {
    return this.#live().find((session) => session.sessionId === sessionId);
  }

  /** The live sessions of a user. */
  ofUser(userId: string): Session[] {
    return this.#live().filter((session) => session.userId === userId);
  }

  /**
   * The live session that a JWT of ours speaks for. The JWT itself may have run out: a session is refreshed with
   * its old JWT.
   */
  async byJwt(jwt: string): Promise<Session | undefined> {
    const published = await this.#keys.published();
    try {
      const { payload } = await compactVerify(
        jwt,
        async ({ kid }) => {
          const jwk = published.find((key) => key.kid === kid);
          if (jwk === undefined) throw new ApiError("session_not_found");
          return importJWK({ ...jwk, key_ops: [...jwk.key_ops] });
        },
        { algorithms: ["RS256"] },
      );
      const claims = z
        .looseObject({ [SESSION_CLAIM]: z.looseObject({ id: z.string() }) })
        .parse(JSON.parse(new TextDecoder().decode(payload)));
      return this.byId(claims[SESSION_CLAIM].id);
    } catch {
      // Whatever is wrong with it, it names no session.
      return undefined;
    }
  }

  /**
   * Writes a proof into the caller's session, or into a new one. Without a duration an existing session keeps its
   * end and no new one is made.
   *
   * @throws ApiError `user_id_mismatch` when the session is another user's: a session never changes hands.
   */
  addProof(
    user: User,
    proof: Proof,
    options: { session: Session | undefined; minutes: number | undefined; attributes: Attributes },
  ): Session | undefined {
    const { session: existing, minutes, attributes } = options;
    if (existing !== undefined && existing.userId !== user.userId) throw new ApiError("user_id_mismatch");
    if (existing === undefined && minutes === undefined) return undefined;
    const session = existing ?? this.#open(user, attributes);
    this.touch(session, minutes);
    const now = this.#clock.now();
    const known = session.factors.find((factor) => sameFactor(factor, proof));
    if (known === undefined) session.factors.push({ ...proof, createdAt: now, lastAuthenticatedAt: now });
    else known.lastAuthenticatedAt = now;
    return session;
  }

  /** Notes that a session was used, and moves its end when a duration is given. */
  touch(session: Session, minutes: number | undefined): void {
    const now = this.#clock.now();
    session.lastAccessedAt = now;
    if (minutes !== undefined) session.expiresAt = now + minutes * 60;
  }

  /** Ends a session; JWTs it gave out count until they run out, five minutes at most. */
  revoke(session: Session): void {
    const { state } = this.#store;
    state.sessions = state.sessions.filter((other) => other !== session);
  }

  /** Ends all sessions of a user but one. @returns whether there were any */
  revokeOthers(userId: string, kept: Session | undefined): boolean {
    const { state } = this.#store;
    const ended = this.ofUser(userId).filter((session) => session !== kept);
    state.sessions = state.sessions.filter((session) => !ended.includes(session));
    return ended.length > 0;
  }

  /** Takes the proofs of a deleted factor out of all sessions of its user. */
  forgetFactor(userId: string, isProof: (factor: SessionFactor) => boolean): void {
    for (const session of this.ofUser(userId)) {
      session.factors = session.factors.filter((factor) => !isProof(factor));
    }
  }

  /** The part of an answer that hands out a session: as JSON, as bearer token and as signed JWT. */
  async handOut(session: Session | undefined): Promise<Record<string, unknown>> {
    if (session === undefined) return { session: null, session_token: "", session_jwt: "" };
    return {
      session: describeSession(session),
      session_token: session.token,
      session_jwt: await this.#mint(session),
    };
  }

  /** RS256 over the claims Stytch puts into a session JWT: 300 s, one audience, no `jti`. */
  async #mint(session: Session): Promise<string> {
    const { kid, key } = await this.#keys.current();
    const now = this.#clock.now();
    return new SignJWT({ [SESSION_CLAIM]: { id: session.sessionId, ...sessionFacts(session) } })
      .setProtectedHeader({ alg: "RS256", kid, typ: "JWT" })
      .setIssuer(this.#identity.issuer)
      .setAudience([this.#identity.projectId])
      .setSubject(session.userId)
      .setIssuedAt(now)
      .setNotBefore(now)
      .setExpirationTime(now + SESSION_JWT_LIFETIME_SECONDS)
      .sign(key);
  }

  #open(user: User, attributes: Attributes): Session {
    const now = this.#clock.now();
    const session: Session = {
      sessionId: newId("session"),
      userId: user.userId,
      token: newToken(),
      startedAt: now,
      lastAccessedAt: now,
      expiresAt: now,
      attributes,
      factors: [],
    };
    this.#store.state.sessions = [...this.#live(), session];
    return session;
  }

  #live(): Session[] {
    const now = this.#clock.now();
    return this.#store.state.sessions.filter((session) => now < session.expiresAt);
  }
}

function sameFactor(factor: SessionFactor, proof: Proof): boolean {
  return (
    factor.type === proof.type &&
    factor.deliveryMethod === proof.deliveryMethod &&
    JSON.stringify(factor.identity) === JSON.stringify(proof.identity)
  );
}
