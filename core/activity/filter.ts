import { sameAddress } from "../primitives/address.ts";
import type { ActivityFilter, ActivityItem } from "../wallet-api/activity.ts";

/** Whether a person asks for an item. */
export function matches(item: ActivityItem, { kinds, token, from, to }: ActivityFilter): boolean {
  if (kinds && !kinds.includes(item.kind)) return false;
  if (token && !(item.token && sameAddress(item.token.address, token))) return false;
  return item.time >= (from ?? -Infinity) && item.time <= (to ?? Infinity);
}
