import { ApiError } from "../api/errors.ts";
import { LIMITS } from "../limits.ts";
import type { User } from "../state/schema.ts";

/** Whether the user is locked out at `now` (Unix seconds). */
export function isLocked(user: User, now: number): boolean {
  return user.lock !== undefined && now < user.lock.expiresAt;
}

/** @throws ApiError `user_lock_limit_reached` while the user is locked. */
export function refuseIfLocked(user: User, now: number): void {
  if (isLocked(user, now)) throw new ApiError("user_lock_limit_reached");
}

/**
 * Counts a failed proof and says what to answer: `error`, or that the user is locked now. All factors count
 * together, so that trying them in turn wins nothing.
 */
export function countFailure(user: User, now: number, error: ApiError): ApiError {
  user.failures += 1;
  if (user.failures < LIMITS.failuresPerLock) return error;
  user.failures = 0;
  user.lock = { createdAt: now, expiresAt: now + LIMITS.lockSeconds };
  return new ApiError("user_lock_limit_reached");
}

/** A success ends a row of failures. */
export function forgetFailures(user: User): void {
  user.failures = 0;
  delete user.lock;
}
