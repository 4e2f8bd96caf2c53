import { type FactorType, PASSWORD_ID } from "#core/security/factors.ts";
import { LOGIN_PROVIDERS } from "#core/security/login-providers.ts";
import type { AuthenticatorUser } from "./session.ts";

/** A factor that a person can prove, as a record names it: with issuer and user it makes the factor id. */
export interface EnrolledFactor {
  readonly type: FactorType;
  readonly id: string;
}

/**
 * The factors that the authenticator knows of a person and would accept a proof of: to compare with what the record of
 * a key holds, and to open a record whose preimages were lost.
 */
export function enrolledFactors(user: AuthenticatorUser): EnrolledFactor[] {
  const { emails, phones, authenticatorApps, passkeys, password, logins } = user;
  return [
    ...emails.filter(isVerified).map(({ emailId }) => factor("email", emailId)),
    ...phones.filter(isVerified).map(({ phoneId }) => factor("sms", phoneId)),
    ...authenticatorApps.filter(isVerified).map(({ totpId }) => factor("totp", totpId)),
    ...passkeys.filter(isVerified).map(({ registrationId }) => factor("passkey", registrationId)),
    ...(password === undefined || password.requiresReset ? [] : [factor("password", PASSWORD_ID)]),
    ...logins.filter(isKnown).map(({ registrationId }) => factor("oauth", registrationId)),
  ];
}

const isVerified = ({ verified }: { readonly verified: boolean }): boolean => verified;

/** Logins at other providers may exist at the authenticator; no gate counts them. */
const isKnown = ({ provider }: { readonly provider: string }): boolean =>
  LOGIN_PROVIDERS.some((known) => known === provider.toLowerCase());

const factor = (type: FactorType, id: string): EnrolledFactor => ({ type, id });
