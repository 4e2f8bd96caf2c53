import type { Role } from "../keys/role.ts";
import type { PolicyKind } from "../policy/policy.ts";
import type { Operation, OperationDraft } from "./operation.ts";

/** What the rules have to know of an account before they can tell what an operation is to them. */
export interface Before {
  /** removeKey: whose key it is. */
  readonly role?: Role | undefined;
  /** setLimit: the key's limit of that token. */
  readonly limit?: bigint | undefined;
  /** setHours: the key's closed hours. */
  readonly closedHours?: number | undefined;
}

const lowersIf = (lowers: boolean): PolicyKind => (lowers ? "lower" : "raise");

/**
 * What the rules take an operation for; the account's contract decides in the same way (AccountChanges.sol, _kindOf).
 * Settings that give somebody less and nobody more are `lower`, all others `raise`.
 */
export function policyKindOf(operation: Operation | OperationDraft, before: Before = {}): PolicyKind {
  switch (operation.kind) {
    case "addKey":
      return operation.role === "device" ? "addDeviceKey" : "addKey";
    case "removeKey":
      return before.role === "device" ? "removeDeviceKey" : "removeKey";
    case "setAllowlisted":
    case "setScope":
      return lowersIf(!operation.allowed);
    case "setLimit":
      return lowersIf(operation.limit < (before.limit ?? 0n));
    case "setHours":
      return lowersIf(((before.closedHours ?? 0) & ~operation.closedHours) === 0);
    case "setEmergencyAddress":
    case "setDelays":
    case "setRules":
    case "setSuccessor":
      return "raise";
    default:
      return operation.kind;
  }
}
