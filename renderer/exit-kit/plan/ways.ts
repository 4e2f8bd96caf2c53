import { type Role, ROLES } from "#core/keys/role.ts";
import type { OperationDraft } from "#core/operations/operation.ts";
import { policyKindOf } from "#core/operations/policy-kind.ts";
import { authoritiesOf } from "#core/policy/authorities.ts";
import type { Effect } from "#core/policy/policy.ts";
import type { KeyId } from "#core/primitives/hex.ts";
import type { AccountState, KnownKey } from "../chain/account.ts";
import type { WaitingOperation } from "../chain/waiting.ts";
import type { Holding } from "../signing/holdings.ts";

/** A key at hand and what signs for it. */
export interface HeldKey {
  readonly key: KnownKey;
  readonly holding: Holding;
}

/** One way to bring an operation about with keys at hand. */
export interface PossibleWay {
  readonly keys: readonly HeldKey[];
  readonly effect: Exclude<Effect, "never">;
  /** How long it waits, in seconds. */
  readonly seconds: number;
}

/** The active keys at hand, one for each of the account's keys. */
export function activeKeys(holdings: readonly Holding[]): HeldKey[] {
  const byId = new Map<KeyId, HeldKey>();
  for (const holding of holdings) {
    for (const key of holding.keys) if (key.standing === "active") byId.set(key.id, { key, holding });
  }
  return [...byId.values()];
}

/** How long what has an effect waits. Removals, which alone wait for their own delay, are none of the kit's. */
function secondsOf(effect: PossibleWay["effect"], account: AccountState): number {
  switch (effect) {
    case "now":
      return 0;
    case "afterSingleKeyDelay":
      return account.singleKeyDelay;
    case "afterOverrideDelay":
      return account.overrideDelay;
    case "afterRecoveryDelay":
    case "afterRemovalDelay":
      return account.recoveryDelay;
  }
}

/**
 * The ways in which keys at hand bring an operation about by the account's policy, the best first.
 * @param veto what a cancellation would cancel
 */
export function waysOf(
  draft: OperationDraft,
  account: AccountState,
  holdings: readonly Holding[],
  veto?: Pick<WaitingOperation, "effect" | "proposer" | "others">,
): PossibleWay[] {
  const vetoByAny = veto !== undefined && veto.effect !== "afterRecoveryDelay";
  // Whoever proposed something alone has no say in its cancellation, unless only device keys do.
  const mayDecide = ({ key }: HeldKey) => !vetoByAny || veto.others > 0 || key.id !== veto.proposer;
  const held = activeKeys(holdings).filter(mayDecide);
  const needed = (role: Role) => Math.max(1, account.thresholds[role]);
  const ofRole = (role: Role) => held.filter(({ key }) => key.role === role);
  const counting = (role: Role) => draft.kind === "cancel" || ofRole(role).length >= needed(role);
  const available = new Set(ROLES.filter((role) => ofRole(role).length > 0 && counting(role)));
  // Roles that have enough keys count as one that needs one: the rules ask for nothing else of a threshold.
  const circumstances = {
    thresholds: { device: 1, mfa: 1, recovery: 1 },
    allowed: false,
    singleKeyRoles: account.singleKeyRoles,
    overrideOn: account.overrideDelay > 0,
    frozen: account.frozen,
    vetoByAny,
  };
  return authoritiesOf(policyKindOf(draft), circumstances, available).map(({ roles, effect }) => ({
    keys: roles.flatMap((role) => ofRole(role).slice(0, draft.kind === "cancel" ? 1 : needed(role))),
    effect,
    seconds: secondsOf(effect, account),
  }));
}
