import { WalletError } from "#core/errors/wallet-error.ts";
import { keyId } from "#core/keys/key.ts";
import { REPLACEABLE_ROLES, type ReplaceableRole, type Role, ROLES } from "#core/keys/role.ts";
import type { OperationDraft } from "#core/operations/operation.ts";
import { type Before, policyKindOf } from "#core/operations/policy-kind.ts";
import { authoritiesOf, type PossibleAuthority } from "#core/policy/authorities.ts";
import { type Frozen, POLICY, type PolicyKind, WHILE_FROZEN } from "#core/policy/policy.ts";
import type { KeyId } from "#core/primitives/hex.ts";
import type { LetterHolder } from "#core/wallet-api/friends.ts";
import type { ContractState } from "../security/contract-state.ts";
import { type HeldKey, ownDeviceKey, signsByLetter } from "../profile.ts";
import type { Standing } from "./intents/intent.ts";

/** Keys of a role that sign elsewhere: any of them, as many as are needed. */
export interface Asked {
  readonly role: ReplaceableRole;
  readonly needed: number;
  /** Who holds each, where this computer knows it; the account counts the key in any case. */
  readonly keys: readonly { readonly id: KeyId; readonly held?: HeldKey | undefined }[];
}

/** Who is asked: friends, unless it is known to be nobody but Safes of the person's own. */
export const askedHolder = ({ keys }: Asked): LetterHolder =>
  keys.every(({ held }) => held?.holder === "safe") ? "safe" : "friend";

/** One way to bring an operation about. */
export interface Way {
  /** Whose signatures it carries, in the order in which they sign. */
  readonly roles: readonly Role[];
  /** The keys that sign from this computer, in this order; a role may have several. */
  readonly signers: readonly { readonly role: Role; readonly held: HeldKey }[];
  /** The keys that other people are asked to sign with; then, because a friend should not be asked in vain. */
  readonly asked: readonly Asked[];
  readonly effect: PossibleAuthority["effect"];
  /** How long it waits once it is signed, in seconds; 0 when it takes effect at once. */
  readonly seconds: number;
}

/** Who signs, in order, as people are shown it: the keys at hand, then each that is asked for. */
export const signersShown = ({ signers, asked }: Pick<Way, "signers" | "asked">) => [
  ...signers.map(({ role, held }) => ({ role, holder: held.holder })),
  ...asked.flatMap((one) =>
    Array.from({ length: one.needed }, () => ({ role: one.role, holder: askedHolder(one) })),
  ),
];

/** What the policy has to know of the account, of this one operation. */
interface Matter extends Before {
  /** The key that may not decide about it. */
  readonly concerned?: KeyId | undefined;
  readonly vetoByAny?: boolean;
}

async function matterOf(operation: OperationDraft, standing: Standing): Promise<Matter> {
  const { account, contract, reader } = standing;
  switch (operation.kind) {
    case "removeKey": {
      const role = contract.keys.find(({ id }) => id === operation.key)?.role;
      return { role, concerned: role === "device" ? operation.key : undefined };
    }
    case "setLimit":
      return { limit: await reader.limit(account, operation.key, operation.token) };
    case "setHours":
      return { closedHours: await reader.closedHours(account, operation.key) };
    case "cancel": {
      const scheduled = await reader.scheduled(account, operation.operation);
      if (!scheduled || scheduled.effect === "afterRecoveryDelay") return {};
      // What several proposed, each of them may take back.
      const [first, ...others] = scheduled.proposers;
      return { vetoByAny: true, concerned: others.length === 0 ? first : undefined };
    }
    default:
      return {};
  }
}

const secondsOf = (effect: Way["effect"], contract: ContractState): number =>
  ({
    now: 0,
    afterSingleKeyDelay: contract.singleKeyDelay,
    afterRemovalDelay: contract.removalDelay,
    afterRecoveryDelay: contract.recoveryDelay,
    afterOverrideDelay: contract.overrideDelay,
  })[effect];

const accountFrozen = (how: Exclude<Frozen, "no">) =>
  new WalletError(
    "account-frozen",
    `The account is ${how}: nothing leaves it and nothing changes, but unfreezing and cancelling.`,
    "Unfreeze it first.",
  );

const noAuthority = () =>
  new WalletError(
    "no-authority",
    "The keys that this computer knows cannot bring this about: the account asks for other keys, or for more of them.",
    "See the keys screen for who holds the account's keys. Nothing was signed.",
  );

