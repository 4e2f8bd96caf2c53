import { expect, test } from "vitest";
import type { Role } from "#core/keys/role.ts";
import type { Way } from "../../services/operations/authority.ts";
import { leastWays } from "./ways.ts";

const way = (roles: readonly Role[], seconds: number): Way => ({
  roles,
  signers: [],
  asked: [],
  effect: seconds === 0 ? "now" : "afterSingleKeyDelay",
  seconds,
});
const two = way(["device", "mfa"], 0);

test("what fewer keys bring about as soon is not asked of more", () => {
  const alone = way(["device"], 0);
  expect(leastWays([alone, two, way(["device"], 7)])).toEqual([alone]);
});

test("fewer keys that take longer are a choice", () => {
  const later = way(["device"], 7);
  expect(leastWays([two, later])).toEqual([two, later]);
  const other = way(["mfa"], 7);
  expect(leastWays([two, later, other])).toEqual([two, later, other]);
});
