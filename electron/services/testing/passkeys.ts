import { z } from "zod";
import { SoftPasskey, type Lies } from "#devnet/authenticator/testing/soft-passkey.ts";
import { WalletError } from "#core/errors/wallet-error.ts";
import type { Input } from "../../processes/peer.ts";
import type { PASSKEY_NEEDS } from "../../vault/passkeys/methods.ts";

const zMaking = z.object({ excludeCredentials: z.array(z.object({ id: z.string() })) });
const zAsking = z.object({ allowCredentials: z.array(z.object({ id: z.string() })) });

type Asked = Input<typeof PASSKEY_NEEDS, "passkey">;

/** What a person's browser does when it is asked for a passkey that holds a key: it has some, in software. */
export class Passkeys {
  readonly #all: SoftPasskey[] = [];
  /** What the next answers get wrong. */
  lies: Lies = {};
  /** The person does not confirm, or what has the passkey is not at hand. */
  away = false;
  /** Where the browser shows a page for it, as in the app, and leaves it to the person; else it answers by itself. */
  onPage: ((asked: Asked) => Promise<string>) | undefined;
  /** What was asked so far. */
  readonly asked: string[] = [];

  /** The passkey that was made last is gone. */
  forgetNewest(): void {
    this.#all.pop();
  }

  readonly answer = async (asked: Asked): Promise<string> => {
    const { purpose, options } = asked;
    this.asked.push(purpose);
    if (this.onPage) return this.onPage(asked);
    if (this.away) throw new WalletError("passkey-declined", "The passkey was not used.", "Start again.");
    if (purpose === "make-key") {
      zMaking.parse(JSON.parse(options));
      const made = new SoftPasskey("http://localhost:41234");
      this.#all.push(made);
      return made.create(options, this.lies);
    }
    const allowed = zAsking.parse(JSON.parse(options)).allowCredentials.map(({ id }) => id);
    const chosen = this.#all.findLast(
      ({ id }) => allowed.length === 0 || allowed.includes(id.toString("base64url")),
    );
    if (!chosen) throw new WalletError("passkey-declined", "The passkey was not used.", "Start again.");
    return chosen.get(options, this.lies);
  };
}
