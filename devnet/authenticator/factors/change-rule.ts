import { ApiError } from "../api/errors.ts";
import { LIMITS } from "../limits.ts";
import type { Session, User } from "../state/schema.ts";
import { isPending } from "../users/user.ts";
import type { Factor } from "./factor.ts";

/**
 * Stytch's rule for changing factors without the project's secret: the session must have proved factors of two
 * categories, one of them within the hour. Nothing can be added to a user of whom nothing is verified.
 *
 * A user who has factors of one category only may add one freely. That is a window in which whoever reads the
 * mailbox can add a factor of his own; it is mirrored here because the real service has it, and it is the factor
 * registry on the chain, not the authenticator, that closes it for network-held keys.
 *
 * @throws ApiError `too_many_unverified_factors`, `insufficient_factors` or `stale_factors`.
 */
export function requireRightToChangeFactors(
  change: "add" | "delete",
  user: User,
  session: Session,
  factors: readonly Factor[],
  now: number,
): void {
  if (change === "add" && isPending(user)) throw new ApiError("too_many_unverified_factors");
  const enrolled = categoriesOf(factors.filter((kind) => kind.isEnrolled(user)));
  if (change === "add" && enrolled.size < 2) return;

  const proven = factors.filter((kind) => session.factors.some((factor) => kind.isProof(factor)));
  if (categoriesOf(proven).size < 2) throw new ApiError("insufficient_factors");

  const latest = Math.max(...session.factors.map((factor) => factor.lastAuthenticatedAt));
  if (now - latest >= LIMITS.freshFactorSeconds) throw new ApiError("stale_factors");
}

function categoriesOf(factors: readonly Factor[]): Set<string> {
  return new Set(factors.map(({ category }) => category).filter((category) => category !== undefined));
}
