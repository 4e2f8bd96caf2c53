// The devnet's page: shows each state that the devnet sends, and sends back what a person presses.
import type { DevnetState } from "../../control/state.ts";
import { chainSection } from "./chain.ts";
import { element } from "./dom.ts";
import { faucetSection } from "./faucet.ts";
import { ledgerSection } from "./ledger.ts";
import { gatesSection } from "./gates.ts";
import { inboxSection, phoneSection } from "./messages.ts";
import { nodesSection } from "./nodes.ts";
import { pricesSection } from "./prices.ts";
import { processesSection } from "./processes.ts";

const columns = [
  [ledgerSection()],
  [inboxSection(), phoneSection(), nodesSection(), gatesSection()],
  [chainSection(), faucetSection(), pricesSection(), processesSection()],
];
const sections = columns.flat();

const main = document.getElementById("sections");
main?.append(
  ...columns.map((column) =>
    element("div", { class: "column" }, ...column.map((section) => section.element)),
  ),
);

function showConnection(state: "live" | "lost", text: string): void {
  const connection = document.getElementById("connection");
  if (connection === null) return;
  connection.dataset.state = state;
  if (connection.textContent !== text) connection.textContent = text;
}

const events = new EventSource("/api/events");
events.addEventListener("message", ({ data }: MessageEvent<string>) => {
  const state = JSON.parse(data) as DevnetState; // From this page's own server.
  for (const section of sections) section.update(state);
  main?.removeAttribute("aria-busy");
  showConnection("live", "Running");
});
// The browser tries again by itself.
events.addEventListener("error", () => showConnection("lost", "The devnet does not answer"));
