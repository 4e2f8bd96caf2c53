import type { LedgerState } from "../../control/state.ts";
import { press } from "./api.ts";
import { card, createSwitch, element, replaceChildren, whenChanged } from "./dom.ts";
import { nanoDevice } from "./nano.ts";
import type { Section } from "./section.ts";
import { touchDevice } from "./touch.ts";

/** The software Ledger: the device with its screen and buttons, and what hands can do to it. */
export function ledgerSection(): Section {
  const device = element("div", { class: "device" });
  const status = element("span", { class: "hint" });
  const absent = element(
    "p",
    { class: "hint failure", hidden: true },
    "The software Ledger does not answer.",
  );

  const model = element(
    "select",
    {
      id: "ledger-model",
      onchange: () => void press("/api/ledger/model", { model: model.value }),
    },
    element("option", { value: "nanosp" }, "Nano S Plus"),
    element("option", { value: "flex" }, "Flex"),
  );
  const approval = element(
    "select",
    {
      id: "ledger-approval",
      onchange: () => void press("/api/ledger/settings", { approval: approval.value }),
    },
    element("option", { value: "ask" }, "you, here"),
    element("option", { value: "always" }, "always approves"),
    element("option", { value: "never" }, "always rejects"),
  );
  const plugged = createSwitch("USB cable", { on: "plugged in", off: "unplugged" }, (wanted) => {
    void press(`/api/ledger/${wanted ? "plug" : "unplug"}`);
  });
  const locked = createSwitch("PIN entered", { on: "unlocked", off: "locked" }, (wanted) => {
    void press(`/api/ledger/${wanted ? "unlock" : "lock"}`);
  });
  const app = createSwitch("Ethereum app", { on: "open", off: "closed" }, (wanted) => {
    void press("/api/ledger/app", { open: wanted });
  });
  const raw = createSwitch("Raw messages", { on: "on", off: "off" }, (wanted) => {
    void press("/api/ledger/settings", { rawMessages: wanted });
  });
  const blind = createSwitch("Blind signing", { on: "on", off: "off" }, (wanted) => {
    void press("/api/ledger/settings", { blindSigning: wanted });
  });

  const draw = whenChanged((ledger: LedgerState) => {
    device.className = `device ${ledger.touch ? "touch" : "nano"} ${ledger.pluggedIn ? "" : "unplugged"}`;
    replaceChildren(device, ...(ledger.touch ? touchDevice(ledger) : nanoDevice(ledger)));
    status.textContent = ledger.asking ? "waits for your answer" : "";
    model.value = ledger.model;
    approval.value = ledger.approval;
    plugged.set(ledger.pluggedIn);
    locked.set(!ledger.locked);
    app.set(ledger.app !== null, ledger.locked);
    raw.set(ledger.settings.rawMessages);
    blind.set(ledger.settings.blindSigning);
  });

  const choices = element(
    "div",
    { class: "choices" },
    choice("Model", model),
    choice("Who answers", approval),
  );
  const switches = element(
    "div",
    { class: "rows" },
    plugged.element,
    locked.element,
    app.element,
    raw.element,
    blind.element,
  );
  return {
    element: card("Ledger", [status], absent, device, choices, switches),
    update: ({ ledger }) => {
      absent.hidden = ledger !== null;
      device.hidden = ledger === null;
      choices.hidden = ledger === null;
      switches.hidden = ledger === null;
      if (ledger !== null) draw(ledger);
    },
  };
}

function choice(label: string, control: HTMLElement): HTMLElement {
  return element("div", { class: "field" }, element("label", { for: control.id }, label), control);
}
