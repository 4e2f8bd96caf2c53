/** A person with factors, for tests: sets them up at the authenticator and gives a proof of each when asked. */
import { Secret, TOTP } from "otpauth";
import { z } from "zod";
import { type FactorType, PASSWORD_ID } from "#core/security/factors.ts";
import type { TypedProof } from "#core/wallet-api/proofs.ts";
import type { AuthenticatorHarness } from "#devnet/authenticator/testing/harness.ts";
import { SoftPasskey } from "#devnet/authenticator/testing/soft-passkey.ts";
import { AuthenticatorClient } from "../client.ts";
import { tokenInRedirect } from "../factors/social-login.ts";
import { createPkce } from "../pkce.ts";
import type { AuthenticatorSession } from "../session.ts";

const PASSWORD = "correct horse battery staple 7";
const DOMAIN = "localhost";
const REDIRECT = "http://127.0.0.1:9/back";

const zAsked = z.object({ task: z.literal("get"), options: z.string() });
const zLocation = z.string().min(1);

/** What the authenticator lets a person set up besides the mailbox. */
export type AddedFactor = Exclude<FactorType, "email">;

export class Person {
  readonly #authenticator: AuthenticatorHarness;
  readonly #client: AuthenticatorClient;
  readonly email: string;
  /** No two people have the same. */
  readonly phone: string;
  readonly #passkey = new SoftPasskey(`http://${DOMAIN}`);
  #appSecret = "";
  #lastAppStep = 0;

  constructor(authenticator: AuthenticatorHarness, { email, phone }: { email: string; phone: string }) {
    this.#authenticator = authenticator;
    this.#client = new AuthenticatorClient({
      baseUrl: authenticator.url,
      publicToken: authenticator.running.identity.publicToken,
      now: authenticator.time,
    });
    this.email = email;
    this.phone = phone;
  }

  /** Sets factors up, in a session that is then forgotten. @returns the authenticator's id of each */
  async enrol(types: readonly AddedFactor[]): Promise<{ type: AddedFactor; id: string }[]> {
    const { email } = this.#client;
    const { methodId } = await email.send(this.email);
    const code = await this.#authenticator.codeFor(this.email);
    let session = await email.verify({ methodId, code });
    const enrolled: { type: AddedFactor; id: string }[] = [];
    for (const type of types) {
      const added = await this.#add(type, session);
      session = added.session;
      enrolled.push({ type, id: added.id });
    }
    return enrolled;
  }

  async #add(
    type: AddedFactor,
    session: AuthenticatorSession,
  ): Promise<{ session: AuthenticatorSession; id: string }> {
    const client = this.#client;
    const found = (after: AuthenticatorSession, id: string | undefined) => {
      if (id === undefined) throw new Error(`no ${type} was set up`);
      return { session: after, id };
    };
    switch (type) {
      case "sms": {
        const { methodId } = await client.sms.sendToAdd(session, this.phone);
        const code = await this.#authenticator.smsFor(this.phone);
        const after = await client.sms.verify({ methodId, code, session });
        return found(after, after.user.phones[0]?.phoneId);
      }
      case "totp": {
        const { totpId, secret } = await client.totp.create(session);
        this.#appSecret = secret;
        this.#lastAppStep = 0;
        return found(await client.totp.verify(session, this.#appCode()), totpId);
      }
      case "passkey": {
        const options = await client.passkey.startRegistration(session, { domain: DOMAIN });
        const after = await client.passkey.finishRegistration(session, this.#passkey.create(options));
        return found(after, after.user.passkeys[0]?.registrationId);
      }
      case "password":
        return found(await client.password.set(session, PASSWORD), PASSWORD_ID);
      case "oauth": {
        const { verifier, challenge } = createPkce();
        const attachToken = await client.login.attach(session, "google");
        const start = client.login.startUrl({
          provider: "google",
          redirectUrl: REDIRECT,
          codeChallenge: challenge,
          attachToken,
        });
        const token = tokenInRedirect(await this.logIn(start), "oauth");
        const after = await client.login.verify({ token, codeVerifier: verifier, session });
        return found(after, after.user.logins[0]?.registrationId);
      }
    }
  }

  /** The app's next code: each counts once. Those of the half minute before and after are taken, too. */
  #appCode(): string {
    const now = Math.floor(this.#authenticator.time() / 30_000);
    const step = Math.max(now - 1, this.#lastAppStep + 1);
    if (step > now + 1) throw new Error("the app has no further code yet");
    this.#lastAppStep = step;
    const secret = Secret.fromBase32(this.#appSecret);
    return new TOTP({ secret }).generate({ timestamp: step * 30_000 });
  }

  /** Types a proof; of a code that was sent, the newest. */
  async type(kind: TypedProof["kind"]): Promise<TypedProof> {
    switch (kind) {
      case "email":
        return { kind, code: await this.#authenticator.codeFor(this.email) };
      case "sms":
        return { kind, code: await this.#authenticator.smsFor(this.phone) };
      case "totp":
        return { kind, code: this.#appCode() };
      case "password":
        return { kind, password: PASSWORD };
    }
  }

  /** Visits an address as the person's browser: the page of a passkey, or a social login, which leads back. */
  readonly browse = async (address: string): Promise<void> => {
    const response = await fetch(address, { redirect: "manual" });
    if (response.headers.has("location")) {
      await fetch(await this.logIn(new URL(address)));
      return;
    }
    const json = /id="asked">([^<]*)</.exec(await response.text())?.[1] ?? "";
    const { options } = zAsked.parse(JSON.parse(json));
    const { origin } = new URL(address);
    const credential = this.answerPasskey(options, origin);
    const body = JSON.stringify({ credential });
    await fetch(`${address}/answer`, { method: "POST", headers: { origin }, body });
  };

  /** What the person's passkey answers on a page of an origin. */
  answerPasskey(options: string, origin: string): string {
    return this.#passkey.get(options, { origin });
  }

  /** Says at the provider who they are. @returns where the provider sends the browser */
  async logIn(start: URL): Promise<URL> {
    const next = async (url: URL, init: RequestInit = {}) => {
      const response = await fetch(url, { redirect: "manual", ...init });
      return new URL(zLocation.parse(response.headers.get("location")), url);
    };
    const page = await next(start);
    const state = page.searchParams.get("state") ?? "";
    const body = new URLSearchParams({ state, email: this.email, decision: "continue" });
    return next(await next(new URL(page.pathname, page), { method: "POST", body }));
  }
}
