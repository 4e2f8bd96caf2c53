import type { LedgerState } from "../../control/state.ts";
import { press } from "./api.ts";
import { element } from "./dom.ts";

/** A Nano: two buttons on top, which pressed together are a third, and a small screen. */
export function nanoDevice({ screen, modelName, pluggedIn }: LedgerState): HTMLElement[] {
  const means = (gesture: string) => screen.controls.find((control) => control.gesture === gesture)?.label;
  const key = (name: "left" | "right" | "both", label: string) => {
    const meaning = means(name);
    return element(
      "button",
      {
        type: "button",
        "data-id": name,
        disabled: !pluggedIn,
        onclick: () => void press("/api/ledger/button", { name }),
      },
      label,
      element("small", {}, meaning ?? "\u00a0"),
    );
  };
  const texts = [
    ...(screen.title === "" ? [] : [element("div", { class: "title" }, screen.title)]),
    ...screen.lines.map((line) => element("div", {}, line)),
    ...screen.fields.flatMap(({ label, value }) => [
      element("div", { class: "title" }, label),
      element("div", { class: "value" }, value),
    ]),
  ];
  return [
    element("span", { class: "cable", "aria-hidden": "true" }),
    element(
      "div",
      { class: "body" },
      element("div", { class: "keys" }, key("left", "◂ Left"), key("both", "Both"), key("right", "Right ▸")),
      element(
        "div",
        {
          class: `screen ${pluggedIn ? "" : "off"}`,
          role: "group",
          "aria-label": `Screen of the ${modelName}`,
          "aria-live": "polite",
        },
        ...(texts.length === 0 ? ["Off"] : texts),
      ),
    ),
  ];
}
