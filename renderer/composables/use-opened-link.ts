import { computed, type ComputedRef, onUnmounted } from "vue";
import type { Link } from "#core/links/link.ts";
import { useLinksStore } from "../stores/links.ts";

/** The text of a link that the person opened and wants to look at on this screen; forgotten when they leave it. */
export function useOpenedLink(kind: Exclude<Link["kind"], "unknown">): ComputedRef<string | undefined> {
  const links = useLinksStore();
  onUnmounted(() => (links.opened = undefined));
  return computed(() => (links.opened?.kind === kind ? links.opened.text : undefined));
}
