/** Whether proofs suffice for an action, and which would: pure functions over the data of a profile. */
import type { Bucket, GeneralRule, PointGiver, Profile, SecurityAction } from "./profile.ts";
import { isMethod, type Method, type Proof, PROOFS, type Thing } from "./things.ts";

/** What is set up for an account, as far as the rules look at it. Email always is. */
export interface Enabled {
  readonly methods: ReadonlySet<Method>;
  /** Whether credentials are set up that the profile counts. */
  readonly credentials: boolean;
}

/** What somebody comes with. */
export interface Evidence {
  readonly proofs: ReadonlySet<Proof>;
  /** Whether an active device key signs along. */
  readonly device: boolean;
}

/** The level of an account: how many security methods are enabled. */
export const levelOf = ({ methods }: Enabled): number => methods.size;

/** The bucket of an account. */
export function bucketOf(profile: Profile, enabled: Enabled): Bucket {
  const { withCredentials, withoutCredentials } = profile.buckets;
  const buckets = enabled.credentials ? withCredentials : withoutCredentials;
  const [none, ...others] = buckets;
  return others[levelOf(enabled) - 1] ?? none;
}

const POINT_GIVER: Readonly<Record<Thing, PointGiver>> = {
  D: "device",
  C: "credentials",
  E: "email",
  A: "mfa",
  S: "mfa",
  P: "mfa",
  W: "wallet",
};

/** Whether a proof counts for this account: email always, others where they are set up. */
export function isEnabled({ methods, credentials }: Enabled, proof: Proof): boolean {
  if (proof === "E") return true;
  return proof === "C" ? credentials : methods.has(proof);
}

/** The proofs that count for this account. */
export const enabledProofs = (enabled: Enabled): Proof[] =>
  PROOFS.filter((proof) => isEnabled(enabled, proof));

/** The points of what somebody comes with. What is not set up gives none. */
export function pointsOf(profile: Profile, enabled: Enabled, { proofs, device }: Evidence): number {
  const { points } = bucketOf(profile, enabled);
  const counted = enabledProofs(enabled).filter((proof) => proofs.has(proof));
  const given = counted.reduce((sum, proof) => sum + points[POINT_GIVER[proof]], 0);
  return given + (device ? points.device : 0);
}

/** Whether a general rule is met. */
export function meetsGeneralRule(
  { of, mayLack, orWallet }: GeneralRule,
  enabled: Enabled,
  { proofs }: Evidence,
): boolean {
  const asked = [...enabled.methods].filter((method) => of === "security" || method !== "W");
  if (orWallet && enabled.methods.has("W") && proofs.has("W")) return true;
  return proofs.has("E") && asked.filter((method) => !proofs.has(method)).length <= mayLack;
}

/** Whether what somebody comes with suffices for an action. */
export function suffices(
  profile: Profile,
  action: SecurityAction,
  enabled: Enabled,
  evidence: Evidence,
): boolean {
  const { device, needs, oneOf, general } = profile.actions[action];
  if (device === "needed" && !evidence.device) return false;
  if (!needs.every((proof) => evidence.proofs.has(proof))) return false;
  if (oneOf && !oneOf.some((proof) => evidence.proofs.has(proof))) return false;
  const rule = general?.[levelOf(enabled)];
  if (rule && !meetsGeneralRule(rule, enabled, evidence)) return false;
  const counted = { ...evidence, device: evidence.device && device !== "ignored" };
  return pointsOf(profile, enabled, counted) >= bucketOf(profile, enabled).needed[action];
}

/** Every way to choose from a list, fewest first; among as many, in the order of the list. */
export function choices<T>(from: readonly T[]): T[][] {
  const all = from.reduce<T[][]>((chosen, one) => [...chosen, ...chosen.map((some) => [...some, one])], [[]]);
  const rank = (some: readonly T[]) => some.map((one) => String.fromCharCode(from.indexOf(one))).join("");
  return all.sort((a, b) => a.length - b.length || (rank(a) < rank(b) ? -1 : 1));
}

/**
 * The smallest sets of further proofs that make an action possible, fewest first: none of them holds another. An
 * empty list: no proof helps. A list of the empty set: nothing is missing.
 */
export function waysToSuffice(
  profile: Profile,
  action: SecurityAction,
  enabled: Enabled,
  evidence: Evidence,
): Proof[][] {
  const { needs, oneOf = [] } = profile.actions[action];
  const asked = PROOFS.filter(
    (proof) => isEnabled(enabled, proof) || needs.includes(proof) || oneOf.includes(proof),
  );
  const missing = asked.filter((proof) => !evidence.proofs.has(proof));
  const ways: Proof[][] = [];
  for (const further of choices(missing)) {
    if (ways.some((way) => way.every((proof) => further.includes(proof)))) continue;
    const proofs = new Set([...evidence.proofs, ...further]);
    if (suffices(profile, action, enabled, { ...evidence, proofs })) ways.push(further);
  }
  return ways;
}

/** What is set up, from kinds of factors. */
export function enabledBy(proofs: Iterable<Proof>): Enabled {
  const all = [...proofs];
  return { methods: new Set(all.filter(isMethod)), credentials: all.includes("C") };
}
