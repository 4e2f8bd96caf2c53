/**
 * What somebody with certain things can bring about: the least fixpoint of everything that the authenticator, the gate
 * and the account's policy let them do. Thief and owner differ only in what they hold.
 */
import { REPLACEABLE_ROLES, type ReplaceableRole, type Role, ROLES } from "../../keys/role.ts";
import {
  type Circumstances,
  type Effect,
  effectOf,
  type Frozen,
  type PerRole,
  type PolicyKind,
} from "../../policy/policy.ts";
import type { SecurityAction } from "../rules/profile.ts";
import { choices, suffices, waysToSuffice } from "../rules/sufficiency.ts";
import { METHODS, type Proof, PROOFS, PROVEN_TO } from "../rules/things.ts";
import { certain } from "./certain.ts";
import type { Model } from "./model.ts";

/** A delay that the account asks for: whose it is decides who can veto meanwhile. */
export type Wait = "recovery" | "override" | `single:${Role}`;

/** The parties an account relies on beside its owner's things. */
export const SERVICES = ["authenticator", "key network"] as const;
export type Service = (typeof SERVICES)[number];

/** Something that became true. */
export type Fact = `has:${string}` | "loggedIn" | "device" | `own:${ReplaceableRole}` | "awake" | "money";

/** How the key or keys of a role came to sign. */
export interface Signing {
  readonly role: Role;
  readonly by: "device" | "network" | "things" | "own" | "hostile network";
  /** What was proven to the gate, or the things that signed. */
  readonly with: readonly string[];
}

/** What somebody does at authenticator and gate without signing an operation. */
export type GateStep = Extract<SecurityAction, "login" | "reset-password" | "change-email" | "change-factor">;

/** One thing somebody does. */
export type Step =
  | { readonly do: "hold"; readonly thing: string }
  | {
      readonly do: GateStep;
      readonly proofs: readonly Proof[];
      readonly device: boolean;
      /** A session with the authenticator, or what is theirs from then on. */
      readonly gives: Proof | "session";
    }
  | {
      readonly do: "operate";
      readonly kind: PolicyKind;
      readonly signings: readonly Signing[];
      readonly wait?: Wait;
      readonly replaces?: ReplaceableRole;
    }
  | { readonly do: "emergency"; readonly thing: string };

/** What made a fact true, and the facts it rests on. */
export interface Derivation {
  readonly fact: Fact;
  readonly step: Step;
  readonly because: readonly Fact[];
}

/** Everything that became true, in the order in which it did. */
export type Reached = ReadonlyMap<Fact, Derivation>;

export interface Situation {
  /** Things by name. */
  readonly holds: ReadonlySet<string>;
  /** Delays that pass without a veto. */
  readonly waits: ReadonlySet<Wait>;
  /** A service that does whatever somebody wants. */
  readonly hostile?: Service;
  /** A service that is there no more. */
  readonly gone?: Service;
}

/** Every delay of an account. */
export const waitsOf = ({ account }: Model): Wait[] => [
  "recovery",
  ...(account.settings.overrideDelayDays > 0 ? (["override"] as const) : []),
  ...ROLES.filter((role) => account.settings.singleKeyRoles.includes(role)).map(
    (role) => `single:${role}` as const,
  ),
];

/** How many days a delay takes. */
export function daysOf({ account: { settings } }: Model, wait: Wait): number {
  if (wait === "recovery") return settings.recoveryDelayDays;
  return wait === "override" ? settings.overrideDelayDays : settings.singleKeyDelayDays;
}

const SIGN_WITH: Readonly<Record<ReplaceableRole, SecurityAction>> = {
  mfa: "sign-with-mfa-key",
  recovery: "sign-with-recovery-key",
};

const proofsIn = (mask: number): Set<Proof> =>
  new Set(PROOFS.filter((_, index) => (mask & (1 << index)) !== 0));

function maskOf(proofs: readonly Proof[]): number {
  return proofs.reduce((mask, proof) => mask | (1 << PROOFS.indexOf(proof)), 0);
}

/** The subsets of roles that can sign together, fewest first; what nobody signs never takes effect. */
const ROLE_SETS = choices(ROLES);

/** What the operations are for that bring somebody further. */
const GOALS: readonly { gives: Fact; kind: PolicyKind; replaces?: ReplaceableRole }[] = [
  { gives: "awake", kind: "unfreeze" },
  { gives: "money", kind: "withdraw" },
  { gives: "device", kind: "addDeviceKey" },
  ...REPLACEABLE_ROLES.map((role) => ({ gives: `own:${role}`, kind: "replaceKey", replaces: role }) as const),
];

