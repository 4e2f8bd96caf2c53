/** How a Nano shows things: one narrow page after the other, left and right to move, both buttons to choose. */
import type { Model } from "../models.ts";
import {
  type Action,
  type Control,
  type Deck,
  type Field,
  type Navigation,
  type Page,
  printable,
  type Step,
} from "./page.ts";
import type { Answer, Review } from "./review.ts";

/** About how many characters of a value fit on one page under its label. */
const VALUE_PER_PAGE = 48;

/** Lays steps out as a strip of pages. */
export function nanoDeck(model: Model, steps: readonly Step[], screen: Navigation): Deck {
  const area = { x: 0, y: 0, ...model.screen };
  return steps.map(({ title = "", lines = [], fields = [], actions = [] }, index): Page => {
    const controls: Control[] = [];
    if (index > 0) {
      controls.push({ id: "previous", label: "Back", gesture: "left", area, act: () => screen.move(-1) });
    }
    if (index < steps.length - 1) {
      controls.push({ id: "next", label: "Next", gesture: "right", area, act: () => screen.move(1) });
    }
    controls.push(...actions.map((action): Control => ({ ...action, gesture: "both", area })));
    return { title, lines, fields, controls };
  });
}

/** The pages of one field: a long value continues, with "(1/3)" after its label. */
function fieldSteps({ label, value }: Field): Step[] {
  const text = printable(value);
  const parts = Array.from({ length: Math.max(1, Math.ceil(text.length / VALUE_PER_PAGE)) }, (_, part) =>
    text.slice(part * VALUE_PER_PAGE, (part + 1) * VALUE_PER_PAGE),
  );
  return parts.map((part, index) => ({
    fields: [
      {
        label: printable(parts.length > 1 ? `${label} (${index + 1}/${parts.length})` : label),
        value: part,
      },
    ],
  }));
}

const REJECT_LABEL: Record<Review["kind"], string> = {
  address: "Cancel",
  "open-app": "Cancel",
  message: "Reject message",
  transaction: "Reject transaction",
};

/** A review: [warning,] title, fields, approve, reject. */
export function nanoReview(model: Model, review: Review, screen: Navigation, answer: Answer): Deck {
  const approve: Action = { id: "approve", label: review.finish, act: () => answer(true) };
  const reject: Action = { id: "reject", label: REJECT_LABEL[review.kind], act: () => answer(false) };
  const choice = (action: Action): Step => ({ title: action.label, actions: [action] });

  const deck = nanoDeck(
    model,
    [
      { title: review.title },
      ...review.fields.flatMap((field) => fieldSteps(field)),
      choice(approve),
      choice(reject),
    ],
    screen,
  );
  if (!review.blind) return deck;
  const accept: Action = { id: "continue", label: "Accept risk", act: () => screen.show(deck) };
  return nanoDeck(
    model,
    [
      {
        title: "Blind signing ahead",
        lines: ["To accept risk, press both buttons"],
        actions: [accept],
      },
      choice(reject),
    ],
    screen,
  );
}
