import { WalletError } from "#core/errors/wallet-error.ts";
import { keyId } from "#core/keys/key.ts";
import { type Role, ROLES } from "#core/keys/role.ts";
import type { OperationDraft } from "#core/operations/operation.ts";
import { type Before, policyKindOf } from "#core/operations/policy-kind.ts";
import { authoritiesOf, type PossibleAuthority } from "#core/policy/authorities.ts";
import { type Frozen, WHILE_FROZEN } from "#core/policy/policy.ts";
import type { KeyId } from "#core/primitives/hex.ts";
import type { ContractState } from "../security/contract-state.ts";
import type { HeldKey } from "../profile.ts";
import type { Standing } from "./intents/intent.ts";

/** One way to bring an operation about with the keys this computer knows. */
export interface Way {
  readonly signers: readonly { readonly role: Role; readonly held: HeldKey }[];
  readonly effect: PossibleAuthority["effect"];
  /** How long it waits once it is signed, in seconds; 0 when it takes effect at once. */
  readonly seconds: number;
}

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
      const alone = scheduled.others === 0;
      return { vetoByAny: true, concerned: alone ? scheduled.proposer : undefined };
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

/**
 * Every way in which the keys this computer knows bring an operation about, by the policy; the best first.
 * @throws WalletError "account-frozen", "no-authority"
 */
export async function waysTo(operation: OperationDraft, standing: Standing): Promise<readonly Way[]> {
  const { contract, keys } = standing;
  const { concerned, vetoByAny = false, ...before } = await matterOf(operation, standing);
  const kind = policyKindOf(operation, before);
  if (contract.frozen !== "no" && !WHILE_FROZEN.has(kind)) throw accountFrozen(contract.frozen);
  const isAtHand = (role: Role) => {
    const id = keyId(keys[role].key);
    return id !== concerned && contract.keys.some((key) => key.id === id && key.role === role && key.active);
  };
  const circumstances = {
    thresholds: contract.thresholds,
    allowed: false,
    singleKeyRoles: new Set(contract.singleKeyRoles),
    overrideOn: contract.overrideDelay !== 0,
    frozen: contract.frozen,
    vetoByAny,
  };
  const ways = authoritiesOf(kind, circumstances, new Set(ROLES.filter(isAtHand)))
    // The journal keeps one key beside the device key; no rule that a device key can use asks for more.
    .filter(({ roles }) => roles.filter((role) => role !== "device").length < 2)
    .map(({ roles, effect }) => ({
      signers: roles.map((role) => ({ role, held: keys[role] })),
      effect,
      seconds: secondsOf(effect, contract),
    }));
  if (ways.length === 0) throw noAuthority();
  return ways;
}

/** The way that the person chose, or the best one. */
export function chooseWay(ways: readonly Way[], signedBy: readonly Role[] | undefined): Way {
  const wanted = signedBy?.join();
  const way = ways.find(
    ({ signers }) => wanted === undefined || signers.map(({ role }) => role).join() === wanted,
  );
  if (!way) throw noAuthority();
  return way;
}
