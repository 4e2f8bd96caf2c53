import { expect, test } from "vitest";
import { MOST_THINGS, parseAccount, thingsOf } from "./account.ts";
import { bestChanges } from "./what-if.ts";

const named = (count: number, of: string) => Array.from({ length: count }, (_, index) => `${of} ${index}`);

test("an account that hangs on as much as can be gone through is offered nothing that it would hang on besides", () => {
  const largest = parseAccount({
    credentials: "none",
    devices: 2,
    mfa: { holder: "friends", names: named(4, "Friend"), threshold: 3 },
    recovery: { holder: "safe", owners: named(6, "Owner"), threshold: 4 },
    emergencyAddress: "Exchange",
  });
  expect(thingsOf(largest)).toHaveLength(MOST_THINGS);
  expect(bestChanges(largest).map(({ change }) => change.change)).not.toContain("add-device");
});
