import type { Role } from "#core/keys/role.ts";
import type { OperationDraft } from "#core/operations/operation.ts";
import type { Address } from "#core/primitives/address.ts";
import type { AccountReader } from "../../chain/account-reader.ts";
import type { HeldKey, HeldKeys } from "../../profile.ts";
import type { ContractState } from "../../security/contract-state.ts";

/** The account as it stands when a person wants something of it. */
export interface Standing {
  readonly account: Address;
  /** The keys that this computer knows. */
  readonly keys: HeldKeys;
  readonly contract: ContractState;
  readonly reader: AccountReader;
}

/** What is to be signed, but for its account and its nonce. */
export interface Draft {
  readonly operation: OperationDraft;
  /** Whose signatures the person chose; otherwise the first authority of the policy that this computer's keys have. */
  readonly signedBy?: readonly Role[] | undefined;
  /** For a key replacement: who held the key, and who will. */
  readonly oldHolder?: HeldKey;
  readonly newHolder?: HeldKey;
}

/**
 * What a person wants of the account. It looks at how the account stands, refuses in words what cannot be or would
 * help nobody, and gives the operation; everything after that is the same for all operations.
 */
export type Intent = (standing: Standing) => Draft | Promise<Draft>;