/** What the policy looks at besides who signed. */
export function circumstancesOf(
  { account, thresholds }: Model,
  signed: PerRole,
  frozen: Circumstances["frozen"],
): Circumstances {
  const { settings } = account;
  return {
    signed,
    thresholds,
    allowed: false,
    singleKeyRoles: new Set(settings.singleKeyRoles),
    overrideOn: settings.overrideDelayDays > 0,
    frozen,
    vetoByAny: false,
  };
}

function waitFor(effect: Effect, roles: readonly Role[]): Wait | undefined {
  switch (effect) {
    case "afterRecoveryDelay":
      return "recovery";
    case "afterOverrideDelay":
      return "override";
    case "afterSingleKeyDelay":
      return roles[0] && `single:${roles[0]}`;
    default:
      return undefined;
  }
}

/** Answers about an account's rules, remembered: the same few hundred questions come up again and again. */
interface Rules {
  /** Whether proofs suffice for an action. */
  readonly suffices: (action: SecurityAction, proofs: number, device: boolean) => boolean;
  /** The smallest sets of proofs that suffice for an action. */
  readonly ways: (action: SecurityAction, device: boolean) => readonly (readonly Proof[])[];
  /** The fewest roles of those whose keys sign that bring an operation about: at once, or after just this delay. */
  readonly rolesFor: (
    kind: PolicyKind,
    signers: PerRole,
    frozen: Frozen,
    wait: Wait | undefined,
  ) => readonly Role[] | undefined;
}

function remembered<T>(answers: Map<string, T>, question: string, answer: () => T): T {
  const known = answers.get(question);
  if (known !== undefined) return known;
  const found = answer();
  answers.set(question, found);
  return found;
}

function rulesOf(model: Model): Rules {
  const { profile, enabled } = model;
  const sufficient = new Map<string, boolean>();
  const ways = new Map<string, readonly (readonly Proof[])[]>();
  const effects = new Map<string, Effect>();
  return {
    suffices: (action, mask, device) =>
      remembered(sufficient, `${action} ${mask} ${Number(device)}`, () =>
        suffices(profile, action, enabled, { proofs: proofsIn(mask), device }),
      ),
    ways: (action, device) =>
      remembered(ways, `${action} ${Number(device)}`, () =>
        waysToSuffice(profile, action, enabled, { proofs: new Set(), device }),
      ),
    rolesFor: (kind, signers, frozen, wait) =>
      ROLE_SETS.find((roles) => {
        if (!roles.every((role) => signers[role] > 0)) return false;
        const signed = onlyOf(signers, roles);
        const { device, mfa, recovery } = signed;
        const effect = remembered(effects, `${kind} ${device} ${mfa} ${recovery} ${frozen}`, () =>
          effectOf(kind, circumstancesOf(model, signed, frozen)),
        );
        return effect !== "never" && waitFor(effect, roles) === wait;
      }),
  };
}

/** The signatures of these roles only. */
const onlyOf = (signers: PerRole, roles: readonly Role[]): PerRole => ({
  device: roles.includes("device") ? signers.device : 0,
  mfa: roles.includes("mfa") ? signers.mfa : 0,
  recovery: roles.includes("recovery") ? signers.recovery : 0,
});

/** What somebody in a situation can bring about. */
export interface Explorer {
  readonly model: Model;
  readonly reach: (situation: Situation) => Reached;
  /** The delays that somebody with these things can veto, while someone else waits for them to pass. */
  readonly vetoes: (holds: ReadonlySet<string>) => Set<Wait>;
}

/** Makes what explores an account; it remembers what it found out about the account's rules. */
export function explorerOf(model: Model): Explorer {
  const rules = rulesOf(model);
  const attempt = (situation: Situation) => new Attempt(model, rules, situation);
  return {
    model,
    reach: (situation) => attempt(situation).run(),
    vetoes: (holds) => {
      const owner = attempt({ holds, waits: new Set() });
      owner.run();
      return new Set(waitsOf(model).filter((wait) => canVeto(model, owner, wait)));
    },
  };
}

