import type { DevnetState } from "../../control/state.ts";
import { press } from "./api.ts";
import { card, element, whenChanged } from "./dom.ts";
import { tell } from "./notice.ts";
import type { Section } from "./section.ts";

const ETH = "0x0000000000000000000000000000000000000000";

/** What each asset costs in US dollars; made up, and anybody may make up others. */
export function pricesSection(): Section {
  const rows = element("div", { class: "prices" });

  async function set(token: string, symbol: string, input: HTMLInputElement): Promise<void> {
    const dollars = input.value.trim();
    const worked = await press("/api/price", { token: token === ETH ? null : token, dollars });
    if (worked) tell(`1 ${symbol} costs ${dollars} US dollars now.`);
  }

  const draw = whenChanged((prices: DevnetState["prices"]) => {
    rows.replaceChildren(
      ...prices.map(({ token, symbol, dollars }) => {
        const input = element("input", {
          id: `price-${symbol}`,
          class: "tabular",
          required: true,
          inputmode: "decimal",
          pattern: "[0-9]*\\.?[0-9]+",
          value: dollars,
          autocomplete: "off",
        });
        return element(
          "form",
          {
            class: "price",
            onsubmit: (event) => {
              event.preventDefault();
              void set(token, symbol, input);
            },
          },
          element("label", { for: input.id }, `1 ${symbol} in US dollars`),
          input,
          element("button", { "aria-label": `Set the price of ${symbol}` }, "Set"),
        );
      }),
    );
  });
  return { element: card("Prices", [], rows), update: ({ prices }) => draw(prices) };
}
