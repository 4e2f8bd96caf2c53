import { WalletError } from "#core/errors/wallet-error.ts";
import type { TypedProof } from "#core/wallet-api/proofs.ts";
import type { Handlers } from "../../../processes/peer.ts";
import { tokenInRedirect } from "../../authenticator/factors/social-login.ts";
import { createPkce } from "../../authenticator/pkce.ts";
import { phoneName } from "../../enrolment/known.ts";
import type { PersonSession } from "../session.ts";
import { describeFactor, maskEmail } from "./factor-names.ts";
import type { PROOF_METHODS } from "./methods.ts";

/** What is under way between the two halves of a proof. */
interface UnderWay {
  /** What the code that was sent last over a channel is verified with. */
  email?: string | undefined;
  sms?: string | undefined;
  /** The PKCE verifier of the social login that was begun last. */
  login?: string;
}

const unknownFactor = () =>
  new WalletError(
    "factor-unknown",
    "The authenticator does not have this for you any more.",
    "Prove another of your factors instead.",
  );
const noCodeSent = () => new WalletError("no-code-sent", "No code was sent yet.", "Ask for a code first.");
const loginNotBegun = () =>
  new WalletError(
    "login-not-begun",
    "No social login was begun.",
    "Start it from here, and finish it in the browser window that opens.",
  );

/**
 * Proofs of every factor within the person's session. Codes and passwords pass through to the authenticator and are
 * kept nowhere.
 */
export function createSessionProofs(session: () => PersonSession): Handlers<typeof PROOF_METHODS> & {
  readonly forget: () => void;
} {
  let underWay: UnderWay = {};

  async function proveTyped(proof: TypedProof): Promise<void> {
    switch (proof.kind) {
      case "email":
      case "sms": {
        const { kind, code } = proof;
        const methodId = underWay[kind];
        if (methodId === undefined) throw noCodeSent();
        await session().prove((client, open) => client[kind].verify({ methodId, code, session: open }));
        // One that is sent meanwhile is another.
        if (underWay[kind] === methodId) underWay[kind] = undefined;
        return;
      }
      case "totp":
        await session().prove((client, open) => client.totp.verify(open, proof.code));
        return;
      case "password": {
        const { password } = proof;
        const email = session().email();
        await session().prove((client, open) => client.password.verify({ email, password, session: open }));
      }
    }
  }

  return {
    /** The wallet was locked. */
    forget() {
      underWay = {};
    },

    describeFactors: ({ factors }) =>
      session().ask((_, { user }) => Promise.resolve(factors.map((factor) => describeFactor(user, factor)))),

    sendProofCode: ({ kind, id }) =>
      session().ask(async (client, { user: { emails, phones } }) => {
        const address =
          kind === "email"
            ? emails.find(({ emailId, verified }) => verified && emailId === id)?.address
            : phones.find(({ phoneId, verified }) => verified && phoneId === id)?.number;
        if (address === undefined) throw unknownFactor();
        const { methodId, expiresAt } = await client[kind].send(address);
        underWay[kind] = methodId;
        return { sentTo: kind === "email" ? maskEmail(address) : phoneName(address), expiresAt };
      }),
    async proveTyped(proof) {
      await proveTyped(proof);
      return undefined;
    },

    startPasskeyProof: async ({ domain }) => ({
      options: await session().ask((client, open) => client.passkey.startProof({ domain, session: open })),
    }),
    async finishPasskeyProof({ credential }) {
      await session().prove((client, open) => client.passkey.finishProof({ credential, session: open }));
      return undefined;
    },

    async startLoginProof({ provider, redirectUrl }) {
      const { verifier, challenge } = createPkce();
      underWay.login = verifier;
      const url = await session().ask((client) =>
        Promise.resolve(client.login.startUrl({ provider, redirectUrl, codeChallenge: challenge })),
      );
      return { url: url.href };
    },
    async finishLoginProof({ redirect }) {
      const { login: codeVerifier } = underWay;
      if (codeVerifier === undefined) throw loginNotBegun();
      delete underWay.login;
      const token = tokenInRedirect(new URL(redirect), "oauth");
      await session().prove((client, open) => client.login.verify({ token, codeVerifier, session: open }));
      return undefined;
    },
  };
}
