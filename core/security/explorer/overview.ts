/** Everything that the security screen shows of an account, as plain data. */
import { REPLACEABLE_ROLES, type Role } from "../../keys/role.ts";
import { levelOf } from "../rules/sufficiency.ts";
import { PROOFS, type Proof } from "../rules/things.ts";
import type { ThingBox } from "./chances.ts";
import type { Explored } from "./configurations.ts";
import type { Failures } from "./failure.ts";
import { lossHeadline, theftHeadline } from "./headline.ts";
import type { Model } from "./model.ts";
import { type PathStep, pathSteps } from "./paths.ts";
import { boxOf, type Range, rangesOf } from "./ranges.ts";
import { reasonOf, wayOf } from "./report.ts";
import { type ServiceReport, servicesOf } from "./services.ts";
import { atOnceSets, thingsIn } from "./sets.ts";
import { bestChanges, type RankedChange } from "./what-if.ts";

/** What a thing is, which decides on its picture: a proof, or what holds a key. */
export const THING_KINDS = [
  "device",
  ...PROOFS,
  "ledger",
  "passkey",
  "friend",
  "safe-owner",
  "emergency-address",
] as const;
export type ThingKind = (typeof THING_KINDS)[number];

/** A thing that the account hangs on. */
export interface OverviewThing {
  /** As sets name it. */
  readonly name: string;
  readonly kind: ThingKind;
  /** The roles whose keys it is, or takes part in. */
  readonly roles: readonly Role[];
  readonly box: ThingBox & { readonly why: string };
}

/** A smallest set whose theft empties the account, at once or at all, and how. */
export interface TheftSet {
  readonly things: readonly string[];
  /** Days that have to pass without a veto; 0: at once. */
  readonly days: number;
  readonly steps: readonly PathStep[];
}

/** A smallest set without which the owner is locked out, and why. */
export interface LossSet {
  readonly things: readonly string[];
  readonly reason: string;
}

export interface Overview {
  readonly level: number;
  readonly things: readonly OverviewThing[];
  readonly theftHeadline: string;
  readonly lossHeadline: string;
  /** First the smallest that empty it at once, then the smallest that have to wait. */
  readonly theft: readonly TheftSet[];
  readonly loss: readonly LossSet[];
  readonly smallestTheft: number;
  readonly smallestLoss: number;
  readonly failures: Readonly<Record<keyof Failures, Range>>;
  readonly services: readonly ServiceReport[];
  /** The best first. */
  readonly changes: readonly RankedChange[];
}

const isProof = (thing: string): thing is Proof => (PROOFS as readonly string[]).includes(thing);

function kindOf({ account, devices }: Model, thing: string): ThingKind {
  if (devices.has(thing)) return "device";
  if (isProof(thing)) return thing;
  for (const role of REPLACEABLE_ROLES) {
    const holder = account[role];
    switch (holder.holder) {
      case "ledger":
      case "passkey":
        if (holder.name === thing) return holder.holder;
        break;
      case "friends":
        if (holder.names.includes(thing)) return "friend";
        break;
      case "safe":
        if (holder.owners.includes(thing)) return "safe-owner";
        break;
      case "network":
        break;
    }
  }
  return "emergency-address";
}

function rolesOf({ devices, holders }: Model, thing: string): Role[] {
  if (devices.has(thing)) return ["device"];
  return REPLACEABLE_ROLES.filter((role) => {
    const holder = holders[role];
    return holder.by === "things" && holder.things.includes(thing);
  });
}

/** Goes through everything there is to say about an account. */
export function overviewOf(explored: Explored): Overview {
  const { account, explorer, sets, theft, loss, smallestTheft, smallestLoss } = explored;
  const { model } = explorer;
  return {
    level: levelOf(model.enabled),
    things: sets.things.map((name) => ({
      name,
      kind: kindOf(model, name),
      roles: rolesOf(model, name),
      box: boxOf(account, name),
    })),
    theftHeadline: theftHeadline(explored),
    lossHeadline: lossHeadline(explored),
    theft: [...new Set([...atOnceSets(sets), ...theft])].map((mask) => {
      const { days, reached } = wayOf(explored, mask);
      return { things: thingsIn(sets, mask), days, steps: pathSteps(model, reached) };
    }),
    loss: loss.map((mask) => ({ things: thingsIn(sets, mask), reason: reasonOf(explored, mask) })),
    smallestTheft,
    smallestLoss,
    failures: rangesOf(explored),
    services: servicesOf(explored),
    changes: bestChanges(account),
  };
}
