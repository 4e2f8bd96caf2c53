import { keyId } from "#core/keys/key.ts";
import { REPLACEABLE_ROLES, type ReplaceableRole, type Role, ROLES } from "#core/keys/role.ts";
import type { SafeOwnership } from "#core/friends/contract-wallet.ts";
import { type AccountDescription, zAccount } from "#core/security/explorer/account.ts";
import type { OpenedRecord } from "#core/security/opened-record.ts";
import { isMethod, type Method, METHODS, PROOF_OF_FACTOR } from "#core/security/rules/things.ts";
import type { KeyId } from "#core/primitives/hex.ts";
import type { ApiKey } from "#core/wallet-api/api-keys.ts";
import type { Remark } from "#core/wallet-api/security.ts";
import { type HeldKey, type HeldKeys, networkKey, signsByLetter } from "../profile.ts";
import type { ContractState } from "./contract-state.ts";

/** What is known of an account. */
export interface KnownAccount {
  readonly keys: HeldKeys;
  readonly contract: ContractState;
  /** What the record of each key holds that is in the network. */
  readonly records: Partial<Record<ReplaceableRole, OpenedRecord>>;
  /** Whether a code on paper unlocks this computer's device key. */
  readonly unlockCode?: boolean;
  /** Keys of scripts that were made on this computer. */
  readonly scripts?: ReadonlyMap<KeyId, Pick<ApiKey, "verifier">>;
  /** Signers that answer as a Safe does, in lower case, and what they say of their owners. */
  readonly safes?: ReadonlyMap<string, SafeOwnership>;
  /** Whether one machine is device, authenticator and key network. */
  readonly oneMachine: boolean;
}

/** An account for the explorer. */
export interface Described {
  /** One for each record that the network's keys have, and what else is open; the weakest counts. Never none. */
  readonly descriptions: readonly AccountDescription[];
  /** What the descriptions cannot say. */
  readonly remarks: readonly Remark[];
}

const DAY = 86_400;
/** As the explorer takes them at most. */
const MOST_DEVICES = 4;
const MOST_NAMES = 7;
/** Of a friend; what is added to tell several apart has its place besides. */
const LONGEST_NAME = 40;
/** Of a friend, beside an owner's address. */
const LONGEST_OF_OWNER = 30;

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

const signerOf = ({ key }: HeldKey) => key.signer.toLowerCase();

/** Not to be taken for the passkey that is a factor. */
const PASSKEY_WITH = { mfa: "Passkey with the MFA key", recovery: "Passkey with the recovery key" } as const;
const LEDGER_WITH = { mfa: "Ledger with the MFA key", recovery: "Ledger with the recovery key" } as const;

/** What every key outside the network is called, by its signer: two roles may be held by the same Ledger. */
function namesOf(keys: HeldKeys): ReadonlyMap<string, string> {
  const held = REPLACEABLE_ROLES.flatMap((role) =>
    keys[role].filter(({ holder }) => holder !== "network").map((one) => ({ role, one })),
  );
  const ledgers = new Set(held.filter(({ one }) => one.holder === "ledger").map(({ one }) => signerOf(one)));
  const names = new Map<string, string>();
  for (const { role, one } of held) {
    if (names.has(signerOf(one))) continue;
    const name =
      one.holder === "friend"
        ? `${one.detail.slice(0, LONGEST_NAME)} (friend)`
        : one.holder === "safe"
          ? "Safe"
          : one.holder === "passkey"
            ? PASSKEY_WITH[role]
            : ledgers.size < 2
              ? "Ledger"
              : LEDGER_WITH[role];
    const sameName = [...names.values()].filter((other) => other === name || other.startsWith(`${name} `));
    names.set(signerOf(one), sameName.length === 0 ? name : `${name} ${sameName.length + 1}`);
  }
  return names;
}

/**
 * Puts together what contract, profile and records say. A friend's Safe that is alone in its role counts by its owners,
 * as far as the explorer can go through them; otherwise a contract is one thing, as its friend is.
 */