/** Whether somebody can stop what waits, as the policy has it. */
function canVeto(model: Model, somebody: Attempt, wait: Wait): boolean {
  const { frozen } = model.account;
  if (wait === "override") return false;
  if (wait === "recovery") {
    const kind = frozen === "no" ? "rejectKey" : "cancel";
    return effectOf(kind, circumstancesOf(model, somebody.signers(kind), frozen)) === "now";
  }
  // The key that proposed cannot be the one that cancels; the role's other keys are left out with it.
  const others = ROLES.filter((role) => wait !== `single:${role}`);
  const signed = onlyOf(somebody.signers("cancel"), others);
  return effectOf("cancel", { ...circumstancesOf(model, signed, frozen), vetoByAny: true }) === "now";
}

/** One run to the fixpoint. Ways without a delay are exhausted before a delay is waited for. */
class Attempt {
  readonly #model: Model;
  readonly #rules: Rules;
  readonly #situation: Situation;
  readonly #facts = new Map<Fact, Derivation>();
  #proofs = 0;

  constructor(model: Model, rules: Rules, situation: Situation) {
    this.#model = model;
    this.#rules = rules;
    this.#situation = situation;
  }

  run(): Reached {
    const { things, devices } = this.#model;
    for (const thing of things) {
      if (!this.#situation.holds.has(thing) || this.#isGone(thing)) continue;
      this.#learn(`has:${thing}`, { do: "hold", thing }, []);
      if (devices.has(thing)) this.#learn("device", { do: "hold", thing }, [`has:${thing}`]);
    }
    if (this.#situation.hostile === "authenticator") {
      for (const proof of PROOFS) {
        if (PROVEN_TO[proof] === "authenticator")
          this.#learn(`has:${proof}`, { do: "hold", thing: proof }, []);
      }
    }
    this.#everythingAtOnce();
    while (!this.#knows("money") && this.#afterADelay()) this.#everythingAtOnce();
    return this.#facts;
  }

  /**
   * Without the authenticator nothing is proven to it, and no device key is unlocked, half of whose secret is there;
   * but the one that a code on paper unlocks.
   */
  #isGone(thing: string): boolean {
    if (this.#situation.gone !== "authenticator") return false;
    const { account, devices } = this.#model;
    const [first] = devices;
    return (
      (devices.has(thing) && !(account.unlockCode && thing === first)) ||
      PROOFS.some((proof) => proof === thing && PROVEN_TO[proof] === "authenticator")
    );
  }

  #knows(fact: Fact): boolean {
    return this.#facts.has(fact);
  }

  /** Remembers a fact and how it came about; false when it was known before. */
  #learn(fact: Fact, step: Step, because: readonly Fact[]): boolean {
    if (this.#facts.has(fact)) return false;
    this.#facts.set(fact, { fact, step, because });
    const proof = PROOFS.find((one) => fact === `has:${one}`);
    if (proof) this.#proofs |= maskOf([proof]);
    return true;
  }

  /** Operations first: nobody replaces a factor who need not. */
  #everythingAtOnce(): void {
    let progress;
    do progress = this.#operate(undefined) || this.#useAuthenticatorAndGate();
    while (progress);
  }

  /** Takes one step that has to wait; false when there is none. */
  #afterADelay(): boolean {
    for (const wait of this.#situation.waits) if (this.#operate(wait)) return true;
    return false;
  }

