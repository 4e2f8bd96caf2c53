import { ROLES } from "#core/keys/role.ts";
import type { AccountKey } from "#core/wallet-api/state.ts";
import { holderDetail } from "../../words/keys.ts";
import type { Leg } from "../../design/glyphs/leg.ts";

/** The account's keys as legs of the picture, always in the same order. */
export function legsOf(keys: readonly AccountKey[]): Leg[] {
  return ROLES.flatMap((role) =>
    keys
      .filter((key) => key.role === role)
      .map((key) => ({ role, holder: key.holder, state: "made" as const, detail: holderDetail(key) })),
  );
}
