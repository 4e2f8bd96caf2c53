import type { Screen } from "../screens/screen.ts";

/** The buttons as Speculos numbers them. */
export const BUTTON = { left: 1, right: 2 } as const;
export type Button = (typeof BUTTON)[keyof typeof BUTTON];

/** From here on a press counts as a hold; in milliseconds. */
const HOLD = 1000;
/** From here on a moving finger swipes; in pixels. */
const SWIPE = 50;

interface Place {
  readonly x: number;
  readonly y: number;
}

/** Turns presses and releases into gestures on the screen; what means nothing there is ignored. */
export class Fingers {
  readonly #screen: Screen;
  readonly #down = new Set<Button>();
  readonly #used = new Set<Button>();
  #touch: (Place & { readonly since: number }) | undefined;

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  /** A button of a Nano goes down or up. Two that were down together count as both. */
  button(button: Button, down: boolean): void {
    if (down) {
      this.#down.add(button);
      this.#used.add(button);
      return;
    }
    if (!this.#down.delete(button) || this.#down.size > 0) return;
    const both = this.#used.size > 1;
    this.#used.clear();
    this.#screen.gesture(both ? "both" : button === BUTTON.left ? "left" : "right");
  }

  /** A finger touches the screen or leaves it. @param heldFor milliseconds, where it is known */
  finger(place: Place, down: boolean, heldFor?: number): void {
    if (down) {
      this.#touch = { ...place, since: performance.now() };
      return;
    }
    if (!this.#touch) return;
    const { since, ...start } = this.#touch;
    this.#touch = undefined;
    const distance = place.x - start.x;
    if (Math.abs(distance) >= SWIPE) {
      this.#screen.gesture(distance < 0 ? "swipe-left" : "swipe-right", start);
      return;
    }
    const held = (heldFor ?? performance.now() - since) >= HOLD;
    if (held && this.#screen.gesture("hold", start)) return;
    this.#screen.gesture("tap", start);
  }
}
