import type { GateCid } from "#core/key-network/gate-cid.ts";
import { hashOf, type UsageRights } from "../accounts.ts";
import type { LitService } from "../start.ts";

/** An account at the stub with one group, as whoever runs the wallet's account would set it up. */
export interface LitAccount {
  /** The account's own key, which administers everything. */
  readonly key: string;
  readonly group: number;
  /** A key that makes keys, puts them into the group, and runs the programs of that group. */
  readonly usageKey: string;
  /** Another usage key, with other rights. */
  readonly giveOut: (rights: Partial<UsageRights>) => string;
  /** Lets the group's keys be used by one more program. */
  readonly permit: (cid: GateCid) => void;
  readonly setBalance: (cents: number) => void;
}

/** @param programs the programs that the group permits */
export function openLitAccount({ accounts }: LitService, programs: readonly GateCid[]): LitAccount {
  const { key } = accounts.create(1_000);
  const owner = accounts.callerOf(key);
  const group = accounts.addGroup(owner, programs.map(hashOf), []);
  const rights: UsageRights = {
    name: "wallet",
    description: "",
    can_create_groups: false,
    can_delete_groups: false,
    can_create_pkps: true,
    manage_ipfs_ids_in_groups: [],
    add_pkp_to_groups: [group],
    remove_pkp_from_groups: [],
    execute_in_groups: [group],
  };
  const giveOut = (change: Partial<UsageRights>) => accounts.addUsageKey(owner, { ...rights, ...change });
  return {
    key,
    group,
    usageKey: giveOut({}),
    giveOut,
    permit: (cid) => accounts.addProgram(owner, group, cid),
    setBalance: (cents) => accounts.setBalance(key, cents),
  };
}
