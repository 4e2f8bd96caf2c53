import { z } from "zod";
import { FACTOR_CATEGORIES } from "#core/security/authenticator-rule.ts";
import { zFactorType } from "#core/security/factors.ts";
import { zLoginProvider } from "#core/security/login-providers.ts";
import { zPendingCode } from "#core/wallet-api/state.ts";

const nothing = z.undefined();
const zCode = z.object({ code: z.string() });
/** The authenticator's id of a factor that was set up; proven by that, but for an app. */
const zEnrolled = z.object({ id: z.string() });

/** What the authenticator knows of the person. */
export const zKnownFactors = z.object({
  /** Whose factors they are: what the ids in the factor registry are made of. */
  person: z.object({ issuer: z.string(), sub: z.string() }),
  factors: z.array(
    z.object({
      type: zFactorType,
      id: z.string(),
      /** By which the person knows it: an email address, the end of a phone number, a passkey's name. */
      name: z.string(),
    }),
  ),
  /** How the session stands towards the authenticator's rule for changing factors. */
  standing: z.object({ categories: z.array(z.enum(FACTOR_CATEGORIES)), provenAt: z.number() }),
});
export type KnownFactors = z.output<typeof zKnownFactors>;

/**
 * What main can ask of the vault to set factors up at the authenticator and to delete them. Secrets go out once, to be shown; none is kept after the set-up.
 */
export const ENROLMENT_METHODS = {
  knownFactors: { input: nothing, output: zKnownFactors },

  /** Sends a code to an address that the person adds. */
  enrolSendCode: {
    input: z.object({ channel: z.enum(["email", "sms"]), address: z.string() }),
    output: zPendingCode,
  },
  enrolVerifyCode: { input: zCode, output: zEnrolled },

  /** The secret for an authenticator app, as text and as the address that apps scan. It counts after its first code. */
  enrolApp: { input: nothing, output: zEnrolled.extend({ secret: z.string(), uri: z.string() }) },
  /** The app's first code. The recovery codes come out here, once. */
  enrolAppVerify: {
    input: zCode,
    output: zEnrolled.extend({ recoveryCodes: z.array(z.string()) }),
  },
  /** A recovery code in place of a lost app. */
  useRecoveryCode: { input: zCode, output: nothing },
  /** The codes that are not used up, for who did not keep them. */
  recoveryCodes: { input: nothing, output: z.object({ codes: z.array(z.string()) }) },

  /** The options with which the browser makes a passkey of a domain. */
  enrolPasskey: {
    input: z.object({ domain: z.string() }),
    output: z.object({ options: z.string() }),
  },
  enrolPasskeyFinish: {
    input: z.object({ credential: z.string(), name: z.string().optional() }),
    output: zEnrolled,
  },

  /** Sets the password, the first or another. */
  enrolPassword: { input: z.object({ password: z.string() }), output: zEnrolled },

  /** Where the browser has to go; the verifier of what it brings back stays here. */
  enrolLogin: {
    input: z.object({ provider: zLoginProvider, redirectUrl: z.string() }),
    output: z.object({ url: z.string() }),
  },
  enrolLoginFinish: { input: z.object({ redirect: z.string() }), output: zEnrolled },

  /** Deletes a factor at the authenticator; one that is gone already is no error. */
  deleteFactor: { input: z.object({ type: zFactorType, id: z.string() }), output: nothing },
} as const;
