import type { EmergencyAddress } from "#core/wallet-api/emergency.ts";
import { formatMoment } from "../format/time.ts";

/** What an emergency address is, in the words of the screens. */
export const WHAT_IT_IS =
  "An emergency address may withdraw everything to itself, at once, with no key of this account and without Trivet. Whoever has the wallet at that address has your money: choose one that you keep as safe as your savings, and that has nothing to do with this computer.";

/** What it cannot do. */
export const WHAT_IT_CANNOT =
  "It cannot send to anywhere else, it cannot change your keys, and it can do nothing while the account is frozen.";

/** Whether the wallet at an emergency address was seen to work. */
export function rehearsedText({ rehearsed }: EmergencyAddress): string {
  if (!rehearsed) return "Never rehearsed: you do not know whether it works.";
  const how = rehearsed.by === "signature" ? "by a signature" : "by a transaction on the chain";
  return `It worked ${how}: ${formatMoment(rehearsed.at)}.`;
}
