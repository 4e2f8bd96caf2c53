import { CATEGORY_OF, type FactorCategory } from "#core/security/authenticator-rule.ts";
import { listFactors } from "#core/security/factors.ts";
import { SESSION_CLAIM } from "#core/security/session-claims.ts";
import { enrolledFactors, type EnrolledFactor } from "../authenticator/enrolled.ts";
import type { AuthenticatorSession, AuthenticatorUser } from "../authenticator/session.ts";
import type { KnownFactors } from "./protocol.ts";

/** The last digits of a phone number: enough to tell one's own from a stranger's. */
export const phoneName = (number: string): string => `number ending in ${number.slice(-3)}`;

/** What a factor is to its owner. */
export function nameOf(user: AuthenticatorUser, { type, id }: EnrolledFactor): string {
  const { emails, phones, passkeys, logins } = user;
  switch (type) {
    case "email":
      // In full: a stranger's address must not look like one's own.
      return emails.find(({ emailId }) => emailId === id)?.address ?? "";
    case "sms":
      return phoneName(phones.find(({ phoneId }) => phoneId === id)?.number ?? "");
    case "passkey": {
      const passkey = passkeys.find(({ registrationId }) => registrationId === id);
      return passkey?.name === "" ? passkey.domain : (passkey?.name ?? "");
    }
    case "oauth":
      return logins.find(({ registrationId }) => registrationId === id)?.provider ?? "";
    case "totp":
    case "password":
      return "";
  }
}

/** The categories a session proved, and when it last proved one of its factors. */
function standingOf({ claims }: AuthenticatorSession): KnownFactors["standing"] {
  const entries = claims[SESSION_CLAIM].authentication_factors;
  const proven = listFactors(claims).map(({ type }) => CATEGORY_OF[type]);
  // A recovery code is no factor of any key, but to the authenticator it stands in for the device it replaces.
  const recovered = entries.some(({ type }) => type === "recovery_codes");
  const categories = new Set<FactorCategory>(proven.filter((category) => category !== undefined));
  if (recovered) categories.add("device");
  const times = entries.map(({ last_authenticated_at: at }) => (at === undefined ? 0 : Date.parse(at)));
  return { categories: [...categories], provenAt: Math.floor(Math.max(0, ...times) / 1000) };
}

/** What the authenticator knows of a session's person. */
export function knownFactors(session: AuthenticatorSession): KnownFactors {
  const { claims, user } = session;
  return {
    person: { issuer: claims.iss, sub: claims.sub },
    factors: enrolledFactors(user).map((factor) => ({ ...factor, name: nameOf(user, factor) })),
    standing: standingOf(session),
  };
}
