import { describe, expect, test } from "vitest";
import type { Method } from "../rules/things.ts";
import { COMPARISON_CHANCES } from "./chances.ts";
import { edgesAmong, EVERY_CHOICE_OF_METHODS, explore, networkAccount } from "./configurations.ts";
import { risesFor } from "./edges.ts";
import { reportOn } from "./report.ts";
import { thingsIn } from "./sets.ts";

const published = (methods: readonly Method[]) => {
  const explored = explore(networkAccount("published", methods));
  const named = (masks: readonly number[]) => masks.map((mask) => thingsIn(explored.sets, mask).join(""));
  return { ...explored, theft: named(explored.theft), loss: named(explored.loss) };
};
const MFA = ["A", "S", "P"] as const;
const TWO_MFA = [
  ["A", "S"],
  ["A", "P"],
  ["S", "P"],
] as const;

describe("the published numbers", () => {
  test("level 0: whoever has the mailbox takes it all, and whoever loses it loses all", () => {
    expect(published([])).toMatchObject({ theft: ["E"], loss: ["E"] });
  });

  test.each(MFA)("level 1 with %s: as published", (m) => {
    expect(new Set(published([m]).theft)).toEqual(new Set([`E${m}`, `DC${m}`, "DCE"]));
  });

  test.each(TWO_MFA)("level 2 with %s and %s: as published", (m1, m2) => {
    const { theft, loss } = published([m1, m2]);
    const twice = (set: (m: string) => string) => [set(m1), set(m2)];
    expect(new Set(theft)).toEqual(
      new Set([...twice((m) => `DC${m}`), ...twice((m) => `DE${m}`), `E${m1}${m2}`]),
    );
    expect(new Set(loss)).toEqual(new Set([...twice((m) => `D${m}`), "DE", "CE", `${m1}${m2}`]));
  });

  test.each(MFA)("level 2 with W and %s: as published", (m) => {
    expect(new Set(published([m, "W"]).theft)).toEqual(new Set(["CW", "EW", `DC${m}`, `E${m}`]));
  });
});

describe("where the published tables contradict their own numbers", () => {
  test('level 1 with only W: {D,C,E} takes it all, because "all MFA" is true of none', () => {
    expect(published(["W"]).theft).toContain("DCE");
  });

  test("level 3: device, credentials and one method change another method, then the email", () => {
    const { theft, explorer } = published(["A", "S", "P"]);
    expect(theft).toEqual(expect.arrayContaining(["DCA", "DCS", "DCP"]));
    expect(explorer.reach({ holds: new Set(["D", "C", "A"]), waits: new Set() }).has("money")).toBe(true);
    const { theftPaths } = reportOn(explore(networkAccount("published", ["A", "S", "P"])));
    expect(theftPaths["D+C+A"]).toEqual({
      days: 0,
      steps: [
        "Sign in with the password and the authenticator app.",
        "Replace the SMS code by one of their own, with an active device key and the authenticator app.",
        "Replace the email address by one of their own, with an active device key, the authenticator app and the SMS code.",
        "Withdraw everything with an active device key and the MFA key, for which the gate takes the email code, the authenticator app and the SMS code; at once.",
      ],
    });
  });

  test("level 4: {C,W} and {W, two MFA} take it all; losing all three MFA methods loses nothing", () => {
    const { theft, loss } = published(["A", "S", "P", "W"]);
    expect(theft).toEqual(expect.arrayContaining(["CW", "ASW", "APW", "SPW"]));
    expect(loss).not.toContain("ASP");
    expect(loss.filter((set) => /^[ASP]+$/.test(set))).toEqual([]);
  });

  test.each(TWO_MFA)("adding W to %s and %s lowers the smallest theft set from 3 to 2", (m1, m2) => {
    expect(published([m1, m2]).smallestTheft).toBe(3);
    expect(published([m1, m2, "W"]).smallestTheft).toBe(2);
  });

  test("20 of 32 single additions raise the chance of theft or of loss, for the chances stated", () => {
    const edges = edgesAmong(
      EVERY_CHOICE_OF_METHODS.map((methods) => explore(networkAccount("published", methods))),
    );
    expect(edges).toHaveLength(32);
    expect(edges.filter((edge) => risesFor(edge, COMPARISON_CHANCES))).toHaveLength(20);
  });
});
