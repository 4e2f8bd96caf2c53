import { LOGIN_PROVIDERS } from "#core/security/login-providers.ts";
import { isSameFactor, type RecordFactor } from "#core/security/opened-record.ts";
import { enrolledFactors } from "../../authenticator/enrolled.ts";
import type { AuthenticatorUser } from "../../authenticator/session.ts";
import { nameOf } from "../../enrolment/known.ts";
import type { DescribedFactor } from "./methods.ts";

/** An address as its owner recognises it: "a•••@example.org". */
export const maskEmail = (address: string): string =>
  `${address.slice(0, 1)}•••${address.slice(address.lastIndexOf("@"))}`;

/** What the authenticator knows of a factor that a record names. A wallet proves itself, so it always can. */
export function describeFactor(user: AuthenticatorUser, factor: RecordFactor): DescribedFactor {
  if (factor.type === "wallet") return { available: true };
  const enrolled = enrolledFactors(user).find((one) => isSameFactor(one, factor));
  if (!enrolled) return { available: false };
  const name = nameOf(user, enrolled);
  const provider = LOGIN_PROVIDERS.find((one) => factor.type === "oauth" && one === name.toLowerCase());
  return {
    available: true,
    ...(name !== "" && { name: factor.type === "email" ? maskEmail(name) : name }),
    ...(provider && { provider }),
  };
}
