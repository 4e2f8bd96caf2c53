/**
 * The published model once more, written naively from its description and sharing nothing with the explorer but the
 * numbers: the two have to agree about every set of things, for the published numbers and for any others.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Bucket, Profile } from "../rules/profile.ts";
import { PUBLISHED_PROFILE } from "../rules/published.ts";
import { EVERY_CHOICE_OF_METHODS, networkAccount } from "./configurations.ts";
import { modelOf } from "./model.ts";
import { explorerOf } from "./reach.ts";

type Reach = "none" | "delayed" | "instant";

/** "Points = sum over held things; D counts only after login; methods count only if enabled." */
function naiveReach(enabled: readonly string[], { points, needed }: Bucket, start: readonly string[]): Reach {
  const held = new Set(start);
  const mfa = enabled.filter((method) => method !== "W");
  const level = enabled.length;
  let loggedIn = false;
  let signed = false;

  const sum = (): number => {
    let total = 0;
    if (held.has("D") && loggedIn) total += points.device;
    if (held.has("C")) total += points.credentials;
    if (held.has("E")) total += points.email;
    for (const method of mfa) if (held.has(method)) total += points.mfa;
    if (enabled.includes("W") && held.has("W")) total += points.wallet;
    return total;
  };
  const lacking = (methods: readonly string[]) => methods.filter((method) => !held.has(method)).length;
  const byWallet = () => enabled.includes("W") && held.has("W");
  const ruleOfTheLevel = (): boolean => {
    if (byWallet()) return true;
    if (!held.has("E")) return false;
    if (level <= 2) return lacking(mfa) === 0;
    return level === 3 ? lacking(enabled) <= 1 : lacking(mfa) <= 1;
  };

  for (let round = 0; round < 30; ++round) {
    if (held.has("C") && sum() >= needed.login) loggedIn = true;
    if (held.has("E") && lacking(enabled) <= 1 && sum() >= needed["reset-password"]) held.add("C");
    if (sum() >= needed["change-email"]) held.add("E");
    for (const method of mfa) if (sum() >= needed["change-factor"]) held.add(method);
    if (ruleOfTheLevel() && sum() >= needed["sign-with-mfa-key"]) signed = true;
  }
  if (!loggedIn || !signed) return "none";
  return start.includes("D") ? "instant" : "delayed";
}

/** What the explorer says. */
function explorerReach(profile: Profile, methods: (typeof EVERY_CHOICE_OF_METHODS)[number]) {
  const model = { ...modelOf(networkAccount("published", methods)), profile };
  const { reach } = explorerOf(model);
  return (holds: ReadonlySet<string>): Reach => {
    if (reach({ holds, waits: new Set() }).has("money")) return "instant";
    return reach({ holds, waits: new Set(["recovery"]) }).has("money") ? "delayed" : "none";
  };
}

const subsets = (things: readonly string[]): string[][] =>
  things.reduce<string[][]>((all, thing) => [...all, ...all.map((set) => [...set, thing])], [[]]);

function expectAgreement(profile: Profile, methods: (typeof EVERY_CHOICE_OF_METHODS)[number]): void {
  const bucket = profile.buckets.withCredentials[methods.length];
  if (!bucket) throw new Error(`there is no bucket for ${methods.length} methods`);
  const explored = explorerReach(profile, methods);
  for (const set of subsets(["D", "C", "E", ...methods])) {
    expect(explored(new Set(set)), `{${set.join()}} with ${methods.join()}`).toBe(
      naiveReach(methods, bucket, set),
    );
  }
}

describe("the explorer and the published model written naively", () => {
  test.each(EVERY_CHOICE_OF_METHODS.map((methods) => [methods.join("+") || "no method", methods] as const))(
    "agree about every set of things with %s",
    (_, methods) => {
      expectAgreement(PUBLISHED_PROFILE, methods);
    },
  );

  test("agree for any numbers", () => {
    const few = fc.integer({ min: 0, max: 12 });
    const many = fc.integer({ min: 0, max: 40 });
    const anyBucket = fc
      .record({ device: many, email: few, credentials: few, mfa: few, wallet: few })
      .chain((points) =>
        fc
          .record({ login: few, reset: many, email: many, factor: many, sign: few })
          .map(({ login, reset, email, factor, sign }): Bucket => ({
            points,
            needed: {
              ...PUBLISHED_PROFILE.buckets.withCredentials[0].needed,
              login,
              "reset-password": reset,
              "change-email": email,
              "change-factor": factor,
              "sign-with-mfa-key": sign,
              "sign-with-recovery-key": sign,
            },
          })),
      );
    fc.assert(
      fc.property(fc.constantFrom(...EVERY_CHOICE_OF_METHODS), anyBucket, (methods, bucket) => {
        const buckets = [bucket, bucket, bucket, bucket, bucket] as const;
        const both = { withCredentials: buckets, withoutCredentials: buckets };
        expectAgreement({ ...PUBLISHED_PROFILE, buckets: both }, methods);
      }),
      { numRuns: 150 },
    );
  });
});
