import { z } from "zod";
import type { Model } from "../models.ts";
import type { Control, Deck, Field, Gesture, Navigation, Page, Step } from "./page.ts";
import { plainDeck, type Review, reviewDeck } from "./review.ts";

/** Who presses the buttons: the person, or nobody because every review is answered by itself. */
export const APPROVALS = ["ask", "always", "never"] as const;
export const zApproval = z.enum(APPROVALS);
export type Approval = z.output<typeof zApproval>;

/** What the device is doing, as the screen tells it. */
export type ScreenKind = "off" | "locked" | "dashboard" | "home" | "notice" | "review";

/** The screen as data, complete enough to draw it. */
export interface ScreenState {
  readonly kind: ScreenKind;
  /** Counted from 1. */
  readonly page: number;
  readonly pages: number;
  readonly title: string;
  readonly lines: readonly string[];
  readonly fields: readonly Field[];
  readonly controls: readonly Omit<Control, "act">[];
}

/** The device was unplugged while it asked something. */
export class DeviceGone extends Error {
  override readonly name = "DeviceGone";
}

/** Nothing on the screen answers to what was asked of it. */
export class NoSuchControl extends Error {
  override readonly name = "NoSuchControl";
}

const BLANK: Page = { title: "", lines: [], fields: [], controls: [] };

interface PendingReview {
  readonly deck: Deck;
  readonly answer: (approved: boolean) => void;
  readonly abandon: (reason: Error) => void;
}

/** The screen and its buttons: one deck of pages at a time, and at most one review that waits for the person. */
export class Screen {
  approval: Approval;
  readonly #model: () => Model;
  readonly #rest: () => { kind: ScreenKind; steps: readonly Step[] };
  readonly #drawn: (page: Page) => void;
  #kind: ScreenKind = "off";
  #deck: Deck = [];
  #position = 0;
  #pending: PendingReview | undefined;

  /**
   * @param rest what is shown while nothing is asked
   * @param drawn told of every page that comes up on the screen
   */
  constructor(options: {
    model: () => Model;
    approval: Approval;
    rest: () => { kind: ScreenKind; steps: readonly Step[] };
    drawn: (page: Page) => void;
  }) {
    this.#model = options.model;
    this.approval = options.approval;
    this.#rest = options.rest;
    this.#drawn = options.drawn;
  }

  get state(): ScreenState {
    const { title, lines, fields, controls } = this.#page;
    return {
      kind: this.#kind,
      page: Math.min(this.#position + 1, this.#deck.length),
      pages: this.#deck.length,
      title,
      lines,
      fields,
      controls: controls.map(({ id, label, gesture, area }) => ({ id, label, gesture, area })),
    };
  }

  /** Whether a review waits for the person. */
  get asking(): boolean {
    return this.#pending !== undefined;
  }

  /**
   * Asks the person and waits for the answer, unless every review is answered by itself.
   * @returns whether it was approved
   * @throws DeviceGone when the device loses its power meanwhile
   */
  review(review: Review): Promise<boolean> {
    if (this.approval !== "ask") {
      this.#show(
        "review",
        this.#deckOf(review, () => undefined),
      );
      for (const page of this.#everyPage(review)) this.#drawn(page);
      this.rest();
      return Promise.resolve(this.approval === "always");
    }
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        this.#pending = undefined;
        this.rest();
      };
      const answer = (approved: boolean): void => {
        settle();
        resolve(approved);
      };
      const deck = this.#deckOf(review, answer);
      this.#pending = {
        deck,
        answer,
        abandon: (reason) => {
          settle();
          reject(reason);
        },
      };
      this.#show("review", deck);
    });
  }

  /** Shows something that needs no answer; it stays until it is dismissed or something else comes up. */
  notify(step: Step): void {
    if (this.#pending) return;
    const dismiss = { id: "dismiss", label: "Close", act: () => this.rest() };
    this.#show("notice", plainDeck(this.#model(), [{ ...step, actions: [dismiss] }], this.#navigation));
  }

  /** Shows what the device shows when nothing is asked. A review that waits stays, except behind the lock. */
  rest(): void {
    const { kind, steps } = this.#rest();
    if (this.#pending && kind !== "locked") {
      if (this.#kind !== "review") this.#show("review", this.#pending.deck);
      return;
    }
    const deck = plainDeck(this.#model(), steps, this.#navigation);
    // A setting that was switched by hand changes its page, and the page stays.
    const stays = kind === this.#kind && deck.length === this.#deck.length;
    this.#show(kind, deck, stays ? this.#position : 0);
  }

  /** Ends a review that waits, because nobody is there any more to whom the answer could be sent. */
  abandon(): void {
    this.#pending?.abandon(new DeviceGone("the device was unplugged"));
  }

  /** Answers the pending review as if the person had gone through its pages. */
  answer(approved: boolean): void {
    if (!this.#pending || this.#kind !== "review") {
      throw new NoSuchControl("the device asks nothing at the moment");
    }
    this.#pending.answer(approved);
  }

  /** Uses a control of the current page by its id. */
  press(id: string): void {
    const control = this.#page.controls.find((candidate) => candidate.id === id);
    if (!control) {
      const there = this.#page.controls.map((candidate) => candidate.id).join(", ") || "none";
      throw new NoSuchControl(`the screen has no control "${id}" now; there are: ${there}`);
    }
    control.act();
  }

  /** A gesture at a place; false when it means nothing here. */
  gesture(gesture: Gesture, at?: { readonly x: number; readonly y: number }): boolean {
    const control = this.#page.controls.find(
      ({ gesture: wanted, area }) =>
        wanted === gesture &&
        (!at ||
          (at.x >= area.x && at.x < area.x + area.width && at.y >= area.y && at.y < area.y + area.height)),
    );
    control?.act();
    return control !== undefined;
  }

  get #page(): Page {
    return this.#deck[this.#position] ?? BLANK;
  }

  get #navigation(): Navigation {
    return {
      move: (by) => {
        this.#position = Math.max(0, Math.min(this.#deck.length - 1, this.#position + by));
        this.#drawn(this.#page);
      },
      show: (deck, position = 0) => this.#show(this.#kind, deck, position),
    };
  }

  #deckOf(review: Review, answer: (approved: boolean) => void): Deck {
    return reviewDeck(this.#model(), review, this.#navigation, answer);
  }

  /** The pages after the first ones, which a person would have gone through. */
  #everyPage(review: Review): Deck {
    const warned = review.blind ? this.#deckOf({ ...review, blind: false }, () => undefined) : [];
    return [...this.#deck.slice(1), ...warned];
  }

  #show(kind: ScreenKind, deck: Deck, position = 0): void {
    this.#kind = kind;
    this.#deck = deck;
    this.#position = position;
    this.#drawn(this.#page);
  }
}
