import { z } from "zod";

/** A person with the Ledger in the hand, for tests. */
export interface Hands {
  /** Goes through what the Ledger asks, as soon as it asks, and approves or rejects it. */
  answer(approve: boolean): Promise<void>;
}

const zTexts = z.object({
  events: z.array(z.object({ text: z.string(), x: z.number(), y: z.number(), w: z.number(), h: z.number() })),
});
type Text = z.output<typeof zTexts>["events"][number];

const APPROVE = /^(Accept risk and sign|Sign (transaction|message|typed message)|Confirm$|Approve$)/;
const REJECT = /^(Reject|Cancel)/;
const WARNING = /^Blind signing ahead/;

/**
 * Hands that know nothing but Speculos' HTTP API: they read the screen and press what a person would press. They
 * work on the devnet's software Ledger and on the emulator alike.
 */
export class SpeculosHands implements Hands {
  readonly #url: string;
  readonly #touch: boolean;

  constructor(url: string, model: { readonly touch: boolean }) {
    this.#url = url;
    this.#touch = model.touch;
  }

  async answer(approve: boolean): Promise<void> {
    await this.#waitUntilAsked();
    await (this.#touch ? this.#answerByTouch(approve) : this.#answerByButtons(approve));
  }

  async #waitUntilAsked(): Promise<void> {
    const asks = /^(Review|Verify|Blind signing ahead)/;
    while (!(await this.#texts()).some(({ text }) => asks.test(text)));
  }

  async #answerByButtons(approve: boolean): Promise<void> {
    const wanted = approve ? APPROVE : REJECT;
    for (;;) {
      const texts = await this.#texts();
      const see = (pattern: RegExp): boolean => texts.some(({ text }) => pattern.test(text));
      if (see(wanted)) return this.#post("/button/both", { action: "press-and-release" });
      await this.#post(see(WARNING) && approve ? "/button/both" : "/button/right", {
        action: "press-and-release",
      });
    }
  }

  async #answerByTouch(approve: boolean): Promise<void> {
    for (;;) {
      const texts = await this.#texts();
      const find = (pattern: RegExp): Text | undefined => texts.find(({ text }) => pattern.test(text));
      const hold = find(/^Hold to sign/);
      const last = approve ? find(/^(Confirm|Approve)$/) : find(/^(Yes, reject|Back to safety|Cancel)$/);
      const on = approve ? find(/^(Continue anyway|Accept risk and continue)$/) : find(/^Reject$/);
      if (approve && hold) return this.#touchAt(hold, 2);
      if (last) return this.#touchAt(last);
      if (on) await this.#touchAt(on);
      else await this.#swipe();
    }
  }

  async #texts(): Promise<Text[]> {
    const response = await fetch(`${this.#url}/events?currentscreenonly=true`);
    return zTexts.parse(await response.json()).events;
  }

  /** @param seconds how long the finger stays */
  #touchAt({ x, y, w, h }: Text, seconds = 0.1): Promise<void> {
    const middle = { x: Math.round(x + w / 2), y: Math.round(y + h / 2) };
    return this.#post("/finger", { action: "press-and-release", ...middle, delay: seconds });
  }

  #swipe(): Promise<void> {
    return this.#post("/finger", { action: "press-and-release", x: 350, y: 300, x2: 50, y2: 300 });
  }

  async #post(path: string, body: Record<string, unknown>): Promise<void> {
    const response = await fetch(this.#url + path, { method: "POST", body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
  }
}
