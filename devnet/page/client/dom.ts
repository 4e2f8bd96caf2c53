type Child = Node | string;

interface Attributes {
  class?: string;
  [name: string]: string | boolean | ((event: Event) => void) | undefined;
}

/**
 * Makes an element: `element("button", { class: "primary", onclick: press }, "Press")`. Text is always text,
 * never markup. `true` sets an attribute without a value, `false` and `undefined` leave it out.
 */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (typeof value === "string") made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

/** A card with a heading; `aside` stands at the heading's right. */
export function card(title: string, aside: Child[], ...children: Child[]): HTMLElement {
  const id = `section-${title.toLowerCase().replaceAll(" ", "-")}`;
  return element(
    "section",
    { class: "card", "aria-labelledby": id },
    element("header", {}, element("h2", { id }, title), ...aside),
    ...children,
  );
}

/**
 * Replaces an element's children, and keeps the keyboard's focus on the control with the same `data-id` if
 * there still is one.
 */
export function replaceChildren(parent: Element, ...children: Child[]): void {
  const focused = parent.contains(document.activeElement) ? document.activeElement : null;
  const id = focused instanceof HTMLElement ? focused.dataset.id : undefined;
  parent.replaceChildren(...children);
  if (id === undefined) return;
  parent.querySelector<HTMLElement>(`[data-id="${CSS.escape(id)}"]`)?.focus();
}

/** Calls `draw` only when what it would draw has changed, so that nothing flickers and nothing loses focus. */
export function whenChanged<Value>(draw: (value: Value) => void): (value: Value) => void {
  let drawn: string | undefined;
  return (value) => {
    const text = JSON.stringify(value);
    if (text === drawn) return;
    drawn = text;
    draw(value);
  };
}

/** A switch that shows what the devnet says, not what was pressed: it moves when the devnet has done it. */
export interface Switch {
  element: HTMLButtonElement;
  set(on: boolean, disabled?: boolean): void;
}

export function createSwitch(
  label: string,
  words: { on: string; off: string },
  onToggle: (wanted: boolean) => void,
): Switch {
  const word = element("span", {});
  let isOn = false;
  const button = element(
    "button",
    {
      class: "switch",
      type: "button",
      role: "switch",
      "aria-checked": "false",
      onclick: () => onToggle(!isOn),
    },
    element("span", {}, label),
    element("span", { class: "state" }, word, element("span", { class: "knob", "aria-hidden": "true" })),
  );
  return {
    element: button,
    set: (on, disabled = false) => {
      isOn = on;
      button.setAttribute("aria-checked", String(on));
      button.disabled = disabled;
      word.textContent = on ? words.on : words.off;
    },
  };
}
