import type { DevnetState, Mail } from "../../control/state.ts";
import { card, element, replaceChildren, whenChanged } from "./dom.ts";
import { tell } from "./notice.ts";
import type { Section } from "./section.ts";

/** The mails with codes, newest first. */
export function inboxSection(): Section {
  const list = element("ul", { class: "rows inbox", tabindex: "-1" });
  const draw = whenChanged((mails: (Mail & { expired: boolean })[]) => {
    if (mails.length === 0) {
      list.replaceChildren(
        element("li", { class: "hint" }, "No mail yet. The codes that the wallet asks for arrive here."),
      );
    } else {
      replaceChildren(list, ...mails.map(mailRow));
    }
  });
  return {
    element: card("Inbox", [], list),
    update: ({ inbox }: DevnetState) =>
      draw(inbox.map((mail) => ({ ...mail, expired: Date.parse(mail.expiresAt) < Date.now() }))),
  };
}

function mailRow({ to, code, sentAt, expired }: Mail & { expired: boolean }): HTMLElement {
  const time = new Date(sentAt).toLocaleTimeString();
  const copy = async () => {
    await navigator.clipboard.writeText(code);
    tell(`${code} is copied.`);
  };
  return element(
    "li",
    { class: "mail", "data-expired": expired },
    element("span", { class: "to" }, to),
    element("span", { class: "hint" }, `Login code, ${time}${expired ? ", expired" : ""}`),
    element("span", { class: "code tabular" }, code),
    element(
      "button",
      {
        type: "button",
        "data-id": `copy ${sentAt} ${to}`,
        "aria-label": `Copy ${code}`,
        onclick: () => void copy(),
      },
      "Copy",
    ),
  );
}
