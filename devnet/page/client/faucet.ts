import type { DevnetState } from "../../control/state.ts";
import { press } from "./api.ts";
import { card, element, whenChanged } from "./dom.ts";
import { tell } from "./notice.ts";
import type { Section } from "./section.ts";

const ETH = "ETH";

/** Play money for any address. */
export function faucetSection(): Section {
  const address = element("input", {
    id: "faucet-address",
    class: "mono",
    required: true,
    pattern: "0x[0-9a-fA-F]{40}",
    placeholder: "0x…",
    autocomplete: "off",
    spellcheck: "false",
  });
  const asset = element("select", { id: "faucet-asset" });
  const amount = element("input", {
    id: "faucet-amount",
    class: "tabular",
    required: true,
    inputmode: "decimal",
    pattern: "[0-9]*\\.?[0-9]+",
    value: "10",
    autocomplete: "off",
  });
  const send = element("button", { class: "primary" }, "Send");

  async function give(): Promise<void> {
    send.disabled = true;
    const token = asset.value === ETH ? null : asset.value;
    const symbol = asset.selectedOptions[0]?.textContent ?? "";
    const worked = await press("/api/faucet", {
      address: address.value.trim(),
      token,
      amount: amount.value.trim(),
    });
    if (worked) tell(`${amount.value.trim()} ${symbol} sent.`);
    send.disabled = false;
  }

  const form = element(
    "form",
    {
      class: "form",
      onsubmit: (event) => {
        event.preventDefault();
        void give();
      },
    },
    field("Address", address, "field wide"),
    field("Asset", asset),
    field("Amount", amount),
    element("div", { class: "wide buttons" }, send),
  );
  const drawAssets = whenChanged((tokens: DevnetState["tokens"]) => {
    const chosen = asset.value || ETH;
    asset.replaceChildren(
      element("option", { value: ETH }, ETH),
      ...tokens.map((token) => element("option", { value: token.address }, token.symbol)),
    );
    asset.value = chosen;
  });
  return { element: card("Faucet", [], form), update: ({ tokens }) => drawAssets(tokens) };
}

function field(label: string, input: HTMLElement, classes = "field"): HTMLElement {
  return element("div", { class: classes }, element("label", { for: input.id }, label), input);
}
