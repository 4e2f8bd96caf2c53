import type { DevnetState } from "../../control/state.ts";
import { card, element, whenChanged } from "./dom.ts";
import type { Section } from "./section.ts";

/** Where the wallet's windows can be reached, and what is running where. */
export function processesSection(): Section {
  const wallet = element("p", {});
  const table = element("table", { class: "processes" });
  const drawWallet = whenChanged((state: DevnetState["wallet"]) => {
    if (state === null) {
      wallet.replaceChildren(element("span", { class: "hint" }, "Every part is a process of its own."));
      return;
    }
    wallet.replaceChildren(
      "The windows of the running wallet can be seen and driven at ",
      element("a", { href: state.devToolsUrl, class: "mono", rel: "noreferrer" }, state.devToolsUrl),
      ".",
    );
  });
  const drawTable = whenChanged((processes: DevnetState["processes"]) => {
    table.replaceChildren(
      element(
        "thead",
        {},
        element(
          "tr",
          {},
          ...["Part", "Port", "Process", "State"].map((name) => element("th", { scope: "col" }, name)),
        ),
      ),
      element(
        "tbody",
        {},
        ...processes.map(({ name, port, pid, state }) =>
          element(
            "tr",
            {},
            element("td", {}, name),
            element("td", { class: "tabular" }, String(port)),
            element("td", { class: "tabular" }, pid === null ? "–" : String(pid)),
            element("td", {}, element("span", { class: "badge", "data-state": state }, state)),
          ),
        ),
      ),
    );
  });
  return {
    element: card(
      "This devnet",
      [],
      wallet,
      element("details", {}, element("summary", {}, "Processes"), table),
    ),
    update: ({ wallet: state, processes }) => {
      drawWallet(state);
      drawTable(processes);
    },
  };
}
