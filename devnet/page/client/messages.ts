import type { DevnetState, Message } from "../../control/state.ts";
import { card, element, replaceChildren, whenChanged } from "./dom.ts";
import { tell } from "./notice.ts";
import type { Section } from "./section.ts";

type Shown = Message & { expired: boolean };

/** The mails with codes and links, newest first. */
export function inboxSection(): Section {
  return messagesSection("Inbox", "No mail yet. The codes that the wallet asks for arrive here.", "inbox");
}

/** The SMS with codes, newest first. */
export function phoneSection(): Section {
  return messagesSection("Phone", "No SMS yet. Codes for any number arrive here.", "phone");
}

function messagesSection(title: string, whenEmpty: string, box: "inbox" | "phone"): Section {
  const list = element("ul", { class: "rows messages", tabindex: "-1" });
  const draw = whenChanged((messages: Shown[]) => {
    if (messages.length === 0) list.replaceChildren(element("li", { class: "hint" }, whenEmpty));
    else replaceChildren(list, ...messages.map(messageRow));
  });
  return {
    element: card(title, [], list),
    update: (state: DevnetState) =>
      draw(
        state[box].map((message) => ({ ...message, expired: Date.parse(message.expiresAt) < Date.now() })),
      ),
  };
}

function messageRow({ to, code, link, purpose, sentAt, expired }: Shown): HTMLElement {
  const time = new Date(sentAt).toLocaleTimeString();
  const what = purpose === "reset-password" ? "Password reset" : "Login code";
  const text = link ?? code;
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    tell(`${text} is copied.`);
  };
  return element(
    "li",
    { class: "message", "data-expired": expired },
    element("span", { class: "to" }, to),
    element("span", { class: "hint" }, `${what}, ${time}${expired ? ", expired" : ""}`),
    element("span", { class: purpose === "reset-password" ? "token" : "code tabular" }, text),
    element(
      "button",
      {
        type: "button",
        "data-id": `copy ${sentAt} ${to}`,
        "aria-label": `Copy ${text}`,
        onclick: () => void copy(),
      },
      "Copy",
    ),
  );
}
