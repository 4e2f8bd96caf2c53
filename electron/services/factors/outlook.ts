/** What a change of factors means for theft and loss, and when it is refused: what the explorer says of the account. */
import { WalletError } from "#core/errors/wallet-error.ts";
import { REPLACEABLE_ROLES } from "#core/keys/role.ts";
import { type AccountDescription, parseAccount } from "#core/security/explorer/account.ts";
import { explore } from "#core/security/explorer/configurations.ts";
import { reportOn } from "#core/security/explorer/report.ts";
import { isSameFactor, type RecordFactor } from "#core/security/opened-record.ts";
import { DEFAULT_PROFILE } from "#core/security/rules/default.ts";
import { isMethod, PROOF_OF_FACTOR, type Thing } from "#core/security/rules/things.ts";
import { listWords, THING_WORDS } from "#core/security/rules/words.ts";
import { levelsForValue } from "#core/security/rules/value-thresholds.ts";
import type { FactorWish, Outlook } from "#core/wallet-api/factors.ts";
import type { Profile } from "../profile.ts";

/** Who holds which key, as the explorer describes it. */
function describe({ keys }: Profile, factors: readonly RecordFactor[]): AccountDescription {
  const types = factors.map(({ type }) => type);
  const holders = Object.fromEntries(
    REPLACEABLE_ROLES.filter((role) => keys[role]?.holder === "ledger").map((role) => [
      role,
      { holder: "ledger" as const, name: "Ledger" },
    ]),
  );
  return {
    methods: [...new Set(types.map((type) => PROOF_OF_FACTOR[type]).filter(isMethod))],
    credentials: types.includes("oauth") ? "social-login" : "none",
    ...holders,
  };
}

const isThing = (name: string): name is Thing => Object.hasOwn(THING_WORDS, name);
const inWords = (things: readonly string[]): string =>
  listWords(things.map((thing) => (isThing(thing) ? THING_WORDS[thing] : `your ${thing}`)));

export interface Outlooks {
  readonly outlook: Outlook;
  readonly smallestTheft: number;
  readonly smallestLoss: number;
}

/** What an account with these factors is worth to a thief, and what would lock its owner out. */
export function outlookOn(profile: Profile, factors: readonly RecordFactor[]): Outlooks {
  const explored = explore(parseAccount(describe(profile, factors)));
  const { level, theft, loss, failure, smallestTheft, smallestLoss } = reportOn(explored);
  return {
    outlook: { level, theft: theft.map(inWords), loss: loss.map(inWords), failure },
    smallestTheft,
    smallestLoss,
  };
}

/** The factors after a change; a new one has no id yet. */
export function factorsAfter({ type, kind, old, existing }: FactorWish, now: readonly RecordFactor[]) {
  const kept = now.filter((factor) => !old || !isSameFactor(factor, old));
  return kind === "remove" ? kept : [...kept, existing ?? { type, id: "new" }];
}

/**
 * Why a change is refused, if it is.
 * @param cents what the account is worth, where prices are known
 */
export function refusalOf(
  { type, kind }: FactorWish,
  before: Outlooks,
  after: Outlooks,
  cents: bigint | undefined,
): WalletError | undefined {
  if (kind !== "remove") return undefined;
  if (type === "email") {
    return new WalletError(
      "email-stays",
      "The email address cannot be removed: it is what you can always go back to.",
      "Change it to another address instead.",
    );
  }
  if (type === "password") {
    return new WalletError(
      "password-stays",
      "The authenticator lets nobody remove a password.",
      "Leave it: no key asks for it, and it opens nothing by itself.",
    );
  }
  if (after.outlook.loss.includes("") || after.smallestLoss === 0) {
    return new WalletError(
      "would-lock-out",
      "Without it nobody could use this account any more, you included.",
      "Add another factor first.",
    );
  }
  const enforced = levelsForValue(Number((cents ?? 0n) / 100n), DEFAULT_PROFILE.valueThresholds).enforced;
  if (after.outlook.level < enforced && after.outlook.level < before.outlook.level) {
    return new WalletError(
      "value-demands-more",
      `An account of this value needs ${enforced === 1 ? "a factor" : `${enforced} factors`} besides the email address, and this would leave ${after.outlook.level}.`,
      "Add another factor first, then remove this one. Or replace it: that keeps the level.",
    );
  }
  return undefined;
}
