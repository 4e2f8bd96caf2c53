import { z } from "zod";
import { ApiError } from "../../api/errors.ts";
import { LIMITS } from "../../limits.ts";
import { newId } from "../../state/ids.ts";
import type { User } from "../../state/schema.ts";
import { hashPassword, type PasswordCost, zPasswordHash } from "./hash.ts";
import { rateStrength } from "./strength.ts";

/** A user's password, as kept in the state. */
export const zPasswordFactor = z.strictObject({
  passwordId: z.string(),
  hash: zPasswordHash,
  /** Somebody else may have chosen it: it counts for nothing until it is reset. */
  requiresReset: z.boolean(),
});

/** A mail that lets its reader set a new password, as kept in the state. */
export const zResetToken = z.strictObject({
  token: z.string(),
  userId: z.string(),
  emailId: z.string(),
  codeChallenge: z.string().optional(),
  /** Unix seconds. */
  expiresAt: z.int(),
});

/** What a password proves. The claim names no id: a user has one password at most. */
export const PASSWORD_PROOF = { type: "password", deliveryMethod: "knowledge", identity: {} } as const;

export const zPassword = z.string().min(1).max(LIMITS.maxPasswordLength);

/** Sets a user's password, the first or another. @throws ApiError `weak_password` */
export async function setPassword(user: User, password: string, cost: PasswordCost): Promise<void> {
  await requireStrength(password, user.factors.emails[0]?.address);
  await storePassword(user, password, cost);
}

/** @throws ApiError `weak_password` */
export async function requireStrength(password: string, email: string | undefined): Promise<void> {
  if (!(await rateStrength(password, email)).valid) throw new ApiError("weak_password");
}

/** Keeps a password whose strength was checked. Another one keeps the id of the first. */
export async function storePassword(user: User, password: string, cost: PasswordCost): Promise<void> {
  const hash = await hashPassword(password, cost);
  const passwordId = user.factors.password?.passwordId ?? newId("password");
  user.factors.password = { passwordId, hash, requiresReset: false };
}