export function describeAccount(known: KnownAccount): Described {
  const described = describe(known);
  const isWithin = described.descriptions.every((one) => zAccount.safeParse(one).success);
  return isWithin || !known.safes?.size ? described : describe({ ...known, safes: new Map() });
}

function describe({
  keys,
  contract,
  records,
  unlockCode = false,
  scripts = new Map(),
  safes = new Map(),
  oneMachine,
}: KnownAccount): Described {
  const remarks = new Set<Remark>();
  if (oneMachine) remarks.add("one-machine");
  if (contract.frozen !== "no") remarks.add("frozen");
  if (contract.keys.some(({ role, pending }) => role === "device" && pending)) {
    remarks.add("pending-device-key");
  }

  const active = (role: Role) => contract.keys.filter((key) => key.role === role && key.active);
  /** The keys that this computer knows and the account counts. */
  const own = (role: Role) =>
    keys[role].filter(({ key }) => active(role).some(({ id }) => id === keyId(key)));
  if (ROLES.some((role) => keys[role].length === 0 || own(role).length < keys[role].length)) {
    remarks.add("key-not-on-chain");
  }

  const scripted = active("device").flatMap(({ id }) => scripts.get(id) ?? []);
  const plain = scripted.filter(({ verifier }) => !verifier).length;
  if (scripted.length > plain) remarks.add("script-keys");
  if (plain > 0) remarks.add("plain-script-keys");
  // A script's key signs nothing that leads to the money, but for a plain one, with which a thief can what they can
  // with a computer's, and the owner signs nothing by hand: the worse of both counts.
  const computers = active("device").length - scripted.length;
  const deviceCounts = plain > 0 ? [computers, computers + plain] : [computers];

  const names = namesOf(keys);
  /** Who own a friend's Safe: whoever holds another key, too, is one thing. */
  const ownersOf = ({ holder, detail }: HeldKey, { owners }: SafeOwnership): string[] => {
    const whose = holder === "safe" ? "your" : `${detail.slice(0, LONGEST_OF_OWNER)}'s`;
    return owners.map(
      (owner) =>
        names.get(owner.toLowerCase()) ?? `${owner.slice(0, 6)}…${owner.slice(-4)} (owner of ${whose} Safe)`,
    );
  };
  const holderOf = (role: ReplaceableRole): NonNullable<AccountDescription[ReplaceableRole]> => {
    const known = own(role);
    const others = active(role).length - known.length;
    if (others > 0) remarks.add("unknown-keys");
    // Beside a key in the network, the others' part cannot be said: the network counts as if it sufficed.
    if (networkKey(keys, role)) return { holder: "network" };
    const [only = keys[role][0], ...more] = known;
    if (others === 0 && more.length === 0 && !(only && signsByLetter(only))) {
      return {
        holder: only?.holder === "passkey" ? "passkey" : "ledger",
        name: (only && names.get(signerOf(only))) ?? "Ledger",
      };
    }
    const safe = only && safes.get(signerOf(only));
    if (others === 0 && more.length === 0 && safe) {
      remarks.add("safe-owners");
      return { holder: "safe", owners: ownersOf(only, safe), threshold: safe.threshold };
    }
    const unknown = Array.from({ length: others }, (_, index) => `Unknown ${role} key ${index + 1}`);
    const ours = new Set((known.length > 0 || others > 0 ? known : keys[role]).map(signerOf));
    const all = [...[...ours].flatMap((signer) => names.get(signer) ?? []), ...unknown].slice(0, MOST_NAMES);
    return { holder: "friends", names: all, threshold: Math.min(contract.thresholds[role], all.length) };
  };

  const [emergencyAddress] = contract.emergencyAddresses;
  const base: AccountDescription = {
    credentials: "none",
    unlockCode,
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
  const bases = deviceCounts.map((count): AccountDescription => ({
    ...base,
    devices: Math.min(Math.max(1, count), MOST_DEVICES),
  }));
  return {
    descriptions:
      different.length === 0 ? bases : bases.flatMap((one) => different.map((each) => ({ ...one, ...each }))),
    remarks: [...remarks],
  };
}
