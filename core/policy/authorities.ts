import { type Role, ROLES } from "../keys/role.ts";
import { type Circumstances, type Effect, effectOf, type PolicyKind } from "./policy.ts";

/** Roles whose keys together bring something about, one key of each. */
export interface PossibleAuthority {
  /** In the order in which they sign: the device key first. */
  readonly roles: readonly Role[];
  readonly effect: Exclude<Effect, "never">;
}

/** Every choice of some of the roles, in their order. */
const choices = (roles: readonly Role[]): Role[][] =>
  roles.reduce<Role[][]>((sets, role) => [...sets, ...sets.map((set) => [...set, role])], [[]]);

const isPartOf = (one: readonly Role[], other: readonly Role[]) => one.every((role) => other.includes(role));

const isNow = ({ effect }: PossibleAuthority) => effect === "now";

/**
 * Who can bring something about with one key of each role they have, by the policy: what takes effect at once first,
 * then the fewest signatures. Nobody is in a list who is not needed for its effect.
 * @param available the roles of which a key is at hand
 * @returns none when these keys never suffice
 */
export function authoritiesOf(
  kind: PolicyKind,
  circumstances: Omit<Circumstances, "signed">,
  available: ReadonlySet<Role>,
): PossibleAuthority[] {
  const possible = choices(ROLES.filter((role) => available.has(role))).flatMap(
    (roles): PossibleAuthority[] => {
      const count = (role: Role) => (roles.includes(role) ? 1 : 0);
      const signed = { device: count("device"), mfa: count("mfa"), recovery: count("recovery") };
      const effect = effectOf(kind, { ...circumstances, signed });
      return effect === "never" || roles.length === 0 ? [] : [{ roles, effect }];
    },
  );
  const isNeedless = (one: PossibleAuthority) =>
    possible.some(
      (other) => other !== one && isPartOf(other.roles, one.roles) && (isNow(other) || !isNow(one)),
    );
  const rank = (one: PossibleAuthority) => (isNow(one) ? 0 : ROLES.length) + one.roles.length;
  return possible.filter((one) => !isNeedless(one)).sort((a, b) => rank(a) - rank(b));
}
