import type { Links } from "../../services/links.ts";
import type { HandlersOf } from "./handlers.ts";

export const linksHandlers = (links: Links): HandlersOf<"links"> => ({
  "links.waiting": () => Promise.resolve(links.waiting()),
  "links.taken": () => {
    links.taken();
    return Promise.resolve(undefined);
  },
});
