import type { DevnetState } from "../../control/state.ts";
import { press } from "./api.ts";
import { card, element, whenChanged } from "./dom.ts";
import { tell } from "./notice.ts";
import type { Section } from "./section.ts";

type Gate = DevnetState["gates"][number];

const STANDING: Record<Gate["standing"], string> = {
  canonical: "canonical",
  previous: "previous",
  none: "not published",
};

/** Governance: which gates the key network runs. */
export function gatesSection(): Section {
  const list = element("ul", { class: "rows" });
  const publish = element(
    "button",
    { type: "button", onclick: () => void publishNext() },
    "Publish the next gate",
  );
  const withdraw = element("button", { type: "button", onclick: () => void rollBack() }, "Roll back");

  async function publishNext(): Promise<void> {
    if (await press("/api/gates/publish")) tell("The next gate is canonical. Wallets offer to move to it.");
  }
  async function rollBack(): Promise<void> {
    if (await press("/api/gates/roll-back")) tell("The canonical gate was withdrawn.");
  }

  const draw = whenChanged((gates: readonly Gate[]) => {
    list.replaceChildren(...gates.map(row));
    publish.disabled = gates.at(-1)?.standing === "canonical";
    withdraw.disabled = !gates.some(({ standing }) => standing === "previous");
  });
  return {
    element: card(
      "Governance",
      [],
      element(
        "p",
        { class: "hint" },
        "Publishes gates, the programs that decide whether a network-held key signs. It moves nobody: each account " +
          "moves with its own signatures.",
      ),
      list,
      element("div", { class: "buttons" }, publish, withdraw),
    ),
    update: ({ gates }) => draw(gates),
  };
}

function row({ number, cid, standing }: Gate): HTMLElement {
  const badge = element("span", { class: "badge" }, STANDING[standing]);
  badge.dataset.state = standing === "none" ? "stopped" : "running";
  return element(
    "li",
    { class: "gate" },
    element("span", { class: "name" }, `Gate ${number}`, badge),
    element("span", { class: "mono", title: cid }, `${cid.slice(0, 8)}…${cid.slice(-6)}`),
  );
}
