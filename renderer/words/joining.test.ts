import { describe, expect, it } from "vitest";
import { zJoiningView } from "#core/wallet-api/joining.ts";
import { frozenWords, recoveryDelayText, standingWords, whoRecovers } from "./joining.ts";

const recovery = {
  delay: 7 * 86_400,
  frozen: "no",
  otherDevices: 1,
  keys: 1,
  needed: 1,
  network: "ready",
  known: [],
  hints: [],
} as const;

const view = (standing: object | undefined, changes: object = {}) =>
  zJoiningView.parse({
    account: `0x${"aa".repeat(20)}`,
    preparing: false,
    ...(standing && { standing }),
    recovery: { ...recovery, ...changes },
  });

describe("how it stands with a new computer", () => {
  const pending = { state: "pending", until: 1, vetoProof: false };

  it.each([
    [undefined, "Looking for your account"],
    [{ state: "absent", rejected: false }, "This computer is not in yet"],
    [{ state: "absent", rejected: true }, "This computer was rejected"],
    [pending, "Your recovery is under way"],
    [{ state: "asleep" }, "Your recovery sleeps"],
    [{ state: "active" }, "This computer is in"],
  ])("is said for %j", (standing, title) => {
    expect(standingWords(view(standing)).title).toBe(title);
  });

  it("says how many can reject it, and that nobody can where that is so", () => {
    expect(standingWords(view(pending)).detail).toContain("One other computer can do that");
    expect(standingWords(view(pending, { otherDevices: 2 })).detail).toContain("2 other computers");
    expect(standingWords(view(pending, { otherDevices: 0 })).detail).toContain("so nobody can");
    expect(standingWords(view({ ...pending, vetoProof: true })).detail).toContain(
      "No other computer can reject",
    );
  });
});

it("a recovery says who has to sign and how long it takes", () => {
  const of = (keys: number, needed: number) =>
    whoRecovers(zJoiningView.shape.recovery.unwrap().parse({ ...recovery, keys, needed }));
  expect(of(1, 1)).toBe("One recovery key has to sign.");
  expect(of(3, 1)).toBe("Any one of 3 recovery keys has to sign.");
  expect(of(3, 2)).toBe("2 of 3 recovery keys have to sign.");
  expect(recoveryDelayText(zJoiningView.shape.recovery.unwrap().parse(recovery))).toContain("7 days pass");
});

describe("a frozen account", () => {
  const words = (changes: object) =>
    frozenWords(zJoiningView.shape.recovery.unwrap().parse({ ...recovery, ...changes }));
  const unfreezing = (stage: string) => ({
    unfreezing: {
      id: `0x${"01".repeat(32)}`,
      effect: "afterRecoveryDelay",
      executableAt: 1,
      executableUntil: 2,
      proposers: [{ id: `0x${"02".repeat(32)}`, role: "recovery" }],
      stage,
    },
  });

  it("is said to open by itself only where a lock lapses", () => {
    expect(words({ frozen: "locked" }).detail).toContain("lapses by itself");
    expect(words({ frozen: "archived" }).detail).not.toContain("lapses");
    expect(words({ frozen: "archived" }).detail).toContain("7 days more");
  });

  it("is said to be on its way once the recovery key asked for it, and to be open at a press once that is due", () => {
    expect(words({ frozen: "archived", ...unfreezing("waiting") }).title).toBe(
      "The account is archived, and is being opened",
    );
    expect(words({ frozen: "archived", ...unfreezing("due") }).title).toBe(
      "The account is archived, and can be opened now",
    );
  });
});
