import { describe, expect, test } from "vitest";
import { toAddress } from "#core/primitives/address.ts";
import { zKeyId } from "#core/primitives/hex.ts";
import { type Friend, zFriend } from "#core/wallet-api/friends.ts";
import { heardOf, thresholdWords, waitsForWords } from "./friends.ts";

const friend = (more: Partial<Friend> = {}) =>
  zFriend.parse({
    role: "recovery",
    id: zKeyId.parse(`0x${"be".repeat(32)}`),
    name: "Ben",
    signer: toAddress(`0x${"11".repeat(20)}`),
    hidden: true,
    active: true,
    checkDue: false,
    ...more,
  });

describe("whom an operation waits for", () => {
  test.each([
    [1, ["Ben"], "Waits for Ben."],
    [2, ["Ben", "Carla"], "Waits for all of Ben, Carla."],
    [1, ["Ben", "Carla"], "Waits for one of Ben, Carla."],
    [2, ["Ben", "Carla", "Dan"], "Waits for 2 of Ben, Carla, Dan."],
  ])("%i of %j", (missing, names, words) => {
    expect(waitsForWords(missing, names)).toBe(words);
  });
});

describe("when a friend was last heard of", () => {
  test("is said with what to do once it is a year ago, or was never", () => {
    const at = Date.UTC(2026, 10, 21) / 1000;
    expect(heardOf(friend({ lastAnswer: at }))).toBe("Last heard of on 21 Nov 2026.");
    expect(heardOf(friend({ lastAnswer: at, checkDue: true }))).toMatch(/more than a year ago\. Ask/);
    expect(heardOf(friend({ checkDue: true }))).toMatch(/^Never heard of .* Ask/);
    expect(heardOf(friend({ checkDue: true, checkedUntil: at }))).toMatch(
      /the answer counts until 21 Nov 2026/,
    );
    expect(heardOf(friend({ active: false, lastAnswer: at }))).toBe("Not counted by your account now.");
  });
});

describe("how many have to sign", () => {
  test("is said where there is a choice", () => {
    expect(thresholdWords({ role: "recovery", threshold: 1, keys: 1 })).toBe(
      "Your account has one Recovery key.",
    );
    expect(thresholdWords({ role: "recovery", threshold: 2, keys: 3 })).toBe(
      "Any 2 of 3 have to sign as Recovery key.",
    );
  });
});
