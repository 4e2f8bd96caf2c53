/** Somebody at the authenticator: proves there whatever they hold. */
import type { TestSigner } from "#contracts/testing/world.ts";
import { toAddress } from "#core/primitives/address.ts";
import type { AuthenticatorClient } from "#electron/vault/authenticator/client.ts";
import { tokenInRedirect } from "#electron/vault/authenticator/factors/social-login.ts";
import { createPkce } from "#electron/vault/authenticator/pkce.ts";
import type { AuthenticatorSession } from "#electron/vault/authenticator/session.ts";
import type { Belongings, CodeReader, SocialLogin, Target } from "./belongings.ts";

type Session = AuthenticatorSession | undefined;
type Proof = (client: AuthenticatorClient, session: Session) => Promise<AuthenticatorSession>;

const PROVIDER = "google";

export const emailProof =
  ({ address, newestCode }: CodeReader): Proof =>
  async ({ email }, session) => {
    const { methodId } = await email.send(address);
    return email.verify({ methodId, code: await newestCode(), session });
  };

export const phoneProof =
  ({ address, newestCode }: CodeReader): Proof =>
  async ({ sms }, session) => {
    const { methodId } = await (session ? sms.sendToAdd(session, address) : sms.send(address));
    return sms.verify({ methodId, code: await newestCode(), session });
  };

/** Goes through a social login; with `attach` it is added to the session's person. */
export const socialProof =
  ({ visit }: SocialLogin, attach = false): Proof =>
  async ({ login }, session) => {
    const { verifier, challenge } = createPkce();
    const attachToken = attach && session ? await login.attach(session, PROVIDER) : undefined;
    const start = login.startUrl({
      provider: PROVIDER,
      redirectUrl: "trivet://login",
      codeChallenge: challenge,
      ...(attachToken !== undefined && { attachToken }),
    });
    const token = tokenInRedirect(await visit(start), "oauth");
    return login.verify({ token, codeVerifier: verifier, session });
  };

export const walletProof =
  ({ account }: TestSigner): Proof =>
  async ({ wallet }, session) => {
    const address = toAddress(account.address);
    const message = await wallet.start({ address, session });
    return wallet.verify({ address, signature: await account.signMessage({ message }), session });
  };

const passwordProof =
  (email: string, password: string): Proof =>
  async ({ password: passwords }, session) =>
    passwords.verify({ email, password, session });

const passkeyProof =
  (passkey: NonNullable<Belongings["passkey"]>, domain: string): Proof =>
  async ({ passkey: passkeys }, session) => {
    const options = await passkeys.startProof({ domain, session });
    return passkeys.finishProof({ credential: passkey.get(options), session });
  };

/** A code of an app counts once: the next one is good already. */
export const APP_STEP_MS = 30_000;

const appProof =
  (app: NonNullable<Belongings["app"]>): Proof =>
  async ({ totp }, session) => {
    if (!session) throw new Error("an authenticator app opens no session");
    return totp
      .verify(session, app(Date.now()))
      .catch(() => totp.verify(session, app(Date.now() + APP_STEP_MS)));
  };

/** What somebody can prove, in an order in which the first opens the session. */
function proofsOf(holds: Belongings, { email, passkeyDomain }: Target): [name: string, proof: Proof][] {
  const { mailbox, phone, app, passkey, social, password, wallet } = holds;
  const opening: [string, Proof | undefined][] = [
    ["email code", mailbox && emailProof(mailbox)],
    ["SMS code", phone && phoneProof(phone)],
    ["social login", social && socialProof(social)],
    ["password", password === undefined ? undefined : passwordProof(email, password)],
    ["passkey", passkey && passkeyProof(passkey, passkeyDomain)],
    ["wallet", wallet && walletProof(wallet)],
    // Last: it is proven only within a session.
    ["authenticator app", app && appProof(app)],
  ];
  return opening.flatMap(([name, proof]): [string, Proof][] => (proof ? [[name, proof]] : []));
}

/**
 * Proves everything somebody holds in one session of the target's.
 * @param refused told what the authenticator turned down
 * @returns undefined where nothing they hold opens one
 */
export async function proveEverything(
  client: AuthenticatorClient,
  holds: Belongings,
  target: Target,
  refused: (what: string, why: string) => void,
): Promise<Session> {
  let session: Session;
  for (const [name, proof] of proofsOf(holds, target)) {
    try {
      const proven = await proof(client, session);
      if (proven.user.userId === target.user) session = proven;
      else refused(name, "another-user");
    } catch (error) {
      refused(name, errorCode(error));
    }
  }
  return session;
}

/** The code of an error of the wallet's, or what it says. */
export function errorCode(error: unknown): string {
  if (error instanceof Error) return "code" in error ? String(error.code) : error.message;
  return String(error);
}