/** Whether this computer's device key brings it about alone: a withdrawal that the owner allowed it. */
async function isAllowedAlone(
  operation: OperationDraft,
  { account, keys, reader }: Standing,
): Promise<boolean> {
  const own = ownDeviceKey(keys);
  return (
    operation.kind === "withdraw" &&
    own !== undefined &&
    (await reader.mayWithdrawAlone(account, keyId(own.key), operation))
  );
}

/** Whether any one key brings it about, whatever the threshold of its role. */
const isUpToAnyKey = (kind: PolicyKind) => POLICY[kind].some(({ authority }) => authority === "anyKey");

/** What takes effect at once first; of that, what nobody else has to be asked for. */
const rankOf = ({ effect, asked }: Way) => (effect === "now" ? 0 : 2) + (asked.length === 0 ? 0 : 1);

/**
 * Every way in which the keys at hand, and people who are asked for theirs, bring an operation about, by the policy;
 * the best first.
 * @throws WalletError "account-frozen", "no-authority"
 */
export async function waysTo(operation: OperationDraft, standing: Standing): Promise<readonly Way[]> {
  const { contract, keys } = standing;
  const { concerned, vetoByAny = false, ...before } = await matterOf(operation, standing);
  const kind = policyKindOf(operation, before);
  if (contract.frozen !== "no" && !WHILE_FROZEN.has(kind)) throw accountFrozen(contract.frozen);
  const isCounted = (role: Role, { key }: HeldKey) => {
    const id = keyId(key);
    return id !== concerned && contract.keys.some((one) => one.id === id && one.role === role && one.active);
  };
  /** The keys of a role that can sign from this computer. */
  const atHand = (role: Role): HeldKey[] => {
    const own = ownDeviceKey(keys);
    const known = role === "device" ? (own ? [own] : []) : keys[role];
    return known.filter((held) => !signsByLetter(held) && isCounted(role, held));
  };
  /** The others of a role, each of which somebody else can be asked for. */
  const elsewhere = (role: ReplaceableRole): Asked["keys"] => {
    const here = new Set(atHand(role).map(({ key }) => keyId(key)));
    return contract.keys
      .filter((key) => key.role === role && key.active && key.id !== concerned && !here.has(key.id))
      .map(({ id }) => ({ id, held: keys[role].find(({ key }) => keyId(key) === id) }));
  };
  // Roles that have enough keys count as one that needs one: the rules ask for nothing else of a threshold.
  const needed = (role: Role) => (isUpToAnyKey(kind) ? 1 : Math.max(1, contract.thresholds[role]));
  const here = (role: Role) => atHand(role).slice(0, needed(role));
  const missing = (role: Role) => needed(role) - here(role).length;
  const asks = (role: Role): Asked[] =>
    role === "device" || missing(role) === 0 ? [] : [{ role, needed: missing(role), keys: elsewhere(role) }];
  const isWithin = (role: Role) =>
    missing(role) === 0 || (role !== "device" && elsewhere(role).length >= missing(role));
  const circumstances = {
    thresholds: { device: 1, mfa: 1, recovery: 1 },
    allowed: false,
    singleKeyRoles: new Set(contract.singleKeyRoles),
    overrideOn: contract.overrideDelay !== 0,
    frozen: contract.frozen,
    vetoByAny,
  };
  const ways = authoritiesOf(kind, circumstances, new Set(ROLES.filter(isWithin)))
    // At most one key of the network signs an operation; no rule that a device key can use asks for more.
    .filter(({ roles }) => REPLACEABLE_ROLES.filter((role) => roles.includes(role)).length < 2)
    .map(({ roles, effect }): Way => ({
      roles,
      signers: roles.flatMap((role) => here(role).map((held) => ({ role, held }))),
      asked: roles.flatMap(asks),
      effect,
      seconds: secondsOf(effect, contract),
    }));
  const [own] = atHand("device");
  if (own && (await isAllowedAlone(operation, standing))) {
    const signers = [{ role: "device", held: own } as const];
    ways.unshift({ roles: ["device"], signers, asked: [], effect: "now", seconds: 0 });
  }
  if (ways.length === 0) throw noAuthority();
  return ways.sort((one, other) => rankOf(one) - rankOf(other));
}

/** The way that the person chose, or the best one. */
export function chooseWay(ways: readonly Way[], signedBy: readonly Role[] | undefined): Way {
  const wanted = signedBy?.join();
  const way = ways.find(({ roles }) => wanted === undefined || roles.join() === wanted);
  if (!way) throw noAuthority();
  return way;
}
