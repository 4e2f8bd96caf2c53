import type { ActivityItem, ActivityKind, Coming, Outcome } from "#core/wallet-api/activity.ts";
import { formatMoment } from "../format/time.ts";

/** What each kind of activity is called. */
export const KIND_NAME: Readonly<Record<ActivityKind, string>> = {
  "money-in": "Money in",
  "money-out": "Money out",
  calls: "Calls",
  keys: "Keys",
  settings: "Settings",
  freeze: "Freeze",
  schedule: "Scheduled",
  emergency: "Emergency",
};

/** What became of something that was scheduled. */
export const OUTCOME_TEXT: Readonly<Record<Outcome, string>> = {
  waiting: "Waits",
  due: "Can run now",
  lapsed: "Nobody ran it in time: it never runs",
  asleep: "Sleeps since the account was frozen",
  ran: "It ran",
  cancelled: "Cancelled: it never runs",
};

/** What became of an item, where that is to be said. */
export function outcomeText({ outcome, executableAt }: ActivityItem): string | undefined {
  if (outcome === "waiting" && executableAt !== undefined)
    return `Can run from ${formatMoment(executableAt)}`;
  if (outcome) return OUTCOME_TEXT[outcome];
  return executableAt === undefined ? undefined : `Active from ${formatMoment(executableAt)}`;
}

/** What happens at the time of something to come. */
export function comingText({ what, stage, at }: Coming): string {
  if (what === "key-active") return `Becomes active ${formatMoment(at)}, unless it is rejected.`;
  if (what === "key-expires") return `Expires ${formatMoment(at)}. From then on it has no say.`;
  if (what === "lock-lapses") return `Open again ${formatMoment(at)}.`;
  switch (stage) {
    case "due":
      return "Its delay is over: anybody can have it run now, you too.";
    case "asleep":
      return "It sleeps since the account was frozen, and runs only if you arm it again.";
    default:
      return `Can run from ${formatMoment(at)}, unless it is cancelled.`;
  }
}
