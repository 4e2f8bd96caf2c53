import { ROLES } from "#core/keys/role.ts";
import type { AccountKey } from "#core/wallet-api/state.ts";
import { holderDetail } from "../../words/keys.ts";
import type { Leg } from "../../design/glyphs/leg.ts";

/** The account's keys as legs of the picture, always in the same order: one for each role, however many keys it has. */
export function legsOf(keys: readonly AccountKey[]): Leg[] {
  return ROLES.flatMap((role) => {
    const [first, ...others] = keys.filter((key) => key.role === role);
    if (!first) return [];
    const alone = others.length === 0;
    const detail = alone ? holderDetail(first) : [first, ...others].map((key) => key.detail).join(", ");
    return [{ role, holder: first.holder, state: "made" as const, detail }];
  });
}
