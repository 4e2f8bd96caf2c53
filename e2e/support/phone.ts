import { Secret, TOTP } from "otpauth";

const PERIOD_MS = 30_000;

/** The authenticator app on a person's phone. A code counts once, so each one that is asked for is another. */
export class AuthenticatorApp {
  readonly #totp: TOTP;
  #last = 0;

  /** @param secret as the wallet shows it, in groups */
  constructor(secret: string) {
    this.#totp = new TOTP({ secret: Secret.fromBase32(secret.replace(/\s/g, "")) });
  }

  /** The code of now, or the next one: authenticators take a phone whose clock is half a minute fast. */
  code(): string {
    const now = Math.floor(Date.now() / PERIOD_MS);
    const step = Math.max(now, this.#last + 1);
    if (step > now + 1) throw new Error("the app has no further code that counts yet");
    this.#last = step;
    return this.#totp.generate({ timestamp: step * PERIOD_MS });
  }
}
