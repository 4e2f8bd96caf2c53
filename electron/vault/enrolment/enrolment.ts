import { WalletError } from "#core/errors/wallet-error.ts";
import { type FactorType, listFactors, PASSWORD_ID } from "#core/security/factors.ts";
import { AuthenticatorError } from "../authenticator/errors.ts";
import { phoneNumber } from "../authenticator/factors/sms-code.ts";
import { tokenInRedirect } from "../authenticator/factors/social-login.ts";
import type { AuthenticatorClient } from "../authenticator/client.ts";
import { createPkce } from "../authenticator/pkce.ts";
import type { AuthenticatorSession } from "../authenticator/session.ts";
import type { Handlers } from "../../processes/peer.ts";
import type { PersonSession } from "../session/session.ts";
import { knownFactors } from "./known.ts";
import type { ENROLMENT_METHODS } from "./protocol.ts";

/** What is under way between the two halves of a set-up. It dies with the process, and the set-up begins anew. */
interface UnderWay {
  code?: { readonly channel: "email" | "sms"; readonly address: string; readonly methodId: string };
  app?: { readonly recoveryCodes: readonly string[] };
  login?: { readonly verifier: string };
}

const notBegun = () =>
  new WalletError("set-up-not-begun", "This set-up was not begun.", "Start setting it up again.");

/** As authenticator apps scan it: SHA-1, six digits, thirty seconds are what they all assume. */
function appUri(secret: string, email: string): string {
  const uri = new URL(`otpauth://totp/${encodeURIComponent(`Trivet:${email}`)}`);
  uri.searchParams.set("secret", secret);
  uri.searchParams.set("issuer", "Trivet");
  return uri.href;
}

/** Of a type, the factor that is new in a session; of one that was there before, the latest proof. */
function provenId(session: AuthenticatorSession, before: AuthenticatorSession, type: FactorType): string {
  const known = new Set(listFactors(before.claims).map(({ factorId }) => factorId));
  const proven = listFactors(session.claims)
    .filter((factor) => factor.type === type)
    .sort((a, b) => b.lastAuthenticatedAt - a.lastAuthenticatedAt);
  const factor = proven.find(({ factorId }) => !known.has(factorId)) ?? proven[0];
  if (!factor) throw new AuthenticatorError("authenticator-unexpected", new Error(`no ${type} was proven`));
  return factor.id;
}

const remove: Record<
  FactorType,
  (client: AuthenticatorClient, session: AuthenticatorSession, id: string) => Promise<unknown>
> = {
  email: (client, session, id) => client.email.remove(session, id),
  sms: (client, session, id) => client.sms.remove(session, id),
  totp: (client, session, id) => client.totp.remove(session, id),
  passkey: (client, session, id) => client.passkey.remove(session, id),
  oauth: (client, session, id) => client.login.remove(session, id),
  password: () => {
    throw new WalletError(
      "password-stays",
      "The authenticator lets nobody remove a password.",
      "Leave it: it opens nothing without your other factors.",
    );
  },
};

/** Sets factors up at the authenticator and deletes them, in the person's session. */
export function createEnrolment(session: () => PersonSession): Handlers<typeof ENROLMENT_METHODS> & {
  readonly forget: () => void;
} {
  let underWay: UnderWay = {};

  return {
    /** The wallet was locked. */
    forget() {
      underWay = {};
    },

    knownFactors: async () => knownFactors(await session().refresh()),

    async enrolSendCode({ channel, address }) {
      const to = channel === "sms" ? phoneNumber(address) : address.trim();
      const { methodId, expiresAt } = await session().ask((client, open) =>
        client[channel].sendToAdd(open, to),
      );
      underWay.code = { channel, address: to, methodId };
      return { sentTo: to, expiresAt };
    },
    async enrolVerifyCode({ code }) {
      const sent = underWay.code;
      if (!sent) throw notBegun();
      const { channel, address, methodId } = sent;
      const { user } = await session().prove((client, open) =>
        client[channel].verify({ methodId, code, session: open }),
      );
      delete underWay.code;
      const id =
        channel === "email"
          ? user.emails.find((email) => email.address.toLowerCase() === address.toLowerCase())?.emailId
          : user.phones.find(({ number }) => number === address)?.phoneId;
      if (id === undefined) throw new AuthenticatorError("authenticator-unexpected");
      return { id };
    },

    async enrolApp() {
      const created = await session().ask((client, open) => client.totp.create(open));
      underWay.app = { recoveryCodes: created.recoveryCodes };
      return { id: created.totpId, secret: created.secret, uri: appUri(created.secret, session().email()) };
    },
    async enrolAppVerify({ code }) {
      const { session: after, before } = await provenIn((client, open) => client.totp.verify(open, code));
      const recoveryCodes = [...(underWay.app?.recoveryCodes ?? [])];
      delete underWay.app;
      return { id: provenId(after, before, "totp"), recoveryCodes };
    },
    async useRecoveryCode({ code }) {
      await session().prove((client, open) => client.totp.recover(open, code));
      return undefined;
    },
    recoveryCodes: async () => ({
      codes: await session().ask((client, open) => client.totp.recoveryCodes(open)),
    }),

    enrolPasskey: async ({ domain }) => ({
      options: await session().ask((client, open) => client.passkey.startRegistration(open, { domain })),
    }),
    async enrolPasskeyFinish({ credential, name }) {
      const { session: after, before } = await provenIn((client, open) =>
        client.passkey.finishRegistration(open, credential),
      );
      const id = provenId(after, before, "passkey");
      if (name)
        await session().ask((client, open) => client.passkey.rename(open, { registrationId: id, name }));
      return { id };
    },

    async enrolPassword({ password }) {
      await session().prove((client, open) => client.password.set(open, password));
      return { id: PASSWORD_ID };
    },

    async enrolLogin({ provider, redirectUrl }) {
      const { verifier, challenge } = createPkce();
      underWay.login = { verifier };
      const url = await session().ask(async (client, open) => {
        const attachToken = await client.login.attach(open, provider);
        return client.login.startUrl({ provider, redirectUrl, codeChallenge: challenge, attachToken });
      });
      return { url: url.href };
    },
    async enrolLoginFinish({ redirect }) {
      const begun = underWay.login;
      if (!begun) throw notBegun();
      delete underWay.login;
      const token = tokenInRedirect(new URL(redirect), "oauth");
      const { session: after, before } = await provenIn((client, open) =>
        client.login.verify({ token, codeVerifier: begun.verifier, session: open }),
      );
      return { id: provenId(after, before, "oauth") };
    },

    async deleteFactor({ type, id }) {
      const known = knownFactors(await session().refresh());
      if (!known.factors.some((factor) => factor.type === type && factor.id === id)) return undefined;
      await session().ask((client, open) => remove[type](client, open, id));
      // What it proved has left the session.
      await session().refresh();
      return undefined;
    },
  };

  /** A proof, with the session as it was before. */
  async function provenIn(
    act: (client: AuthenticatorClient, open: AuthenticatorSession) => Promise<AuthenticatorSession>,
  ) {
    let before: AuthenticatorSession | undefined;
    const after = await session().prove((client, open) => {
      before = open;
      return act(client, open);
    });
    return { session: after, before: before ?? after };
  }
}
