import { ROLE_TEXT } from "#core/keys/role.ts";
import type { Change, ChangeKind } from "#core/operations/changes.ts";
import { addsScriptsKey, scriptsKeyTitle } from "#core/operations/consequences.ts";
import { type Address, NATIVE_TOKEN } from "#core/primitives/address.ts";

type OfKind<Kind extends ChangeKind> = Extract<Change, { kind: Kind }>;

/** What a change does, as a heading; every kind has one. */
type Titles = { readonly [Kind in ChangeKind]: (change: OfKind<Kind>) => string };

const TITLES: Titles = {
  addKey: ({ role }) => `Add a ${ROLE_TEXT[role]}`,
  activateKey: () => "Activate a device key",
  rejectKey: () => "Reject a pending key",
  removeKey: () => "Remove a key",
  setThreshold: ({ role }) => `Change how many sign as ${ROLE_TEXT[role]}`,
  setEmergencyAddress: ({ enabled }) => `${enabled ? "Add" : "Remove"} an emergency address`,
  setAllowlisted: ({ allowed }) => (allowed ? "Allow a recipient" : "Disallow a recipient"),
  setScope: ({ allowed }) => (allowed ? "Allow a key some calls" : "Disallow a key some calls"),
  setLimit: () => "Set a key's daily limit",
  setHours: () => "Set a key's closed hours",
  setDelays: () => "Change the account's delays",
  setRules: () => "Change the account's rules",
  setSuccessor: ({ successor }) => (successor === NATIVE_TOKEN ? "Name no successor" : "Name a successor"),
  lock: () => "Lock the account",
  archive: () => "Archive the account",
  unfreeze: () => "Unfreeze the account",
  cancel: () => "Cancel a scheduled operation",
  rearm: () => "Re-arm an operation",
};

/** What a change did, as a heading. */
const DONE: Titles = {
  addKey: ({ role }) => `Your account has a new ${ROLE_TEXT[role]}`,
  activateKey: () => "The device key is active",
  rejectKey: () => "The pending key is gone",
  removeKey: () => "The key is gone",
  setThreshold: ({ role, threshold }) => `${threshold} must sign as ${ROLE_TEXT[role]} from now on`,
  setEmergencyAddress: ({ enabled }) =>
    enabled ? "Your account has a new emergency address" : "The emergency address is gone",
  setAllowlisted: ({ allowed }) => (allowed ? "The recipient is allowed" : "The recipient is disallowed"),
  setScope: ({ allowed }) => (allowed ? "The key may make these calls" : "The key may no longer call this"),
  setLimit: () => "The limit is set",
  setHours: () => "The hours are set",
  setDelays: () => "The delays are changed",
  setRules: () => "The rules are changed",
  setSuccessor: ({ successor }) =>
    successor === NATIVE_TOKEN ? "Your account has no successor" : "Your account has a successor",
  lock: () => "Your account is locked",
  archive: () => "Your account is archived",
  unfreeze: () => "Your account is open again",
  cancel: () => "Cancelled: it never runs",
  rearm: () => "Armed again: its delay begins anew",
};

// A change finds the function of its own kind, which TypeScript does not follow through the table.
const wordsOf = (titles: Titles, change: Change): string =>
  (titles[change.kind] as (change: Change) => string)(change);

/**
 * What a change does, as a heading.
 * @param scriptVerifier the network's contract that keeps scripts' keys to their calls
 */
export const changeTitle = (change: Change, scriptVerifier?: Address): string =>
  scriptsKeyTitle(change, scriptVerifier) ?? wordsOf(TITLES, change);

/** What a change did, as a heading. */
export const changeDone = (change: Change, scriptVerifier?: Address): string =>
  addsScriptsKey(change, scriptVerifier) ? "The script's key is on your account" : wordsOf(DONE, change);
