/** How a touch model shows things: pages to swipe, several fields on each, buttons, and a long press to sign. */
import type { Model } from "../models.ts";
import {
  type Action,
  type Area,
  type Control,
  type Deck,
  type Field,
  type Gesture,
  type Navigation,
  type Page,
  printable,
  type Step,
} from "./page.ts";
import type { Answer, Review } from "./review.ts";

const CHARACTERS_PER_LINE = 28;
const LINES_PER_PAGE = 12;

interface Layout {
  readonly whole: Area;
  readonly footer: Area;
  /** Places of buttons, one above the other. */
  readonly buttons: readonly [Area, Area];
  readonly previous: Area;
  readonly next: Area;
}

function layout({ screen: { width, height } }: Model): Layout {
  const bar = { y: height - 80, height: 80 };
  return {
    whole: { x: 0, y: 0, width, height },
    footer: { x: 0, width: width / 2, ...bar },
    buttons: [
      { x: 32, y: height - 280, width: width - 64, height: 88 },
      { x: 32, y: height - 180, width: width - 64, height: 88 },
    ],
    previous: { x: width / 2, width: width / 4, ...bar },
    next: { x: (width * 3) / 4, width: width / 4, ...bar },
  };
}

/** Swiping, or the arrows in the footer. */
function movement(places: Layout, screen: Navigation, index: number, count: number): Control[] {
  const back = { id: "previous", label: "Back", act: () => screen.move(-1) };
  const on = { id: "next", label: "Next", act: () => screen.move(1) };
  return [
    ...(index > 0
      ? ([
          { ...back, gesture: "tap", area: places.previous },
          { ...back, gesture: "swipe-right", area: places.whole },
        ] as const)
      : []),
    ...(index < count - 1
      ? ([
          { ...on, gesture: "tap", area: places.next },
          { ...on, gesture: "swipe-left", area: places.whole },
        ] as const)
      : []),
  ];
}

function buttons(places: Layout, actions: readonly Action[], gesture: Gesture = "tap"): Control[] {
  return actions.map((action, index) => ({
    ...action,
    gesture,
    area: places.buttons[index] ?? places.footer,
  }));
}

/** Lays steps out as pages to swipe. */
export function touchDeck(model: Model, steps: readonly Step[], screen: Navigation): Deck {
  const places = layout(model);
  return steps.map(({ title = "", lines = [], fields = [], actions = [] }, index) => ({
    title,
    lines,
    fields,
    controls: [...buttons(places, actions), ...movement(places, screen, index, steps.length)],
  }));
}

/** Puts as many fields on a page as fit; a value longer than a page is cut into "(1/3)" parts. */
function fieldPages(fields: readonly Field[]): Field[][] {
  const perPart = (LINES_PER_PAGE - 1) * CHARACTERS_PER_LINE;
  const parts = fields.flatMap(({ label, value }) => {
    const text = printable(value);
    const count = Math.max(1, Math.ceil(text.length / perPart));
    return Array.from({ length: count }, (_, part) => ({
      label: printable(count > 1 ? `${label} (${part + 1}/${count})` : label),
      value: text.slice(part * perPart, (part + 1) * perPart),
    }));
  });
  const pages: Field[][] = [];
  let free = 0;
  for (const part of parts) {
    const lines = 1 + Math.max(1, Math.ceil(part.value.length / CHARACTERS_PER_LINE));
    const page = pages.at(-1);
    if (page && lines <= free) {
      page.push(part);
      free -= lines;
    } else {
      pages.push([part]);
      free = LINES_PER_PAGE - lines;
    }
  }
  return pages;
}

/** A review: [warning,] title, fields, hold to sign; "Reject" in the footer of every page. */
export function touchReview(model: Model, review: Review, screen: Navigation, answer: Answer): Deck {
  const places = layout(model);
  const deck: Page[] = [];
  const signing = review.kind === "transaction" || review.kind === "message";

  const refuse = (position: number): Action => ({
    id: "reject",
    label: signing ? "Reject" : "Cancel",
    act: () => (signing ? screen.show(rejection(position)) : answer(false)),
  });
  /** Rejecting a signature is asked once more. */
  const rejection = (position: number): Deck => [
    {
      title: `Reject ${review.kind}?`,
      lines: [],
      fields: [],
      controls: buttons(places, [
        { id: "reject", label: "Yes, reject", act: () => answer(false) },
        { id: "back", label: `Go back to ${review.kind}`, act: () => screen.show(deck, position) },
      ]),
    },
  ];

  const contents: Step[] = [
    { title: review.title, lines: review.fields.length > 0 ? ["Swipe to review"] : [] },
    ...fieldPages(review.fields).map((fields): Step => ({ fields })),
    // What is only confirmed is confirmed on the page that shows it.
    ...(signing ? [{ title: review.finish }] : []),
  ];
  contents.forEach(({ title = "", lines = [], fields = [] }, index) => {
    const last = index === contents.length - 1;
    const approve: Action = {
      id: "approve",
      label: signing ? "Hold to sign" : review.finish,
      act: () => answer(true),
    };
    deck.push({
      title,
      lines,
      fields,
      controls: [
        ...(last ? buttons(places, [approve], signing ? "hold" : "tap") : []),
        { ...refuse(index), gesture: "tap", area: places.footer },
        ...movement(places, screen, index, contents.length),
      ],
    });
  });

  if (!review.blind) return deck;
  return [
    {
      title: "Blind signing ahead",
      lines: [
        "This transaction's details are not fully verifiable. If you sign, you could lose all your assets.",
      ],
      fields: [],
      controls: buttons(places, [
        { id: "reject", label: "Back to safety", act: () => answer(false) },
        { id: "continue", label: "Continue anyway", act: () => screen.show(deck) },
      ]),
    },
  ];
}
