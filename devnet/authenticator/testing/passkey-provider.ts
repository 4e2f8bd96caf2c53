import type { Page } from "playwright-core";

/** A passkey that was made elsewhere. */
export interface OtherPasskey {
  /** Its name at its authenticator, in base64url. */
  readonly credential: string;
  readonly domain: string;
  /** PKCS#8. */
  readonly privateKey: Uint8Array;
  /** Whether it is found without its name. */
  readonly discoverable: boolean;
}

/** The passkey provider of a page's browser. */
export interface PasskeyProvider {
  /** Has it keep a passkey that was made elsewhere. */
  readonly keep: (passkey: OtherPasskey) => Promise<void>;
  /** From now on it finds its person to be the right one, or not. */
  readonly verify: (isUserVerified: boolean) => Promise<void>;
}

/**
 * Gives a page's browser a passkey provider in software (Chromium's virtual authenticator) that answers at once. On the
 * page's way to another site Chromium may lose it (seen in 3 of 180 tries, and then a passkey is waited for in vain): it is
 * for pages that are on their site already.
 * @param isUserVerified whether it finds its person to be the right one
 */
export async function addPasskeyProvider(page: Page, isUserVerified = true): Promise<PasskeyProvider> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  const { authenticatorId } = await devtools.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified,
      automaticPresenceSimulation: true,
    },
  });
  return {
    async verify(verified) {
      await devtools.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: verified });
    },
    async keep({ credential, domain, privateKey, discoverable }) {
      const id = Buffer.from(credential, "base64url").toString("base64");
      await devtools.send("WebAuthn.addCredential", {
        authenticatorId,
        credential: {
          credentialId: id,
          isResidentCredential: discoverable,
          rpId: domain,
          privateKey: Buffer.from(privateKey).toString("base64"),
          ...(discoverable && { userHandle: id }),
          signCount: 0,
        },
      });
    },
  };
}
