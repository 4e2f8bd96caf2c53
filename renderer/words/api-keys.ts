import { NATIVE_TOKEN } from "#core/primitives/address.ts";
import { exactTokenAmount } from "#core/primitives/amount-text.ts";
import type { KeySettings } from "#core/wallet-api/account-settings.ts";
import { formatMoment } from "../format/time.ts";

/** What a key for a script can do by itself, and what it never can. */
export const WHAT_IT_IS =
  "A key of its own for a script, which signs nothing but what you allow it. Whoever has its file can do that, and nothing else.";
export const WHAT_IT_CAN: readonly string[] = [
  "Call the functions of contracts that you allow it, one by one.",
  "Give ether along with those calls, within a daily limit and outside of the hours that you close.",
  "Both until it expires, or until you revoke it.",
];
export const WHAT_IT_CANNOT: readonly string[] = [
  "Withdraw: not within its limit, not to your allowed recipients, to nobody.",
  "Call functions that hand out tokens or the right to take them (transfer, approve and their like), not even if you allow them.",
  "Lock the account, cancel or reject anything, add, change or remove keys, or change a setting.",
  "Lend weight to other keys: beside your MFA key, too, it signs its calls and nothing else (its limit then holds for each signature and is not counted), and the key network signs nothing that it asks for.",
];
export const WHAT_TO_LOOK_AT =
  "What a function does with what it gets is up to its contract. If the call itself names who gets what is bought, a thief names themself.";

/** What a plain device key can do besides, which earlier versions of Trivet gave to scripts. */
export const WHAT_A_PLAIN_KEY_CAN: readonly string[] = [
  "A limit is money it can also send to anybody, and it can withdraw any amount to your allowed recipients.",
  "To the account it is a device key like that of a computer. So it can also lock the account, cancel what is scheduled, reject pending device keys, and ask for the removal of other device keys, which waits for its delay and which you can cancel.",
  "Together with your MFA key it can do everything.",
];

/** Where a key stands, by what the account says of it. */
export function keyStanding(settings: KeySettings | undefined, now: number): string {
  if (!settings) return "Not on the account: it has no say.";
  if (hasExpired(settings, now)) return `Expired ${formatMoment(settings.expires)}: it has no say any more.`;
  if (!settings.active) return "Pending: it has no say yet.";
  return settings.expires === 0
    ? "Active. It never expires."
    : `Active until ${formatMoment(settings.expires)}.`;
}

const hasExpired = ({ expires }: KeySettings, now: number) => expires !== 0 && expires * 1000 <= now;

/** What somebody can do who takes the file of a key that signs only what it may do by itself. */
export function theftCosts(settings: KeySettings | undefined, now: number): string {
  if (!settings || hasExpired(settings, now)) return "Whoever takes its file can do nothing with it.";
  const { scopes, limits, expires } = settings;
  if (scopes.length === 0) return "Whoever takes its file can do nothing with it yet: it may call nothing.";
  const calls = scopes.length === 1 ? "the one function" : `the ${scopes.length} functions`;
  const ether = limits.find(({ token }) => token.address === NATIVE_TOKEN);
  const money = ether
    ? `with up to ${exactTokenAmount(ether.limit, ether.token)} in 24 hours`
    : "without ether";
  const end = expires === 0 ? "until you revoke it" : `until ${formatMoment(expires)} or until you revoke it`;
  return `Whoever takes its file can call ${calls} below, ${money}, ${end}, and so use what you let their contracts take. Nothing else.`;
}
