import type { AccountDescription } from "#core/security/explorer/account.ts";
import type { Service } from "#core/security/explorer/reach.ts";
import type { Address } from "#core/primitives/address.ts";
import type { Outcome } from "./people/actor.ts";
import type { Belongings } from "./people/belongings.ts";
import type { Household } from "./people/household.ts";
import type { WargameWorld } from "./world/world.ts";

/** Where scenarios are named. */
export const SOURCE = {
  threats: "published threat list",
  twoKeys: "published list of two-key failures",
  leaks: "published list of key leaks",
} as const;

/** What the design says of a situation; a run fails when the system does not keep to it. */
export type Promised =
  /** Nobody gets the money. */
  | "safe"
  /** Nobody gets it while the owner watches: what an attacker begins takes days and can be stopped. */
  | "stoppable"
  /** Whoever has all this is the owner, as far as anybody can tell; or the owner lost too much. Nothing is promised. */
  | "none";

/** What an attack is given besides the attacker's belongings: nothing but public addresses. */
export interface Attack {
  readonly world: WargameWorld;
  readonly target: Household["target"];
  readonly holds: Belongings;
  /** Where stolen money goes. */
  readonly to: Address;
}

/** A story that is played against the complete system. */
export interface Scenario {
  readonly name: string;
  readonly source: string;
  /** The account, in the explorer's words. */
  readonly account: AccountDescription;
  /** What the attacker has; none by default. */
  readonly thief?: readonly string[];
  /** What the owner has no more. What the attacker has and the owner did not lose, both have. */
  readonly lost?: readonly string[];
  /** What the owner has, and what is worth nothing any more by what the attacker did: lost, as far as the explorer goes. */
  readonly voids?: readonly string[];
  readonly hostile?: Service;
  readonly gone?: Service;
  /** How many of the four nodes do what the attacker says. */
  readonly nodes?: number;
  readonly promises: Promised;
  /** Whether the owner gets out again, by the design. True unless said otherwise. */
  readonly ownerExits?: boolean;
  /** How the attacker goes about it; by default with everything they hold, every way there is. */
  readonly attack?: (attack: Attack, home: Household) => Promise<Outcome>;
  /**
   * What changes in the world before anybody acts.
   * @param thief what the attacker has, who may be who changes it
   * @returns what undoes it; chain and authenticator are taken back in any case
   */
  readonly disturb?: (
    world: WargameWorld,
    home: Household,
    thief: Belongings,
  ) => Promise<() => Promise<void>>;
  /** What the table says about it besides. */
  readonly note?: string;
}
