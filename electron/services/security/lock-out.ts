import { WalletError } from "#core/errors/wallet-error.ts";
import { keyId } from "#core/keys/key.ts";
import { REPLACEABLE_ROLES, ROLE_TEXT, ROLES, type Role } from "#core/keys/role.ts";
import type { OperationDraft } from "#core/operations/operation.ts";
import type { AccountDescription } from "#core/security/explorer/account.ts";
import { reachesMoney } from "#core/security/explorer/locked-out.ts";
import { listWords } from "#core/security/rules/words.ts";
import type { HeldKey, Profile } from "../profile.ts";
import type { AccountKeyState, ContractState } from "./contract-state.ts";
import { describeAccount } from "./describe.ts";

/** An account's keys: what the contract has, and which of them this computer knows. */
export interface KeysOfAccount {
  readonly contract: ContractState;
  readonly keys: Profile["keys"];
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
    case "addKey":
      return as([...contract.keys, added(keyId(operation.key), operation.role)]);
    case "activateKey":
      return as([...without(operation.key), added(operation.key, "device")]);
    case "rejectKey":
    case "removeKey":
      return as(without(operation.key));
    case "replaceKey": {
      const { role, oldKey, newKey } = operation;
      const after = as([...without(keyId(oldKey)), added(keyId(newKey), role)]);
      return newHolder ? { ...after, keys: { ...keys, [role]: newHolder } } : after;
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
function suffices({ contract, keys }: KeysOfAccount, role: Role): boolean {
  const held = keys[role];
  const id = held && keyId(held.key);
  const known = contract.keys.some((key) => key.role === role && key.active && key.id === id);
  return known && contract.thresholds[role] <= 1;
}

/** What the owner can do with the keys that this computer knows, and with the proofs of their records. */
function ownerReachesMoney(account: KeysOfAccount): boolean {
  const { contract } = account;
  // A key that is not the account's any more signs nothing.
  const isActive = (role: Role) => {
    const held = account.keys[role];
    return held && contract.keys.some(({ id, active }) => active && id === keyId(held.key));
  };
  const keys = Object.fromEntries(
    ROLES.flatMap((role) => (isActive(role) ? [[role, account.keys[role]]] : [])),
  ) as Profile["keys"];
  const records = Object.fromEntries(
    REPLACEABLE_ROLES.flatMap((role) => (keys[role]?.record ? [[role, keys[role].record]] : [])),
  );
  const { descriptions } = describeAccount({ keys, contract, records, oneMachine: false });
  return descriptions.some((description) =>
    reachesMoney(
      { ...description, ...networkRolesThatNeedOthers(account, keys) },
      (thing) => !thing.startsWith(UNKNOWN) && (keys.device !== undefined || !/^D\d*$/.test(thing)),
    ),
  );
}

/** A network's key beside which the role asks for others: the description would take the network's for enough. */
function networkRolesThatNeedOthers(
  account: KeysOfAccount,
  keys: Profile["keys"],
): Pick<AccountDescription, "mfa" | "recovery"> {
  return Object.fromEntries(
    REPLACEABLE_ROLES.filter((role) => keys[role]?.holder === "network" && !suffices(account, role)).map(
      (role) => {
        const threshold = account.contract.thresholds[role];
        const others = Array.from({ length: threshold - 1 }, (_, at) => `${UNKNOWN} ${role} key ${at + 1}`);
        return [
          role,
          { holder: "friends", names: [`${ROLE_TEXT[role]} in the network`, ...others], threshold },
        ];
      },
    ),
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
