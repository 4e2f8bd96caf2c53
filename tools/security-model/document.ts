/** docs/security-model.md, from the data of core/security. */
import {
  CHANCE_BOX,
  COMPARISON_CHANCES,
  type Interval,
  REFERENCE_CHANCES,
} from "#core/security/explorer/chances.ts";
import {
  edgesAmong,
  EVERY_CHOICE_OF_METHODS,
  explore,
  type Explored,
  networkAccount,
} from "#core/security/explorer/configurations.ts";
import { risesFor } from "#core/security/explorer/edges.ts";
import { describePath } from "#core/security/explorer/paths.ts";
import { type AccountReport, reportOn } from "#core/security/explorer/report.ts";
import { servicesOf } from "#core/security/explorer/services.ts";
import { type Bucket, POINT_GIVERS, type Profile, SECURITY_ACTIONS } from "#core/security/rules/profile.ts";
import { PROFILES } from "#core/security/rules/profiles.ts";
import { PROVEN_TO, THINGS } from "#core/security/rules/things.ts";
import { THING_WORDS } from "#core/security/rules/words.ts";
import { CONTRADICTIONS, type Contradiction } from "./contradictions.ts";

const set = (things: readonly string[]): string => `{${things.join(",")}}`;
const sets = (all: readonly (readonly string[])[]): string => all.map(set).join(" ");
const percent = (chance: number): string => `${(100 * chance).toPrecision(2)} %`;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

const explored = (profile: "published" | "default", credentials?: "none"): Explored[] =>
  EVERY_CHOICE_OF_METHODS.map((methods) => explore(networkAccount(profile, methods, credentials)));

const methodsOf = ({ methods }: Pick<AccountReport, "methods">): string => methods.join("+") || "none";

const number = (value: number): string => (value === Infinity ? "never" : String(value));

function bucketRows(buckets: readonly Bucket[]): string[][] {
  return buckets.map(({ points, needed }, level) => [
    String(level),
    ...POINT_GIVERS.map((giver) => number(points[giver])),
    ...SECURITY_ACTIONS.map((action) => number(needed[action])),
  ]);
}

const bucketHead = ["level", ...POINT_GIVERS, ...SECURITY_ACTIONS];

function enforcement(profile: Profile): string[][] {
  const device = {
    needed: "an active device key has to sign along",
    counts: "counts",
    ignored: "is not asked",
  };
  return SECURITY_ACTIONS.map((action) => {
    const rules = profile.actions[action];
    return [
      action,
      rules.enforcedBy.join(" and "),
      device[rules.device],
      `${rules.freshForSeconds / 60} min`,
    ];
  });
}

const interval = ([least, most]: Interval): string => `${100 * least} to ${100 * most} %`;

function boxRows(): string[][] {
  return THINGS.map((thing) => {
    const { lost, leaked, stolen, why } = CHANCE_BOX[thing];
    return [thing, interval(lost), interval(leaked), interval(stolen), why];
  });
}

/** A contradiction with its path; fails when the explorer does not show it. */
function contradictionText({ methods, published, set: things, shows, why }: Contradiction): string {
  const account = explore(networkAccount("published", methods));
  const { explorer, sets: all } = account;
  const others = all.things.filter((thing) => !things.includes(thing));
  const holds = new Set(shows === "theft" ? things : others);
  const waits = new Set(all.waits);
  const atOnce = explorer.reach({ holds, waits: new Set() });
  const reached = atOnce.has("money") ? atOnce : explorer.reach({ holds, waits });
  if (!reached.has("money")) throw new Error(`The explorer does not show that ${published}`);
  const opening =
    shows === "theft"
      ? `${set(things)} takes it all${atOnce.has("money") ? " at once" : " after the recovery delay"}.`
      : `Without ${set(things)} the owner still gets at the money.`;
  const steps = describePath(explorer.model, reached).map((step, index) => `${index + 1}. ${step}`);
  return [`**${published}** ${opening} ${why}`, "", ...steps].join("\n");
}

/** How many of the published profile's additions raise the chance of theft or loss. */
function risingEdges(published: readonly Explored[], chances: typeof REFERENCE_CHANCES): number {
  return edgesAmong(published).filter((edge) => risesFor(edge, chances)).length;
}

