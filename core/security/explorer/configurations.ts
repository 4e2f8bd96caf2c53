/** Every configuration of an account whose mfa and recovery keys the network holds, and what adding one factor does. */
import { choices } from "../rules/sufficiency.ts";
import { type Method, METHODS } from "../rules/things.ts";
import type { ProfileName } from "../rules/profiles.ts";
import { type Account, parseAccount } from "./account.ts";
import { modelOf } from "./model.ts";
import { type Explorer, explorerOf } from "./reach.ts";
import { lossSets, type Mask, type SetTable, tableOf, theftSets } from "./sets.ts";

/** A configuration with everything that was found out about it. */
export interface Explored {
  readonly account: Account;
  readonly explorer: Explorer;
  readonly sets: SetTable;
  /** The smallest sets, as masks of the table's things. */
  readonly theft: readonly Mask[];
  readonly loss: readonly Mask[];
  readonly smallestTheft: number;
  readonly smallestLoss: number;
}

const sizeOf = (mask: Mask): number => mask.toString(2).replaceAll("0", "").length;

/** The size of the first set: sets come smallest first. */
const smallest = (sets: readonly Mask[]): number => sizeOf(sets[0] ?? 0);

/** Goes through everything that can happen to an account. */
export function explore(account: Account): Explored {
  const explorer = explorerOf(modelOf(account));
  const sets = tableOf(explorer);
  const theft = theftSets(sets);
  const loss = lossSets(sets);
  const sizes = { smallestTheft: smallest(theft), smallestLoss: smallest(loss) };
  return { account, explorer, sets, theft, loss, ...sizes };
}

/** The credentials for which a profile is explored where nothing is said. */
export const USUAL_CREDENTIALS = { published: "password", default: "social-login" } as const satisfies Record<
  ProfileName,
  Account["credentials"]
>;

/** The account of a configuration: both keys with the network, everything else as it comes. */
export const networkAccount = (
  profile: ProfileName,
  methods: readonly Method[],
  credentials: Account["credentials"] = USUAL_CREDENTIALS[profile],
): Account => parseAccount({ profile, methods, credentials });

/** All sixteen choices of methods, fewest first. */
export const EVERY_CHOICE_OF_METHODS: readonly (readonly Method[])[] = choices(METHODS);

/** What a configuration is called: its methods, and what is odd about its credentials. */
export function nameOf({ methods, credentials }: Pick<Account, "methods" | "credentials">): string {
  const letters = METHODS.filter((method) => methods.includes(method)).join("+") || "no method";
  return credentials === "none" ? `${letters}, no social login` : letters;
}

/** One configuration and one with a factor more. */
export interface Edge {
  readonly from: Explored;
  readonly to: Explored;
  readonly added: string;
}

/** What of the second the first does not have. */
const addedTo = (from: Explored, to: Explored): string[] =>
  to.sets.things.filter((thing) => !from.sets.things.includes(thing));

/** Every pair of which the second has exactly one thing more. */
export function edgesAmong(explored: readonly Explored[]): Edge[] {
  return explored.flatMap((from) =>
    explored.flatMap((to): Edge[] => {
      const [added, ...more] = addedTo(from, to);
      const grows = added !== undefined && more.length === 0 && addedTo(to, from).length === 0;
      return grows ? [{ from, to, added }] : [];
    }),
  );
}
