import type { DevnetState } from "../../control/state.ts";
import { press } from "./api.ts";
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
        : `Too few to sign: ${running} of ${nodes.length} nodes are running, ${threshold} are needed.`;
    },
  };
}

function createRow(index: number): Row {
  const badge = element("span", { class: "badge" });
  const action = element("button", { type: "button" });
  let wanted: "start" | "stop" = "stop";
  action.addEventListener("click", () => void press(`/api/nodes/${index}/${wanted}`));
  const fault = createSwitch("Wrong share", { on: "yes", off: "no" }, (isWrong) => {
    void press(`/api/nodes/${index}/fault`, { fault: isWrong ? "wrong-share" : "none" });
  });
  return {
    element: element(
      "li",
      { class: "node" },
      element("span", { class: "name" }, `Node ${index}`, badge),
      fault.element,
      action,
    ),
    update: (node) => {
      const isDown = node.state === "stopped" || node.state === "failed";
      wanted = isDown ? "start" : "stop";
      action.textContent = isDown ? "Start" : "Stop";
      action.setAttribute("aria-label", `${isDown ? "Start" : "Stop"} node ${index}`);
      action.disabled = node.state === "starting";
      badge.textContent = node.state;
      badge.dataset.state = node.state;
      fault.element.setAttribute("aria-label", `Node ${index} gives a wrong share`);
      fault.set(node.fault === "wrong-share", node.state !== "running");
    },
  };
}