function lowerings(published: readonly Explored[]): string[] {
  return edgesAmong(published)
    .filter(({ from, to }) => to.smallestTheft < from.smallestTheft || to.smallestLoss < from.smallestLoss)
    .map(({ from, to, added }) => {
      const before = `${from.smallestTheft} and ${from.smallestLoss}`;
      return `- ${from.account.methods.join("+")} + ${added}: from ${before} to ${to.smallestTheft} and ${to.smallestLoss}`;
    });
}

function serviceRows(): string[][] {
  const account = explore(networkAccount("default", ["A", "S"]));
  return servicesOf(account).map(({ service, drainsAfterDays, ownerCanExit }) => [
    service,
    drainsAfterDays === null
      ? "never"
      : drainsAfterDays === 0
        ? "at once"
        : `after ${drainsAfterDays} days, if no device key vetoes`,
    ownerCanExit ? "yes" : "no: name an emergency address, or hold a key elsewhere",
  ]);
}

/** The whole document, unformatted. */
export function securityModelDocument(): string {
  const [published, ours, withoutLogin] = [
    explored("published"),
    explored("default"),
    explored("default", "none"),
  ];
  const pairs = published.map((theirs, index) => {
    const mine = ours[index];
    if (!mine) throw new Error("Every configuration is explored under both profiles.");
    return [reportOn(theirs), reportOn(mine)] as const;
  });
  const edges = [...edgesAmong(ours), ...edgesAmong(withoutLogin)].length + ours.length;
  const { buckets } = PROFILES.default;
  return `# The off-chain security model

Generated from \`core/security\` by \`node tools/security-model/write.ts\`; a test fails when it is out of date.

The account's contract asks for keys (docs/decisions, \`core/policy\`). A key that the network holds signs when the gate agrees, and the gate asks for proofs. This page says what the two allow **together**: every smallest set of things whose theft empties the account, every smallest set whose loss locks its owner out, and how likely either is in a year. \`npm run explorer\` says the same for any account.

## Things

${table(
  ["letter", "thing", "checked by"],
  THINGS.map((thing) => [thing, THING_WORDS[thing], thing === "D" ? "contract" : PROVEN_TO[thing]]),
)}

C stands for a social login under our profile and for a password under the published one. A password proves no more than the mailbox that resets it at the authenticator, so our gate does not count it at all. The level is the number of security methods (A, S, P, W) that are set up.

## How it is computed

For a set of things, everything that authenticator, gate and contract let their holder do is done until nothing new comes of it: log in, reset the password, change factors, have the network's keys sign, add a device key, replace keys, withdraw. The contract's part is \`effectOf\` of \`core/policy\`, the very table that is compared with the Solidity. What has to wait is tried only when nothing else is left. A **theft set** gets at the money, delays allowed and no veto; a **loss set** is one without which the owner gets at it in no way. All sets are gone through; nothing is sampled.

For the chance of failure each thing is safe, lost (nobody has it), leaked (owner and thief have it) or stolen (only the thief has it). It is theft when the thief's things suffice at once, or after a delay while the owner holds no device key to veto with; loss when the owner's things do not suffice.

## Our rules

A proof gives points; one number per level is what everything with a network-held key takes. Changing factors takes as much as signing, and an active device key besides, so that it is no way round, and no forged session changes a record.

With a social login:

${table(bucketHead, bucketRows(buckets.withCredentials))}

Without one:

${table(bucketHead, bucketRows(buckets.withoutCredentials))}

Without an active device key the gate lets only the recovery key sign, and only: ${PROFILES.default.withoutDevice.recovery.join(", ")}. What it so starts waits for the recovery delay, and an active device key can veto it.

### Who enforces what

${table(["action", "enforced by", "the device key", "a proof counts for"], enforcement(PROFILES.default))}

What only the authenticator enforces is its own rule, not ours: any proof but the app's opens a session, and the mailbox resets the password. A session and a password give no points. Levels for an account's value are advice of the app; neither gate nor contract knows prices.

### Who else could take it, or take it away

For an account with two methods whose keys are both with the network:

${table(["party", "alone, if hostile, has the money", "the owner gets out without it"], serviceRows())}

## The two profiles side by side

Sizes are those of the smallest theft set and of the smallest loss set; failure is at the middle of the box below.

${table(
  ["methods", "level", "published: theft, loss", "ours: theft, loss", "published: failure", "ours: failure"],
  pairs.map(([theirs, mine]) => [
    methodsOf(mine),
    String(mine.level),
    `${theirs.smallestTheft}, ${theirs.smallestLoss}`,
    `${mine.smallestTheft}, ${mine.smallestLoss}`,
    percent(theirs.failure),
    percent(mine.failure),
  ]),
)}

With the smallest theft set h and the smallest loss set l over n things, h + l is at most n + 1: a theft set and what is left without a loss set always share something. Only "k of n" reaches it.

### Ours, all smallest sets

${table(
  ["methods", "theft", "loss"],
  pairs.map(([, mine]) => [methodsOf(mine), sets(mine.theft), sets(mine.loss)]),
)}

### Published, all smallest sets

${table(
  ["methods", "theft", "loss"],
  pairs.map(([theirs]) => [methodsOf(theirs), sets(theirs.theft), sets(theirs.loss)]),
)}

## What the published tables got wrong

The published numbers:

${table(bucketHead, bucketRows(PROFILES.published.buckets.withCredentials))}

${CONTRADICTIONS.map(contradictionText).join("\n\n")}

**More can mean less.** These additions lower a smallest set (theft and loss, before and after):

${lowerings(published).join("\n")}

**And likelier.** With chances of ${percent(COMPARISON_CHANCES.D.lost)} lost, ${percent(COMPARISON_CHANCES.D.leaked)} leaked and ${percent(COMPARISON_CHANCES.D.stolen)} stolen for everything, but half of the latter two for email (E) and twice the first for the authenticator app (A), ${risingEdges(published, COMPARISON_CHANCES)} of ${edgesAmong(published).length} single additions raise the chance of theft or the chance of loss. The number depends on the chances: in the middle of the box below it is ${risingEdges(published, REFERENCE_CHANCES)}.

## What ours does better

- Adding a factor never lowers the smallest theft set or the smallest loss set, in any of ${edges} single additions: ${edgesAmong(ours).length} with a social login, ${edgesAmong(withoutLogin).length} without, and adding the social login itself in each of ${ours.length}.
- It makes failure less likely, for **every** choice of chances from the box.
- In every configuration both smallest sets are at least as large as the published ones, and failure is less likely at the middle of the box.
- From level 2 on, what is usually on one computer (D, C and E) never suffices; a passkey kept on that computer is on it, too, and belongs elsewhere. The price is that losing both methods of level 2 at once locks the owner out; 3 of 5 would have avoided that, but would have given everything to a computer with malware on it and an open mailbox.
- The wallet counts like any method: it is no way round the others.

### The box

Chances in a year. They stand for a careful but ordinary owner; who knows better describes the account to the explorer.

${table(["thing", "lost", "leaked", "stolen", "because"], boxRows())}

What the promise needs of them, mostly: no method is lost more often than the computer, none more often than social login and email together, and an app beside just a mailbox less often than the mailbox leaks. The chance of failure is a sum of products in which each thing has one factor, so it is affine in each thing's chances, and so is the difference that an addition makes. Such a function takes its largest value over a box at a corner; the test tries every corner (up to 8 for each of seven things) of every addition, and names the addition and the corner when a change of the tables breaks the promise. It counts things as independent; shared causes (a phone with two methods on it) are for the explorer to say about an account that names its places.

### How the numbers were found

By going through all of them: email and social login 2 points each (they are usually open on the same computer), methods 3, and for each level every pair of "points of the device" and "points needed". Most break the promise at some addition. Of those that do not, these were chosen by three wishes: at level 0 no single thing takes it all; at level 1 any two of three proofs, which is easy to tell; from level 2 on what is on one computer is not enough, and then the least likely to fail, but that a new computer needs more than the old one. Others would do as well; whoever changes them has the tests to answer to.
`;
}
