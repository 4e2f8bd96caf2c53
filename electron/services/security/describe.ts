import { keyId } from "#core/keys/key.ts";
import { REPLACEABLE_ROLES, type ReplaceableRole } from "#core/keys/role.ts";
import type { AccountDescription } from "#core/security/explorer/account.ts";
import type { OpenedRecord } from "#core/security/opened-record.ts";
import { isMethod, type Method, METHODS, PROOF_OF_FACTOR } from "#core/security/rules/things.ts";
import type { Remark } from "#core/wallet-api/security.ts";
import type { HeldKey, Profile } from "../profile.ts";
import type { ContractState } from "./contract-state.ts";

/** What is known of an account. */
export interface KnownAccount {
  readonly keys: Profile["keys"];
  readonly contract: ContractState;
  /** What the record of each key holds that is in the network. */
  readonly records: Partial<Record<ReplaceableRole, OpenedRecord>>;
  /** Whether one machine is device, authenticator and key network. */
  readonly oneMachine: boolean;
}

/** An account for the explorer. */
export interface Described {
  /** One for each record that the network's keys have; the weakest counts. Never none. */
  readonly descriptions: readonly AccountDescription[];
  /** What the descriptions cannot say. */
  readonly remarks: readonly Remark[];
}

const DAY = 86_400;
/** As the explorer takes them at most. */
const MOST_DEVICES = 4;
const MOST_NAMES = 7;

/** The security methods of a record. Two of one kind count once, as they do at the gate. */
export function methodsOf({ factors }: OpenedRecord): Method[] {
  const proofs = new Set(factors.map(({ type }) => PROOF_OF_FACTOR[type]));
  return METHODS.filter((method) => isMethod(method) && proofs.has(method));
}

/** The account's level: that of its weakest record; undefined where the network holds no key. */
export function levelOfRecords(records: KnownAccount["records"]): number | undefined {
  const levels = REPLACEABLE_ROLES.flatMap((role) => {
    const record = records[role];
    return record ? [methodsOf(record).length] : [];
  });
  return levels.length === 0 ? undefined : Math.min(...levels);
}

function credentialsOf({ factors }: OpenedRecord): NonNullable<AccountDescription["credentials"]> {
  const types = new Set(factors.map(({ type }) => type));
  if (types.has("oauth")) return "social-login";
  return types.has("password") ? "password" : "none";
}

/** The part of a description that a record says. */
const proofsOf = (record: OpenedRecord): Pick<AccountDescription, "methods" | "credentials"> => ({
  methods: methodsOf(record),
  credentials: credentialsOf(record),
});

const isHeld = (held: HeldKey | undefined): held is HeldKey => held !== undefined;

/** Ledgers by their address: two roles may be held by the same one. */
function ledgerNames({ mfa, recovery }: Profile["keys"]): Record<ReplaceableRole, string> {
  const ledgers = [mfa, recovery].filter(isHeld).filter(({ holder }) => holder === "ledger");
  const addresses = new Set(ledgers.map(({ key }) => key.signer.toLowerCase()));
  return addresses.size < 2
    ? { mfa: "Ledger", recovery: "Ledger" }
    : { mfa: "Ledger with the MFA key", recovery: "Ledger with the recovery key" };
}

/** Puts together what contract, profile and records say. */
export function describeAccount({ keys, contract, records, oneMachine }: KnownAccount): Described {
  const remarks = new Set<Remark>();
  if (oneMachine) remarks.add("one-machine");
  if (contract.frozen !== "no") remarks.add("frozen");
  if (contract.keys.some(({ role, pending }) => role === "device" && pending)) {
    remarks.add("pending-device-key");
  }

  const active = (role: "device" | ReplaceableRole) =>
    contract.keys.filter((key) => key.role === role && key.active);
  const own = (role: "device" | ReplaceableRole) => {
    const id = keys[role] && keyId(keys[role].key);
    return active(role).find((key) => key.id === id);
  };
  for (const role of ["device", ...REPLACEABLE_ROLES] as const)
    if (!own(role)) remarks.add("key-not-on-chain");

  const names = ledgerNames(keys);
  const holderOf = (role: ReplaceableRole): NonNullable<AccountDescription[ReplaceableRole]> => {
    const others = active(role).length - (own(role) ? 1 : 0);
    if (others > 0) remarks.add("unknown-keys");
    // Beside a key in the network, the others' part cannot be said: the network counts as if it sufficed.
    if (keys[role]?.holder === "network") return { holder: "network" };
    if (others === 0) return { holder: "ledger", name: names[role] };
    const unknown = Array.from({ length: others }, (_, index) => `Unknown ${role} key ${index + 1}`);
    const all = [...(own(role) ? [names[role]] : []), ...unknown].slice(0, MOST_NAMES);
    return { holder: "friends", names: all, threshold: Math.min(contract.thresholds[role], all.length) };
  };

  const [emergencyAddress] = contract.emergencyAddresses;
  const base: AccountDescription = {
    credentials: "none",
    devices: Math.min(Math.max(1, active("device").length), MOST_DEVICES),
    mfa: holderOf("mfa"),
    recovery: holderOf("recovery"),
    ...(emergencyAddress && { emergencyAddress: `Emergency address ${emergencyAddress.slice(0, 6)}` }),
    settings: {
      recoveryDelayDays: Math.floor(contract.recoveryDelay / DAY),
      singleKeyDelayDays: Math.floor(contract.singleKeyDelay / DAY),
      overrideDelayDays: Math.floor(contract.overrideDelay / DAY),
      singleKeyRoles: [...contract.singleKeyRoles],
    },
    frozen: contract.frozen,
  };
  const proofs = REPLACEABLE_ROLES.flatMap((role) => {
    const record = records[role];
    return record ? [proofsOf(record)] : [];
  });
  const different = proofs.filter(
    (one, index) => proofs.findIndex((other) => JSON.stringify(other) === JSON.stringify(one)) === index,
  );
  if (different.length > 1) remarks.add("records-differ");
  return {
    descriptions: different.length === 0 ? [base] : different.map((each) => ({ ...base, ...each })),
    remarks: [...remarks],
  };
}
