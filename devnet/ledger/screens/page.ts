/** A label and its value as they are shown to the person. */
export interface Field {
  readonly label: string;
  readonly value: string;
}

/** A rectangle of the screen, in pixels. */
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What a finger does: the two buttons of a Nano, or touch. */
export type Gesture = "left" | "right" | "both" | "tap" | "hold" | "swipe-left" | "swipe-right";

/** Something the person can do on a page. */
export interface Control {
  readonly id: string;
  readonly label: string;
  readonly gesture: Gesture;
  /** Where to touch; the whole screen for the buttons of a Nano. */
  readonly area: Area;
  readonly act: () => void;
}

/** What the screen shows at one moment. */
export interface Page {
  readonly title: string;
  readonly lines: readonly string[];
  readonly fields: readonly Field[];
  readonly controls: readonly Control[];
}

/** Pages that the person moves through; every page brings its own controls. */
export type Deck = readonly Page[];

/** What the controls of a deck can do to the screen. */
export interface Navigation {
  /** Moves by so many pages. */
  move(by: number): void;
  /** Puts another deck on the screen, at a page. */
  show(deck: Deck, position?: number): void;
}

/** An action that a model binds to its own kind of button. */
export interface Action {
  readonly id: string;
  readonly label: string;
  readonly act: () => void;
}

/** A page before a model laid it out: what it says, and at most two things to do. */
export interface Step {
  readonly title?: string;
  readonly lines?: readonly string[];
  readonly fields?: readonly Field[];
  readonly actions?: readonly Action[];
}

/** The device's fonts know printable ASCII and line ends only; everything else silently disappears. */
export function printable(text: string): string {
  return text.replace(/[^\x20-\x7e\n]/g, "");
}
