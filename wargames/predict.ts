/** What the explorer says of a situation, in the words in which a wargame is reported. */
import { type Account } from "#core/security/explorer/account.ts";
import { modelOf } from "#core/security/explorer/model.ts";
import {
  daysOf,
  explorerOf,
  type Service,
  type Situation,
  type Wait,
  waitsOf,
} from "#core/security/explorer/reach.ts";
import { choices } from "#core/security/rules/sufficiency.ts";
import type { Course } from "./course.ts";

const DAY = 86_400;

/** Who has what, and what can be relied on. */
export interface Sides {
  /** What the thief holds. */
  readonly thief: readonly string[];
  /** What the owner still holds. */
  readonly owner: readonly string[];
  readonly hostile?: Service | undefined;
  readonly gone?: Service | undefined;
}

/** How a game goes, as the explorer has it. */
export function predict(account: Account, { thief, owner, hostile, gone }: Sides): Course {
  const model = modelOf(account);
  const { reach, vetoes } = explorerOf(model);
  const all = waitsOf(model);
  const anyOf = (situation: Omit<Situation, "waits">, waits: readonly Wait[]) =>
    reach({ ...situation, waits: new Set(waits) }).has("money");
  const without = (vetoed: ReadonlySet<Wait>) => all.filter((wait) => !vetoed.has(wait));

  const stealing = { holds: new Set(thief), ...(hostile && { hostile }) };
  // A network that steals does not sign for its victim either.
  const missing = gone ?? (hostile === "key network" ? hostile : undefined);
  const exiting = { holds: new Set(owner), ...(missing && { gone: missing }) };
  const days = choices(all)
    .filter((waits) => anyOf(stealing, waits))
    .map((waits) => waits.reduce((sum, wait) => sum + daysOf(model, wait), 0))
    .sort((a, b) => a - b)[0];
  const ownersVetoes = gone === undefined ? vetoes(exiting.holds) : new Set<Wait>();
  const stops =
    days === undefined || (days > 0 && (!anyOf(stealing, without(ownersVetoes)) || anyOf(exiting, [])));
  return {
    attackerGotFunds: days !== undefined,
    afterSeconds: days === undefined ? null : days * DAY,
    ownerCouldStop: stops,
    ownerCanExit: stops && anyOf(exiting, all),
    blocked: stops && anyOf(exiting, all) && !anyOf(exiting, without(vetoes(stealing.holds))),
  };
}
