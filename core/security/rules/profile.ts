/** The shape of a set of off-chain rules. A profile is data: functions beside it read it, none knows its name. */
import type { ReplaceableRole } from "../../keys/role.ts";
import type { PolicyKind } from "../../policy/policy.ts";
import type { FactorKind, Proof } from "./things.ts";

/** What a person can want from authenticator and gate. */
export const SECURITY_ACTIONS = [
  "login",
  "reset-password",
  "add-factor",
  "change-factor",
  "remove-factor",
  "change-email",
  "move-gate",
  "sign-with-mfa-key",
  "sign-with-recovery-key",
] as const;
export type SecurityAction = (typeof SECURITY_ACTIONS)[number];

/** Who gives points. `mfa` is each of authenticator app, SMS code and passkey; `wallet` the wallet signature. */
export const POINT_GIVERS = ["device", "email", "credentials", "mfa", "wallet"] as const;
export type PointGiver = (typeof POINT_GIVERS)[number];

/** The rules for accounts with one number of security methods. */
export interface Bucket {
  readonly points: Readonly<Record<PointGiver, number>>;
  /** The points that suffice for each action; infinite where none do. */
  readonly needed: Readonly<Record<SecurityAction, number>>;
}

/** How many security methods there are at most, and with none: one bucket each. */
export type Buckets = readonly [Bucket, Bucket, Bucket, Bucket, Bucket];

/** What an action asks for besides points: email and these methods, or the wallet alone where it says so. */
export interface GeneralRule {
  /** Which of the enabled methods: authenticator app, SMS code and passkey; or the wallet, too. */
  readonly of: "mfa" | "security";
  /** How many of them may be left out. All of none is true. */
  readonly mayLack: number;
  /** Whether the wallet's signature replaces all of it. */
  readonly orWallet: boolean;
}

/** A general rule at each level; `undefined` where points alone decide. */
export type GeneralRules = readonly [
  GeneralRule | undefined,
  GeneralRule | undefined,
  GeneralRule | undefined,
  GeneralRule | undefined,
  GeneralRule | undefined,
];

/** Who makes sure of an action's rule. The app only advises. */
export type Enforcer = "authenticator" | "gate" | "contract";

/** How an action is ruled besides its points. */
export interface ActionRules {
  /** A proof counts for this many seconds after it was given. */
  readonly freshForSeconds: number;
  /** Whether an active device key has to sign along whatever the points are, or gives its points, or is not asked. */
  readonly device: "needed" | "counts" | "ignored";
  /** Proofs that no others replace. */
  readonly needs: readonly Proof[];
  /** At least one of these has to be there, whether it gives points or not; left out: none has to. */
  readonly oneOf?: readonly Proof[];
  readonly general?: GeneralRules;
  readonly enforcedBy: readonly Enforcer[];
}

/** From an account's value in US dollars on, a level is suggested or demanded by the app. */
export interface ValueThreshold {
  readonly dollars: number;
  /** Whether an account of exactly this value is meant, too. */
  readonly inclusive: boolean;
  readonly level: number;
  readonly strength: "encouraged" | "enforced";
}

/** One complete set of off-chain rules. */
export interface Profile {
  readonly name: string;
  /** The factors that count as credentials. */
  readonly credentials: readonly FactorKind[];
  readonly buckets: {
    /** For accounts with credentials that count. */
    readonly withCredentials: Buckets;
    readonly withoutCredentials: Buckets;
  };
  /** Whether the device's points count, and network-held keys sign, only after the action `login` succeeded. */
  readonly loginFirst: boolean;
  readonly actions: Readonly<Record<SecurityAction, ActionRules>>;
  /**
   * What the gate lets the network-held key of each role sign for somebody without an active device key: kinds of
   * operations of the account's policy.
   */
  readonly withoutDevice: Readonly<Record<ReplaceableRole, readonly PolicyKind[]>>;
  /** Factors without which no record may be written. */
  readonly recordHolds: readonly FactorKind[];
  readonly valueThresholds: readonly ValueThreshold[];
}
