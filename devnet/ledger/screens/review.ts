import { type Model } from "../models.ts";
import { nanoDeck, nanoReview } from "./nano.ts";
import type { Deck, Field, Navigation, Step } from "./page.ts";
import { touchDeck, touchReview } from "./touch.ts";

/** Something the device asks the person: to look at fields and to approve or reject. */
export interface Review {
  readonly kind: "address" | "transaction" | "message" | "open-app";
  readonly title: string;
  readonly fields: readonly Field[];
  /** The question at the end, e.g. "Sign transaction". */
  readonly finish: string;
  /** Preceded by the "Blind signing ahead" warning. */
  readonly blind: boolean;
}

/** What the person answers. */
export type Answer = (approved: boolean) => void;

/** The pages of a review on a model. */
export function reviewDeck(model: Model, review: Review, screen: Navigation, answer: Answer): Deck {
  return model.touch ? touchReview(model, review, screen, answer) : nanoReview(model, review, screen, answer);
}

/** Pages that ask nothing: the home screen, the settings, a notice. */
export function plainDeck(model: Model, steps: readonly Step[], screen: Navigation): Deck {
  return model.touch ? touchDeck(model, steps, screen) : nanoDeck(model, steps, screen);
}
