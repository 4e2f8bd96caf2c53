import { press } from "./api.ts";
import { card, element } from "./dom.ts";
import { tell } from "./notice.ts";
import type { Section } from "./section.ts";

const DAY = 86_400;

/** The chain's block and time, and how to let days pass. */
export function chainSection(): Section {
  const block = element("dd", { class: "tabular" });
  const time = element("dd", { class: "tabular" });
  const ahead = element("dd", {});
  const rpc = element("dd", { class: "mono" });
  const advance = (days: number) => async () => {
    if (await press("/api/chain/advance", { seconds: days * DAY })) {
      tell(`The chain is now ${days === 1 ? "a day" : `${days} days`} later.`);
    }
  };
  const later = (days: number) =>
    element(
      "button",
      { type: "button", onclick: () => void advance(days)() },
      `+${days} ${days === 1 ? "day" : "days"}`,
    );
  return {
    element: card(
      "Chain",
      [],
      element(
        "dl",
        { class: "facts" },
        ...[
          ["Block", block],
          ["Time", time],
          ["Clock", ahead],
          ["RPC", rpc],
        ].flatMap(([name, value]) => [element("dt", {}, name as string), value as HTMLElement]),
      ),
      element("div", { class: "buttons" }, later(1), later(7)),
    ),
    update: ({ chain }) => {
      block.textContent = chain === null ? "does not answer" : String(chain.blockNumber);
      time.textContent = chain === null ? "–" : new Date(chain.timestamp * 1000).toLocaleString();
      ahead.textContent = chain === null ? "–" : describeOffset(chain.offset);
      rpc.textContent = chain === null ? "–" : chain.rpcUrl;
    },
  };
}

function describeOffset(seconds: number): string {
  if (seconds === 0) return "that of this computer";
  const days = Math.round((seconds / DAY) * 10) / 10;
  return days === 1 ? "a day ahead" : `${days} days ahead`;
}
