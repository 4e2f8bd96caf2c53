import { WalletError } from "#core/errors/wallet-error.ts";
import { keyId } from "#core/keys/key.ts";
import { REPLACEABLE_ROLES, ROLE_TEXT, ROLES, type Role } from "#core/keys/role.ts";
import type { OperationDraft } from "#core/operations/operation.ts";
import type { AccountDescription } from "#core/security/explorer/account.ts";
import { reachesMoney } from "#core/security/explorer/locked-out.ts";
import { listWords } from "#core/security/rules/words.ts";
import { type HeldKey, type HeldKeys, networkKey, withKey, withoutKey } from "../profile.ts";
import type { AccountKeyState, ContractState } from "./contract-state.ts";
import { describeAccount } from "./describe.ts";

/** An account's keys: what the contract has, and which of them this computer knows. */
export interface KeysOfAccount {
  readonly contract: ContractState;
  readonly keys: HeldKeys;
}

const added = (id: AccountKeyState["id"], role: Role): AccountKeyState => ({
  id,
  role,
  active: true,
  pending: false,
});

/** The keys as they are once an operation took effect; undefined when it changes none. */
function keysAfter(
  operation: OperationDraft,
  { contract, keys }: KeysOfAccount,
  newHolder: HeldKey | undefined,
): KeysOfAccount | undefined {
  const without = (gone: string) => contract.keys.filter(({ id }) => id !== gone);
  const as = (list: readonly AccountKeyState[]) => ({ contract: { ...contract, keys: list }, keys });
  switch (operation.kind) {
    case "addKey": {
      const after = as([...contract.keys, added(keyId(operation.key), operation.role)]);
      return newHolder ? { ...after, keys: withKey(keys, operation.role, newHolder) } : after;
    }
    case "activateKey":
      return as([...without(operation.key), added(operation.key, "device")]);
    case "rejectKey":
    case "removeKey":
      return as(without(operation.key));
    case "replaceKey": {
      const { role, oldKey, newKey } = operation;
      const after = as([...without(keyId(oldKey)), added(keyId(newKey), role)]);
      return newHolder
        ? { ...after, keys: withKey(withoutKey(keys, keyId(oldKey)), role, newHolder) }
        : after;
    }
    case "setThreshold": {
      const thresholds = { ...contract.thresholds, [operation.role]: operation.threshold };
      return { contract: { ...contract, thresholds }, keys };
    }
    default:
      return undefined;
  }
}

/** How things are called that are not known to be the owner's. */
const UNKNOWN = "Unknown";

/** Whether the keys of a role that this computer knows are enough for it. */
function suffices(account: KeysOfAccount, role: Role): boolean {
  return activeKeys(account, role).length >= Math.max(1, account.contract.thresholds[role]);
}

/** The keys of a role that this computer knows and that sign: one that is not the account's any more signs nothing. */
const activeKeys = ({ contract, keys }: KeysOfAccount, role: Role): HeldKey[] =>
  keys[role].filter(({ key }) =>
    contract.keys.some((one) => one.role === role && one.active && one.id === keyId(key)),
  );

/** What the owner can do with the keys that this computer knows, and with the proofs of their records. */
function ownerReachesMoney(account: KeysOfAccount): boolean {
  const { contract } = account;
  const keys: HeldKeys = {
    device: activeKeys(account, "device"),
    mfa: activeKeys(account, "mfa"),
    recovery: activeKeys(account, "recovery"),
  };
  const records = Object.fromEntries(
    REPLACEABLE_ROLES.flatMap((role) => {
      const record = networkKey(keys, role)?.record;
      return record ? [[role, record]] : [];
    }),
  );
  const { descriptions } = describeAccount({ keys, contract, records, oneMachine: false });
  return descriptions.some((description) =>
    reachesMoney(
      { ...description, ...networkRolesThatNeedOthers(account, keys) },
      (thing) => !thing.startsWith(UNKNOWN) && (keys.device.length > 0 || !/^D\d*$/.test(thing)),
    ),
  );
}

/** A network's key beside which the role asks for others: the description would take the network's for enough. */
function networkRolesThatNeedOthers(
  account: KeysOfAccount,
  keys: HeldKeys,
): Pick<AccountDescription, "mfa" | "recovery"> {
  return Object.fromEntries(
    REPLACEABLE_ROLES.filter((role) => networkKey(keys, role) && !suffices(account, role)).map((role) => {
      const threshold = account.contract.thresholds[role];
      const ours = keys[role].map((_, at) => (at === 0 ? ROLE_TEXT[role] : `${ROLE_TEXT[role]} ${at + 1}`));
      const others = Array.from(
        { length: threshold - ours.length },
        (_, at) => `${UNKNOWN} ${role} key ${at + 1}`,
      );
      return [role, { holder: "friends", names: [...ours, ...others], threshold }];
    }),
  );
}

const lockOut = (roles: readonly Role[]) =>
  new WalletError(
    "locks-you-out",
    `This would lock you out: ${listWords(
      roles.map((role) => `the ${ROLE_TEXT[role]}`),
      "and",
    )} could then only be used with keys that this computer does not know, and nothing else would bring you back to your money.`,
    "Add keys of your own first, or remove those that you do not know. Nothing was signed.",
  );

/**
 * Refuses a change of keys after which the owner, having lost nothing, could get at the money no more: the explorer
 * goes through everything they could still do, by every role, delay and emergency address.
 * @throws WalletError "locks-you-out", which says why
 */
export function refuseLockOut(
  { operation, newHolder }: { readonly operation: OperationDraft; readonly newHolder?: HeldKey },
  before: KeysOfAccount,
): void {
  const after = keysAfter(operation, before, newHolder);
  if (!after || ownerReachesMoney(after) || !ownerReachesMoney(before)) return;
  throw lockOut(ROLES.filter((role) => !suffices(after, role)));
}
