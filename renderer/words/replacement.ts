import { ROLE_TEXT, type Role } from "#core/keys/role.ts";
import type { ChangeWay } from "#core/wallet-api/changes.ts";
import type { Holder } from "#core/wallet-api/state.ts";

/** Why a way cannot be chosen while the key of that role is lost; nothing where it does not need that key. */
export const needsLostKey = ({ signers }: ChangeWay, role: Role): string | undefined =>
  signers.some((one) => one.role === role) ? `Needs the ${ROLE_TEXT[role]}, which is lost.` : undefined;

/** What comes of giving a key to a holder. */
export function replacementThen(holder: Holder): string {
  if (holder === "passkey") {
    return "Your passkey holds the key. From then on every signature of this key is made by it, in your browser. Nobody can make it anew for you: keep it.";
  }
  return holder === "ledger"
    ? "Your Ledger holds the key. From then on every signature of this key is confirmed on its screen. Keep its recovery phrase."
    : "The key network holds a new key. It signs once you proved who you are; the former holder has no say any more.";
}
