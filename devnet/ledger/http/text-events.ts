import { EventEmitter } from "node:events";
import type { SoftwareLedger } from "../device.ts";
import type { Area } from "../screens/page.ts";
import type { ScreenState } from "../screens/screen.ts";

/** A text that appeared on the screen, as Speculos reports it. */
export interface TextEvent {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
  readonly clear: boolean;
}

const LINE_HEIGHT = { touch: 40, nano: 12 } as const;
/** The newest events that are kept. */
const KEPT = 5000;

const at = (text: string, { x, y, width, height }: Area): TextEvent => ({
  text,
  x,
  y,
  w: width,
  h: height,
  clear: false,
});

/** The texts of a page from top to bottom, then those on its buttons. */
function textsOf(
  { title, lines, fields, controls }: Pick<ScreenState, "title" | "lines" | "fields" | "controls">,
  device: SoftwareLedger,
): TextEvent[] {
  const { touch, size } = device.state;
  const height = touch ? LINE_HEIGHT.touch : LINE_HEIGHT.nano;
  const texts = [title, ...lines, ...fields.flatMap(({ label, value }) => [label, value])];
  // The buttons of a Nano are beside the screen, and the arrows of a touch screen are no text.
  const buttons = controls.filter(
    ({ id, gesture }) => (gesture === "tap" || gesture === "hold") && id !== "previous" && id !== "next",
  );
  return [
    ...texts
      .filter((text) => text !== "")
      .map((text, index) => at(text, { x: 0, y: index * height, width: size.width, height })),
    ...buttons.map(({ label, area }) => at(label, area)),
  ];
}

/** Remembers what the screen showed, and tells it on. */
export class TextEvents extends EventEmitter<{ text: [TextEvent] }> {
  #all: TextEvent[];
  #current: TextEvent[];

  constructor(device: SoftwareLedger) {
    super();
    this.setMaxListeners(0);
    this.#current = textsOf(device.state.screen, device);
    this.#all = this.#current;
    device.on("page", (page) => {
      this.#current = textsOf(page, device);
      this.#all = [...this.#all, ...this.#current].slice(-KEPT);
      for (const event of this.#current) this.emit("text", event);
    });
  }

  get all(): readonly TextEvent[] {
    return this.#all;
  }

  /** The texts of the page that is on the screen now. */
  get current(): readonly TextEvent[] {
    return this.#current;
  }

  clear(): void {
    this.#all = [];
  }
}