  get #deviceCounts(): boolean {
    return this.#knows("device") && (!this.#model.profile.loginFirst || this.#knows("loggedIn"));
  }

  /** Tries an action of authenticator or gate; what it rests on is the first of the smallest ways. */
  #try(action: GateStep, gives: Proof | "session"): boolean {
    const fact: Fact = gives === "session" ? "loggedIn" : `has:${gives}`;
    if (this.#knows(fact) || !this.#rules.suffices(action, this.#proofs, this.#deviceCounts)) return false;
    const { proofs, device, because } = this.#grounds(action);
    return this.#learn(fact, { do: action, proofs, device, gives }, because);
  }

  /** What of all that is held an action needs. */
  #grounds(action: SecurityAction): { proofs: readonly Proof[]; device: boolean; because: Fact[] } {
    const { profile } = this.#model;
    const held = PROOFS.filter((proof) => this.#knows(`has:${proof}`));
    const needed = (device: boolean) =>
      this.#rules.ways(action, device).find((way) => way.every((proof) => held.includes(proof)));
    const without = needed(false);
    const device = without === undefined;
    const proofs = without ?? certain(needed(true), "way that suffices");
    const login: Fact[] = profile.loginFirst && this.#knows("loggedIn") ? ["loggedIn"] : [];
    const because: Fact[] = [...(device ? (["device"] as const) : []), ...login];
    return { proofs, device, because: [...because, ...proofs.map((proof): Fact => `has:${proof}`)] };
  }

  /** Takes one step at authenticator or gate; false when there is none. */
  #useAuthenticatorAndGate(): boolean {
    const { enabled, mailboxResets } = this.#model;
    return (
      this.#try("login", "session") ||
      (mailboxResets && this.#try("reset-password", "C")) ||
      this.#try("change-email", "E") ||
      // A wallet proves itself by its address: there is nothing to change it to.
      METHODS.some(
        (method) => method !== "W" && enabled.methods.has(method) && this.#try("change-factor", method),
      )
    );
  }

  /** How many keys of each role sign an operation of a kind, once everything that takes effect at once is done. */
  signers(kind: PolicyKind): PerRole {
    return {
      device: Number(this.#knows("device")),
      mfa: this.#count("mfa", kind),
      recovery: this.#count("recovery", kind),
    };
  }

  #count(role: ReplaceableRole, kind: PolicyKind): number {
    const { holders, thresholds } = this.#model;
    if (this.#knows(`own:${role}`)) return thresholds[role];
    const holder = holders[role];
    if (holder.by === "network") return Number(this.#networkSigns(role, kind));
    const held = holder.things.filter((thing) => this.#knows(`has:${thing}`)).length;
    return holder.eachIsAKey ? held : Number(held >= holder.threshold);
  }

  #networkSigns(role: ReplaceableRole, kind: PolicyKind): boolean {
    const { profile } = this.#model;
    if (this.#situation.hostile === "key network") return true;
    if (this.#situation.gone === "key network") return false;
    if (profile.loginFirst && !this.#knows("loggedIn")) return false;
    const device = this.#deviceCounts;
    if (!device && !profile.withoutDevice[role].includes(kind)) return false;
    return this.#rules.suffices(SIGN_WITH[role], this.#proofs, device);
  }

  /** How a role that can sign does it. */
  #signing(role: Role): { signing: Signing; because: Fact[] } {
    if (role === "device") return { signing: { role, by: "device", with: [] }, because: ["device"] };
    if (this.#knows(`own:${role}`))
      return { signing: { role, by: "own", with: [] }, because: [`own:${role}`] };
    const holder = this.#model.holders[role];
    if (holder.by === "things") {
      const signers = holder.things.filter((thing) => this.#knows(`has:${thing}`)).slice(0, holder.threshold);
      const because = signers.map((thing): Fact => `has:${thing}`);
      return { signing: { role, by: "things", with: signers }, because };
    }
    if (this.#situation.hostile === "key network") {
      return { signing: { role, by: "hostile network", with: [] }, because: [] };
    }
    const { proofs, because } = this.#grounds(SIGN_WITH[role]);
    return { signing: { role, by: "network", with: proofs }, because };
  }

  /** Does every operation that is worth something: without a wait all that take effect at once, else one that waits. */
  #operate(wait: Wait | undefined): boolean {
    const awake = this.#knows("awake");
    const frozen = awake ? "no" : this.#model.account.frozen;
    let learned = false;
    for (const { gives, kind, replaces } of GOALS) {
      if (this.#knows(gives) || (gives === "awake" && frozen === "no")) continue;
      const roles = this.#rules.rolesFor(kind, this.signers(kind), frozen, wait);
      if (!roles) continue;
      const signed = roles.map((role) => this.#signing(role));
      const signings = signed.map(({ signing }) => signing);
      const because = signed.flatMap((one) => one.because);
      const step: Step = {
        do: "operate",
        kind,
        signings,
        ...(wait && { wait }),
        ...(replaces && { replaces }),
      };
      this.#learn(gives, step, awake ? [...because, "awake"] : because);
      if (wait) return true;
      learned = true;
    }
    const { emergencyAddress } = this.#model.account;
    if (
      !wait &&
      emergencyAddress !== undefined &&
      frozen === "no" &&
      this.#knows(`has:${emergencyAddress}`)
    ) {
      const because: Fact[] = [`has:${emergencyAddress}`];
      learned = this.#learn("money", { do: "emergency", thing: emergencyAddress }, because) || learned;
    }
    return learned;
  }
}
