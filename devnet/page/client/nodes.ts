import type { DevnetState } from "../../control/state.ts";
import { press } from "./api.ts";
import type { Switch } from "./dom.ts";
import { card, createSwitch, element } from "./dom.ts";
import type { Section } from "./section.ts";

type NodeState = DevnetState["nodes"][number];

interface Row {
  element: HTMLElement;
  update(node: NodeState): void;
}

/** The key network's nodes, each with a switch that stops it and one that makes it lie. */
export function nodesSection(): Section {
  const rows = new Map<number, Row>();
  const list = element("ul", { class: "rows" });
  const summary = element("p", { class: "hint", role: "status" });
  return {
    element: card("Key network", [], summary, list),
    update: ({ nodes, threshold }) => {
      for (const node of nodes) {
        const row = rows.get(node.index) ?? createRow(node.index);
        if (!rows.has(node.index)) {
          rows.set(node.index, row);
          list.append(row.element);
        }
        row.update(node);
      }
      const running = nodes.filter(({ state }) => state === "running").length;
      const enough = running >= threshold;
      summary.classList.toggle("warning", !enough);
      summary.textContent = enough
        ? `${threshold} of ${nodes.length} nodes have to agree. ${running} are running.`
        : `Only ${running} of ${nodes.length} nodes are running: too few to sign, which takes ${threshold}.`;
    },
  };
}

function createRow(index: number): Row {
  const badge = element("span", { class: "badge" });
  const running: Switch = createSwitch(`Node ${index}`, { on: "on", off: "off" }, (wanted) => {
    void press(`/api/nodes/${index}/${wanted ? "start" : "stop"}`);
  });
  const honest: Switch = createSwitch("Gives a wrong share", { on: "yes", off: "no" }, (wanted) => {
    void press(`/api/nodes/${index}/fault`, { fault: wanted ? "wrong-share" : "none" });
  });
  running.element.querySelector("span")?.append(" ", badge);
  return {
    element: element("li", { class: "node" }, running.element, honest.element),
    update: ({ state, fault }) => {
      badge.textContent = state;
      badge.dataset.state = state;
      running.set(state === "running" || state === "starting" || state === "crashed", state === "starting");
      honest.set(fault === "wrong-share", state !== "running");
    },
  };
}
