import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ROLES, type Role } from "../keys/role.ts";
import { authoritiesOf } from "./authorities.ts";
import { type Circumstances, effectOf, FROZEN, POLICY_KINDS } from "./policy.ts";

const USUAL: Omit<Circumstances, "signed"> = {
  thresholds: { device: 1, mfa: 1, recovery: 1 },
  allowed: false,
  singleKeyRoles: new Set(),
  overrideOn: false,
  frozen: "no",
  vetoByAny: false,
};
const ALL = new Set(ROLES);

const shown = (...given: Parameters<typeof authoritiesOf>) =>
  authoritiesOf(...given).map(({ roles, effect }) => `${roles.join("+")} ${effect}`);

describe("who can bring something about", () => {
  test.each([
    ["withdraw", ["device+mfa now"]],
    ["lock", ["device now", "mfa now", "recovery now"]],
    ["archive", ["device+mfa now", "device+recovery now"]],
    ["unfreeze", ["device+mfa now", "device+recovery now", "recovery afterRecoveryDelay"]],
    ["raise", ["device+mfa now"]],
    ["lower", ["device now"]],
    ["removeDeviceKey", ["device+mfa now", "device+recovery now", "device afterRemovalDelay"]],
    ["cancel", ["device now"]],
  ] as const)("%s: at once before later, few before many", (kind, expected) => {
    expect(shown(kind, USUAL, ALL)).toEqual(expected);
  });

  test("a role that alone may withdraw later comes after what withdraws at once", () => {
    expect(shown("withdraw", { ...USUAL, singleKeyRoles: new Set(["device"]) }, ALL)).toEqual([
      "device+mfa now",
      "device afterSingleKeyDelay",
    ]);
  });

  test("a frozen account leaves only what ends that", () => {
    const frozen = { ...USUAL, frozen: "archived" } as const;
    expect(shown("withdraw", frozen, ALL)).toEqual([]);
    expect(shown("unfreeze", frozen, ALL)).toHaveLength(3);
  });

  test("a threshold that one key does not reach is nobody's to reach", () => {
    const two = { ...USUAL, thresholds: { device: 1, mfa: 2, recovery: 1 } };
    expect(shown("archive", two, ALL)).toEqual(["device+recovery now"]);
    expect(shown("raise", two, ALL)).toEqual([]);
  });

  test("everybody named is needed, and each list suffices", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...POLICY_KINDS),
        fc.subarray([...ROLES]),
        fc.record({
          allowed: fc.boolean(),
          overrideOn: fc.boolean(),
          vetoByAny: fc.boolean(),
          frozen: fc.constantFrom(...FROZEN),
          singleKeyRoles: fc.subarray([...ROLES]).map((roles) => new Set(roles)),
        }),
        (kind, available, more) => {
          const circumstances = { ...USUAL, ...more };
          const effectFor = (roles: readonly Role[]) => {
            const count = (role: Role) => (roles.includes(role) ? 1 : 0);
            const signed = { device: count("device"), mfa: count("mfa"), recovery: count("recovery") };
            return effectOf(kind, { ...circumstances, signed });
          };
          for (const { roles, effect } of authoritiesOf(kind, circumstances, new Set(available))) {
            expect(effectFor(roles)).toBe(effect);
            for (const role of roles) {
              const without = effectFor(roles.filter((one) => one !== role));
              // What needs no key at all is nobody's authority: such a key only has to be named.
              if (roles.length > 1) expect(without === "now" || without === effect).toBe(false);
            }
          }
        },
      ),
    );
  });
});
