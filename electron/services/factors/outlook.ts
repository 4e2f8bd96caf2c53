/** What a change of factors means for theft and loss, and when it is refused: what the explorer says of the account. */
import { WalletError } from "#core/errors/wallet-error.ts";
import { REPLACEABLE_ROLES } from "#core/keys/role.ts";
import { type AccountDescription, parseAccount } from "#core/security/explorer/account.ts";
import { explore } from "#core/security/explorer/configurations.ts";
import { reportOn } from "#core/security/explorer/report.ts";
import { isSameFactor, type OpenedRecord, type RecordFactor } from "#core/security/opened-record.ts";
import { DEFAULT_PROFILE } from "#core/security/rules/default.ts";
import { standingOf } from "#core/security/rules/standing.ts";
import { isMethod, PROOF_OF_FACTOR, type Thing } from "#core/security/rules/things.ts";
import { listWords, THING_WORDS } from "#core/security/rules/words.ts";
import type { FactorWish, Outlook, Shortfall } from "#core/wallet-api/factors.ts";
import { type HeldKey, networkKey, type Profile } from "../profile.ts";
import { levelOfRecords } from "../security/describe.ts";
import type { RecordsNow } from "./records-now.ts";

/** The longest name that the explorer takes. */
const MOST_NAME = 60;

const OWN_NAMES = { safe: "Safe", passkey: "passkey with a key" } as const;

/** Who holds a role's keys outside the network, as "your …" says it; friends of one role count as one here. */
function nameOf(held: readonly HeldKey[]): string {
  const friends = held.filter(({ holder }) => holder === "friend").map(({ detail }) => detail);
  if (friends.length === 0) {
    const named = (["safe", "passkey"] as const).find((one) => held.some(({ holder }) => holder === one));
    return named ? OWN_NAMES[named] : "Ledger";
  }
  return `${friends.length === 1 ? "friend" : "friends"} ${listWords(friends)}`.slice(0, MOST_NAME);
}

/** Who holds which key, as the explorer describes it. */
function describe({ keys }: Profile, factors: readonly RecordFactor[]): AccountDescription {
  const types = factors.map(({ type }) => type);
  const holders = Object.fromEntries(
    REPLACEABLE_ROLES.filter((role) => keys[role].length > 0 && !networkKey(keys, role)).map((role) => [
      role,
      { holder: "ledger" as const, name: nameOf(keys[role]) },
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

/** The records after a change. */
function recordsAfter(wish: FactorWish, opened: RecordsNow["opened"]): RecordsNow["opened"] {
  const after = (record: OpenedRecord): OpenedRecord => ({
    ...record,
    factors: factorsAfter(wish, record.factors),
  });
  return Object.fromEntries(Object.entries(opened).map(([role, record]) => [role, after(record)]));
}

/**
 * By how much a change leaves the account below the level that its value asks for (docs/decisions/0016). It is said, not
 * refused.
 * @param cents what the account is worth in US cents, where prices are known
 * @returns undefined where the level does not fall, or is still enough
 */
export function shortfallAfter(
  wish: FactorWish,
  opened: RecordsNow["opened"],
  cents: bigint | undefined,
): Shortfall | undefined {
  const before = levelOfRecords(opened);
  const level = levelOfRecords(recordsAfter(wish, opened));
  if (cents === undefined || before === undefined || level === undefined || level >= before) return undefined;
  const { nudge, enforced } = standingOf(level, Number(cents) / 100, DEFAULT_PROFILE.valueThresholds);
  if (nudge !== "enforced" || !enforced) return undefined;
  return { cents, level, dollars: enforced.dollars, enforced: enforced.level };
}

/** Why a change is refused, if it is. */
export function refusalOf({ type, kind }: FactorWish, after: Outlooks): WalletError | undefined {
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
  return undefined;
}
