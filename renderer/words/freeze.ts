import { ROLE_TEXT } from "#core/keys/role.ts";
import { durationText } from "#core/primitives/duration-text.ts";
import { listWords } from "#core/security/rules/words.ts";
import type { ChangeWay } from "#core/wallet-api/changes.ts";
import type { FreezeView } from "#core/wallet-api/freeze.ts";
import type { Scheduled } from "#core/wallet-api/schedule.ts";
import { NO_NAMES, proposersText } from "#core/watch/words.ts";
import { formatMoment } from "../format/time.ts";
import { operationTitle, type Words } from "./operations.ts";

/** How the account stands, for a heading and for the banner. */
export const FROZEN_WORDS: Record<FreezeView["frozen"], Words> = {
  no: {
    title: "Your account is open",
    detail:
      "It does what its keys sign. Freeze it when something is wrong: a lost computer, a key in other hands, a change that was not yours.",
  },
  locked: {
    title: "Your account is locked",
    detail:
      "Nothing can leave it and nothing changes, not even by an emergency address. The lock lapses by itself.",
  },
  archived: {
    title: "Your account is archived",
    detail:
      "Nothing can leave it and nothing changes, not even by an emergency address, until it is unfrozen.",
  },
};

/** What the two kinds of freezing are good for. */
export const LOCK_WORDS: Words = {
  title: "Lock",
  detail:
    "One key is enough. Everything stands still for 7 days, then the account opens by itself. The key that locks it cannot lock it again for 30 days.",
};
export const ARCHIVE_WORDS: Words = {
  title: "Archive",
  detail:
    "Two keys sign: the device key and one more. Everything stands still until you unfreeze it. You can name a successor, who may then end the archive, too.",
};
export const UNFREEZE_WORDS: Words = {
  title: "Unfreeze",
  detail:
    "At once with the device key and one more key. With the recovery key alone after the recovery delay, while any device key can cancel it.",
};
export const SUCCESSOR_WORDS: Words = {
  title: "Successor",
  detail:
    "An address that may end an archive by itself, in case you cannot. It can withdraw nothing, and it cannot end a lock.",
};

/** Who signs in a way, as one line: "Device key and MFA key". */
export const wayTitle = ({ signers }: ChangeWay): string =>
  listWords(
    [...new Set(signers.map(({ role }) => role))].map((role) => ROLE_TEXT[role]),
    "and",
  );

/** When a way takes effect. */
export const wayWhen = ({ effect, seconds }: ChangeWay): string =>
  effect === "now" ? "At once" : `After ${durationText(seconds)}, unless it is cancelled`;

/** Why a key cannot lock the account now; undefined when it can. */
export const cannotLock = (from: number | undefined): string | undefined =>
  from === undefined ? undefined : `Locked lately: again from ${formatMoment(from)}`;

/** What is scheduled, as a heading. */
export const scheduledTitle = ({ summary }: Scheduled): string =>
  summary ? operationTitle(summary) : "An operation that Trivet cannot read";

/** What will become of what is scheduled, in one sentence. */
export function scheduledWhen({ stage, executableAt, executableUntil }: Scheduled): string {
  switch (stage) {
    case "waiting":
      return `Can run from ${formatMoment(executableAt)}.`;
    case "due":
      return `Can run now, by anybody, until ${formatMoment(executableUntil)}.`;
    case "lapsed":
      return "Nobody ran it in time. It never runs.";
    case "asleep":
      return "Sleeps since the account was frozen. It runs only if you arm it again, and then after its whole delay.";
  }
}

/** Whose keys asked for it, all of them. */
export function askedForBy({ proposers }: Scheduled): string {
  const known = (id: string) => proposers.find((proposer) => proposer.id === id);
  const names = {
    ...NO_NAMES,
    role: (id: string) => known(id)?.role,
    friend: (id: string) => known(id)?.friend,
  };
  return proposersText(
    proposers.map(({ id }) => id),
    names,
  );
}
