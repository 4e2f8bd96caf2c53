import { ROLE_TEXT } from "#core/keys/role.ts";
import type { Friend, FriendContract, FriendsView } from "#core/wallet-api/friends.ts";

export const WHAT_FRIENDS_ARE =
  "A friend holds a key of your account in their own wallet, and signs when you ask. Ask friends who would know your voice, and who would not lose their key on the same day as you.";

export const WHAT_FRIENDS_CANNOT =
  "No friend sees what you do, and none can move money. As many friends as have to sign could together put in a device key of their own; it counts only after the delay, and any of your devices stops it until then.";

export const COMPARE_BY_VOICE =
  "Read these twenty digits to each other, by phone or face to face. If they differ, somebody changed the letter on its way: stop.";

export const OWN_CONTRACT_CAN_CHANGE =
  "A contract wallet's signature counts only as long as the contract says so: whoever can change its owners can change that.";

export const COMPARE_ON_SCREEN =
  "The friend's page shows twenty digits, too. If they differ, somebody changed the letter on its way: stop.";

/** A day as people write it: "21 Nov 2026". */
export const dayOf = (seconds: number): string =>
  new Date(seconds * 1000).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric" });

/** When a friend was last heard of, and what to do about it. */
export function heardOf({ lastAnswer, checkDue, checkedUntil, active }: Friend): string {
  if (!active) return "Not counted by your account now.";
  if (checkedUntil !== undefined) return `You asked; the answer counts until ${dayOf(checkedUntil)}.`;
  if (lastAnswer === undefined) return "Never heard of on this computer. Ask whether they are still there.";
  return checkDue
    ? `Last heard of on ${dayOf(lastAnswer)}, more than a year ago. Ask whether they are still there.`
    : `Last heard of on ${dayOf(lastAnswer)}.`;
}

/** What a signer that is a contract says of itself. */
export const contractWords = ({ safe }: FriendContract): string =>
  safe
    ? safe.owners === 1
      ? "A contract wallet: it says that it has one owner"
      : `A contract wallet: it says that ${safe.threshold} of its ${safe.owners} owners have to sign`
    : "A contract wallet: who stands behind it, only its owner can say";

export const CONTRACT_CAN_CHANGE =
  "A contract wallet's signature counts only as long as the contract says so, and its owners can change without asking you. Ask who they are.";

/** How many of a role's keys have to sign. */
export const thresholdWords = ({ role, threshold, keys }: FriendsView["roles"][number]): string =>
  keys === 1
    ? `Your account has one ${ROLE_TEXT[role]}.`
    : `Any ${threshold} of ${keys} have to sign as ${ROLE_TEXT[role]}.`;

/** Names in a list that is read: "Ben and one more of Carla, Dan". */
export function waitsForWords(missing: number, names: readonly string[]): string {
  const listed = names.join(", ");
  if (names.length <= missing)
    return names.length === 1 ? `Waits for ${listed}.` : `Waits for all of ${listed}.`;
  return missing === 1 ? `Waits for one of ${listed}.` : `Waits for ${missing} of ${listed}.`;
}
