import type { LedgerState } from "../../control/state.ts";
import { press } from "./api.ts";
import { element } from "./dom.ts";

type Control = LedgerState["screen"]["controls"][number];

/** As long as on the device. */
const HOLD_MS = 1_000;

/** A touch model: everything is on the screen, and signing is a long press. */
export function touchDevice({ screen, modelName, pluggedIn }: LedgerState): HTMLElement[] {
  // Swiping does what the arrows in the footer do.
  const controls = screen.controls.filter(({ gesture }) => gesture === "tap" || gesture === "hold");
  const isMovement = ({ id }: Control) => id === "previous" || id === "next";
  const footer = controls.filter((control) => isMovement(control) || isSmallReject(control, controls));
  const main = controls.filter((control) => !footer.includes(control));
  const texts = [
    ...(screen.title === "" ? [] : [element("div", { class: "title" }, screen.title)]),
    ...screen.lines.map((line) => element("div", {}, line)),
    ...screen.fields.map(({ label, value }) =>
      element(
        "div",
        { class: "field-on-screen" },
        element("div", { class: "label" }, label),
        element("div", { class: "value" }, value),
      ),
    ),
  ];
  const pageNumber = screen.pages > 1 ? `${screen.page} of ${screen.pages}` : "";
  return [
    element("span", { class: "cable", "aria-hidden": "true" }),
    element(
      "div",
      { class: "body" },
      element(
        "div",
        {
          class: `screen ${screen.kind === "off" ? "off" : ""}`,
          role: "group",
          "aria-label": `Screen of the ${modelName}`,
          "aria-live": "polite",
        },
        ...(pluggedIn ? [] : [element("div", { class: "label" }, "Running on its battery")]),
        ...texts,
        element("div", { class: "fill" }),
        ...main.map((control, index) => screenButton(control, index === 0 ? "main" : "")),
        element(
          "div",
          { class: "footer" },
          ...footer.filter(({ id }) => id === "reject").map((control) => screenButton(control, "")),
          element("span", { class: "page-number" }, pageNumber),
          ...footer.filter(({ id }) => id === "previous").map((control) => screenButton(control, "", "◂")),
          ...footer.filter(({ id }) => id === "next").map((control) => screenButton(control, "", "▸")),
        ),
      ),
    ),
  ];
}

/** While a review is read, "Reject" is a small button in the footer; as one of two answers it is a big one. */
function isSmallReject(control: Control, all: Control[]): boolean {
  return control.id === "reject" && control.area.y >= Math.max(...all.map(({ area }) => area.y));
}

function screenButton(control: Control, classes: string, face = control.label): HTMLElement {
  const act = () => void press("/api/ledger/press", { control: control.id });
  const button = element(
    "button",
    { type: "button", class: classes, "data-id": control.id, "aria-label": control.label },
    face,
  );
  if (control.gesture === "hold") addHold(button, act);
  else button.addEventListener("click", act);
  return button;
}

/** Acts when the button was held down long enough, by a pointer or by the keyboard. */
function addHold(button: HTMLButtonElement, act: () => void): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const begin = () => {
    if (timer !== undefined) return;
    button.classList.add("holding");
    timer = setTimeout(act, HOLD_MS);
  };
  const end = () => {
    clearTimeout(timer);
    timer = undefined;
    button.classList.remove("holding");
  };
  const onKey = (action: () => void) => (event: KeyboardEvent) => {
    if (event.key !== " " && event.key !== "Enter") return;
    event.preventDefault();
    action();
  };
  button.classList.add("hold");
  button.style.setProperty("--hold-time", `${HOLD_MS}ms`);
  button.addEventListener("pointerdown", begin);
  button.addEventListener("keydown", onKey(begin));
  for (const event of ["pointerup", "pointerleave", "pointercancel", "blur"])
    button.addEventListener(event, end);
  button.addEventListener("keyup", onKey(end));
}
