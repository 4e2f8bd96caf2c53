import { z } from "zod";
import { BUTTON, type Fingers } from "./fingers.ts";
import type { TextEvent, TextEvents } from "./text-events.ts";

const zRegexp = z.string().transform((source, context) => {
  try {
    // Anchored at the beginning, as Speculos matches.
    return new RegExp(`^(?:${source})`);
  } catch {
    context.addIssue({ code: "custom", message: "not a regular expression" });
    return z.NEVER;
  }
});

const zAction = z.union([
  z.tuple([z.literal("button"), z.union([z.literal(BUTTON.left), z.literal(BUTTON.right)]), z.boolean()]),
  z.tuple([z.literal("finger"), z.number(), z.number(), z.boolean()]),
  z.tuple([z.literal("setbool"), z.string(), z.boolean()]),
]);

/** Speculos' automation: for the first rule that fits a text on the screen, its actions are done. */
export const zAutomation = z.strictObject({
  version: z.literal(1),
  rules: z.array(
    z.strictObject({
      text: z.string().optional(),
      regexp: zRegexp.optional(),
      x: z.number().optional(),
      y: z.number().optional(),
      conditions: z.array(z.tuple([z.string(), z.boolean()])).default([]),
      actions: z.array(zAction).default([]),
    }),
  ),
});
export type Rules = z.output<typeof zAutomation>["rules"];

/** Presses the buttons by rules, instead of a person. */
export class Automation {
  readonly #fingers: Fingers;
  #rules: Rules = [];
  #variables = new Map<string, boolean>();

  constructor(texts: TextEvents, fingers: Fingers) {
    this.#fingers = fingers;
    // After the page is drawn: the actions change the screen themselves.
    texts.on("text", (event) => queueMicrotask(() => this.#react(event)));
  }

  /** Replaces the rules and forgets the variables. */
  set(rules: Rules): void {
    this.#rules = rules;
    this.#variables = new Map();
  }

  #react(event: TextEvent): void {
    const rule = this.#rules.find(
      ({ text, regexp, x, y, conditions }) =>
        (text === undefined || text === event.text) &&
        (regexp === undefined || regexp.test(event.text)) &&
        (x === undefined || x === event.x) &&
        (y === undefined || y === event.y) &&
        conditions.every(([name, value]) => (this.#variables.get(name) ?? false) === value),
    );
    for (const action of rule?.actions ?? []) {
      switch (action[0]) {
        case "button":
          this.#fingers.button(action[1], action[2]);
          break;
        case "finger":
          this.#fingers.finger({ x: action[1], y: action[2] }, action[3]);
          break;
        case "setbool":
          this.#variables.set(action[1], action[2]);
          break;
      }
    }
  }
}
