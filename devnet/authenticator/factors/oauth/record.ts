/** Social logins as kept in the state, and what is open while a person logs in with one. */
import { z } from "zod";
import { orError } from "../../api/fields.ts";

/** The providers that the devnet plays, with the names under which Stytch shows them. */
export const PROVIDERS = {
  apple: "Apple",
  github: "Github",
  google: "Google",
  microsoft: "Microsoft",
} as const;
export const PROVIDER_NAMES = [
  "apple",
  "github",
  "google",
  "microsoft",
] as const satisfies readonly (keyof typeof PROVIDERS)[];
export type Provider = (typeof PROVIDER_NAMES)[number];
export const zProvider = z.enum(PROVIDER_NAMES);
/** A provider that a caller names. */
export const zKnownProvider = z.enum(PROVIDER_NAMES, orError("invalid_oauth_provider"));

/** A user's login at a provider. */
export const zLogin = z.strictObject({
  registrationId: z.string(),
  provider: zProvider,
  /** The person at the provider. */
  subject: z.string(),
  /** The email address that came with it, as the authenticator knows it. */
  emailId: z.string(),
});
export type Login = z.output<typeof zLogin>;

const zSeconds = z.int();

export const zOAuthState = z.strictObject({
  /** Browsers on their way to a provider and back. */
  flows: z.array(
    z.strictObject({
      /** Ties the answer of the provider to this flow. */
      state: z.string(),
      provider: zProvider,
      codeChallenge: z.string(),
      loginRedirect: z.string(),
      signupRedirect: z.string(),
      /** The user the login is to be added to. */
      attachTo: z.string().optional(),
      /** What the provider found out, for whoever brings the code. */
      granted: z.strictObject({ code: z.string(), subject: z.string(), email: z.string() }).optional(),
      expiresAt: zSeconds,
    }),
  ),
  /** Given to the app through the browser; redeemed once, by who knows the PKCE verifier. */
  tokens: z.array(
    z.strictObject({
      token: z.string(),
      userId: z.string(),
      registrationId: z.string(),
      codeChallenge: z.string(),
      expiresAt: zSeconds,
    }),
  ),
  /** Let a flow add its login to a user. */
  attachTokens: z.array(
    z.strictObject({ token: z.string(), userId: z.string(), provider: zProvider, expiresAt: zSeconds }),
  ),
});
export type OAuthState = z.output<typeof zOAuthState>;
export type Flow = OAuthState["flows"][number];

/** Drops whatever has expired. */
export function forgetExpired(oauth: OAuthState, now: number): void {
  const open = ({ expiresAt }: { expiresAt: number }) => now < expiresAt;
  oauth.flows = oauth.flows.filter(open);
  oauth.tokens = oauth.tokens.filter(open);
  oauth.attachTokens = oauth.attachTokens.filter(open);
}
