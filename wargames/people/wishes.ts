/** What somebody who wants the money asks an account for: the money itself, and whatever brings them nearer to it. */
import { toFunctionSelector } from "viem/utils";
import type { Wish } from "#contracts/testing/perform.ts";
import { type Key, keyId } from "#core/keys/key.ts";
import type { ReplaceableRole } from "#core/keys/role.ts";
import { type Address, NATIVE_TOKEN } from "#core/primitives/address.ts";

const DAY = 86_400;
const MOST = 2n ** 104n - 2n;
/** Bits 1 to 3: device, mfa, recovery. */
const ALL_ROLES = 14;

/** What somebody has made for themselves, to be put in the place of the owner's. */
export interface Own {
  readonly device: Key;
  /** Besides: for the addition that mfa and recovery bring about together. */
  readonly otherDevice: Key;
  readonly replacement: Readonly<Record<ReplaceableRole, Key>>;
  readonly further: Readonly<Record<ReplaceableRole, Key>>;
  readonly emergency: Address;
}

/** The account as far as anybody can see. */
export interface Seen {
  readonly funds: bigint;
  readonly firstKeys: Readonly<Record<ReplaceableRole, Key>>;
  readonly deviceKeys: readonly Key[];
  readonly thresholds: Readonly<Record<ReplaceableRole, number>>;
  readonly frozen: boolean;
}

/** The ways in which an account parts with everything. */
export function moneyWishes({ funds }: Seen, to: Address): Wish[] {
  return [
    { kind: "withdraw", token: NATIVE_TOKEN, to, amount: funds },
    { kind: "execute", calls: [{ target: to, value: funds, data: "0x" }] },
    { kind: "migrate", successor: to, assets: [] },
  ];
}

/** The ways to more power over an account, the ones that lead furthest first. */
export function powerWishes(own: Own, seen: Seen, to: Address): Wish[] {
  const roles: readonly ReplaceableRole[] = ["mfa", "recovery"];
  return [
    ...(seen.frozen ? ([{ kind: "unfreeze" }] as const) : []),
    { kind: "addKey", role: "device", key: own.device, expires: 0 },
    { kind: "addKey", role: "device", key: own.otherDevice, expires: 0 },
    ...roles.map((role): Wish => ({
      kind: "replaceKey",
      role,
      oldKey: seen.firstKeys[role],
      newKey: own.replacement[role],
    })),
    ...roles.map((role): Wish => ({ kind: "addKey", role, key: own.further[role], expires: 0 })),
    ...roles
      .filter((role) => seen.thresholds[role] > 1)
      .map((role): Wish => ({ kind: "setThreshold", role, threshold: 1 })),
    { kind: "setEmergencyAddress", recipient: own.emergency, enabled: true },
    { kind: "setAllowlisted", recipient: to, allowed: true },
    ...seen.deviceKeys.map((key): Wish => ({
      kind: "setLimit",
      key: keyId(key),
      token: NATIVE_TOKEN,
      limit: MOST,
    })),
    ...seen.deviceKeys.map((key): Wish => ({
      kind: "setScope",
      key: keyId(key),
      target: to,
      selector: toFunctionSelector("function deposit()"),
      allowed: true,
    })),
    {
      kind: "setRules",
      singleKeyRoles: ALL_ROLES,
      pendingKeysMayCall: true,
      tripwireCount: 255,
      tripwireWindow: DAY,
    },
    {
      kind: "setDelays",
      recoveryDelay: DAY,
      removalDelay: DAY,
      singleKeyDelay: 3 * DAY,
      overrideDelay: 7 * DAY,
    },
    { kind: "setSuccessor", successor: to },
    ...seen.deviceKeys.map((key): Wish => ({ kind: "removeKey", key: keyId(key) })),
  ];
}

/** A wish's name in reports. */
export function nameOf(wish: Wish): string {
  return "role" in wish ? `${wish.kind} ${wish.role}` : wish.kind;
}

/** Tells one wish from every other. */
export const identityOf = (wish: Wish): string =>
  JSON.stringify(wish, (_, value: unknown) => (typeof value === "bigint" ? value.toString() : value));
