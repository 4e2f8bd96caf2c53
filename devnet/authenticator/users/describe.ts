import { toTimestamp } from "../state/clock.ts";
import type { User } from "../state/schema.ts";
import type { Factor } from "../factors/factor.ts";
import { isLocked } from "./lock.ts";

/** A user as the API describes it; each factor adds its part. */
export function describeUser(user: User, factors: readonly Factor[], now: number): Record<string, unknown> {
  const lock = isLocked(user, now) ? user.lock : undefined;
  return {
    user_id: user.userId,
    name: { first_name: "", middle_name: "", last_name: "" },
    emails: [],
    phone_numbers: [],
    providers: [],
    webauthn_registrations: [],
    biometric_registrations: [],
    totps: [],
    crypto_wallets: [],
    password: null,
    status: "active",
    created_at: toTimestamp(user.createdAt),
    is_locked: lock !== undefined,
    lock_created_at: lock === undefined ? null : toTimestamp(lock.createdAt),
    lock_expires_at: lock === undefined ? null : toTimestamp(lock.expiresAt),
    roles: [],
    trusted_metadata: {},
    untrusted_metadata: user.untrustedMetadata,
    ...factors.reduce((parts, factor) => ({ ...parts, ...factor.describe(user) }), {}),
  };
}
