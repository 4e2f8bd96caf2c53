import { type Role, ROLES } from "../keys/role.ts";

/** What an account can be asked to do, as far as the rules tell it apart; in the order of the contract's numbers. */
export const POLICY_KINDS = [
  "withdraw",
  "execute",
  "addDeviceKey",
  "addKey",
  "activateKey",
  "rejectKey",
  "removeDeviceKey",
  "removeKey",
  "replaceKey",
  "setThreshold",
  "raise",
  "lower",
  "lock",
  "archive",
  "unfreeze",
  "cancel",
  "rearm",
  "migrate",
  "sign",
] as const;
export type PolicyKind = (typeof POLICY_KINDS)[number];

/** When an operation takes effect, in the order of the contract's numbers; what no row names never does. */
export const EFFECTS = [
  "never",
  "now",
  "afterSingleKeyDelay",
  "afterRemovalDelay",
  "afterRecoveryDelay",
  "afterOverrideDelay",
] as const;
export type Effect = (typeof EFFECTS)[number];

/** Whether the account stands still, in the order of the contract's numbers. */
export const FROZEN = ["no", "locked", "archived"] as const;
export type Frozen = (typeof FROZEN)[number];

/** A number for each role. */
export type PerRole = Readonly<Record<Role, number>>;

/** All that the rules look at, besides the kind. */
export interface Circumstances {
  /** How many active keys of each role signed; keys that may not decide about themselves left out. */
  readonly signed: PerRole;
  /** How many keys of each role have to sign for the role to count; one at least, whatever is set. */
  readonly thresholds: PerRole;
  /** The one key that signed may do this by itself: within its limit or scope, or to an allowlisted address. */
  readonly allowed: boolean;
  /** The roles that alone may withdraw and call, after a delay. */
  readonly singleKeyRoles: ReadonlySet<Role>;
  /** Whether mfa and recovery keys together may overrule the device key's veto. */
  readonly overrideOn: boolean;
  readonly frozen: Frozen;
  /** Cancel only: what is cancelled is a single-key operation or a removal. */
  readonly vetoByAny: boolean;
}

/**
 * Who has to have signed: enough keys of all these roles (others may have signed too); any one active key; enough
 * keys of any one role; or `itself`: a key that needs nobody beside it, which its condition judges.
 */
export type Authority = readonly Role[] | "anyKey" | "anyRole" | "itself";

/** What else has to hold for a row: something the owner has set, or something about what is asked for. */
export type Condition = "allowedToTheKey" | "switchedOnForTheRole" | "overrideOn" | "vetoByAny";

/** One line of the policy: whose signatures bring the operation about, under which condition, and when. */
export interface PolicyRow {
  readonly authority: Authority;
  readonly condition?: Condition;
  readonly effect: Exclude<Effect, "never">;
}

const DEVICE = { authority: ["device"], effect: "now" } as const satisfies PolicyRow;
const DEVICE_AND_MFA = { authority: ["device", "mfa"], effect: "now" } as const satisfies PolicyRow;
const DEVICE_AND_RECOVERY = { authority: ["device", "recovery"], effect: "now" } as const satisfies PolicyRow;
const DEVICE_AND_ANOTHER = [DEVICE_AND_MFA, DEVICE_AND_RECOVERY] as const;

/** Money and calls: two keys at once, a key within what is its own at once, a role alone later. */
const SPENDING = [
  DEVICE_AND_MFA,
  { authority: "itself", condition: "allowedToTheKey", effect: "now" },
  { authority: "anyRole", condition: "switchedOnForTheRole", effect: "afterSingleKeyDelay" },
] as const satisfies readonly PolicyRow[];

/**
 * The rules of an account, as data; of the rows that match, the first counts. `contracts/src/account/Policy.sol`
 * enforces the same ones, written down another way; a test compares the two in every case. Only active keys count:
 * one that is pending or expired has no authority.
 */
export const POLICY: Readonly<Record<PolicyKind, readonly PolicyRow[]>> = {
  withdraw: SPENDING,
  execute: SPENDING,
  addDeviceKey: [
    ...DEVICE_AND_ANOTHER,
    // No veto while it waits, unlike the next: the two keys overrule the device key's.
    { authority: ["mfa", "recovery"], condition: "overrideOn", effect: "afterOverrideDelay" },
    { authority: ["recovery"], effect: "afterRecoveryDelay" },
  ],
  addKey: DEVICE_AND_ANOTHER,
  activateKey: [DEVICE],
  rejectKey: [DEVICE],
  removeDeviceKey: [...DEVICE_AND_ANOTHER, { authority: ["device"], effect: "afterRemovalDelay" }],
  removeKey: DEVICE_AND_ANOTHER,
  replaceKey: DEVICE_AND_ANOTHER,
  setThreshold: DEVICE_AND_ANOTHER,
  raise: [DEVICE_AND_MFA],
  lower: [DEVICE],
  lock: [{ authority: "anyKey", effect: "now" }],
  archive: DEVICE_AND_ANOTHER,
  unfreeze: [...DEVICE_AND_ANOTHER, { authority: ["recovery"], effect: "afterRecoveryDelay" }],
  cancel: [DEVICE, { authority: "anyKey", condition: "vetoByAny", effect: "now" }],
  rearm: DEVICE_AND_ANOTHER,
  migrate: [DEVICE_AND_MFA],
  sign: [DEVICE_AND_MFA],
};

/** What still takes effect while the account is locked or archived. */
export const WHILE_FROZEN: ReadonlySet<PolicyKind> = new Set<PolicyKind>(["unfreeze", "cancel"]);

/** Whether enough keys of a role signed. A role for which nobody signed has no authority, whatever its threshold. */
const enough = ({ signed, thresholds }: Circumstances, role: Role) =>
  signed[role] >= Math.max(1, thresholds[role]);

function hasAuthority(authority: Authority, circumstances: Circumstances): boolean {
  switch (authority) {
    case "anyKey":
      return ROLES.some((role) => circumstances.signed[role] > 0);
    case "anyRole":
      return ROLES.some((role) => enough(circumstances, role));
    case "itself":
      return true;
    default:
      return authority.every((role) => enough(circumstances, role));
  }
}

function holds(condition: Condition | undefined, circumstances: Circumstances): boolean {
  switch (condition) {
    case undefined:
      return true;
    case "allowedToTheKey":
      return circumstances.allowed;
    case "switchedOnForTheRole":
      return ROLES.some((role) => enough(circumstances, role) && circumstances.singleKeyRoles.has(role));
    case "overrideOn":
      return circumstances.overrideOn;
    case "vetoByAny":
      return circumstances.vetoByAny;
  }
}

/** When an operation of a kind takes effect. */
export function effectOf(kind: PolicyKind, circumstances: Circumstances): Effect {
  if (circumstances.frozen !== "no" && !WHILE_FROZEN.has(kind)) return "never";
  const row = POLICY[kind].find(
    ({ authority, condition }) => hasAuthority(authority, circumstances) && holds(condition, circumstances),
  );
  return row?.effect ?? "never";
}
