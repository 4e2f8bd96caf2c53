import { describe, expect, test } from "vitest";
import { POLICY_KINDS } from "../../policy/policy.ts";
import { PUBLISHED_PROFILE } from "./published.ts";
import type { SecurityAction } from "./profile.ts";

const { withCredentials: buckets, withoutCredentials } = PUBLISHED_PROFILE.buckets;

describe("the published profile", () => {
  test.each([
    [0, 20, 5, 1, 0, 0, 5, 5, 26, 26, Infinity, 6],
    [1, 20, 5, 1, 10, 10, 5, 15, 30, 30, 26, 7],
    [2, 20, 6, 1, 10, 9, 6, 15, 30, 31, 28, 9],
    [3, 15, 1, 1, 11.5, 10, 9, 15, 30, 32, 25, 9],
    [4, 15, 0.5, 1, 10, 9, 10, 24, 0, 32, 27, 6],
  ])(
    "has the published numbers at level %i",
    (level, device, email, credentials, mfa, wallet, login, reset, add, changeEmail, changeMfa, sign) => {
      expect(buckets[level]?.points).toEqual({ device, email, credentials, mfa, wallet });
      const needed: Partial<Record<SecurityAction, number>> = {
        login,
        "reset-password": reset,
        "add-factor": add,
        "change-email": changeEmail,
        "change-factor": changeMfa,
        "sign-with-mfa-key": sign,
        "sign-with-recovery-key": sign,
      };
      expect(buckets[level]?.needed).toMatchObject(needed);
    },
  );

  test("knows the general ruleset", () => {
    const { actions } = PUBLISHED_PROFILE;
    const strict = { of: "mfa", mayLack: 0, orWallet: true };
    for (const action of ["sign-with-mfa-key", "sign-with-recovery-key", "move-gate"] as const) {
      expect(actions[action].general).toEqual([
        strict,
        strict,
        strict,
        { of: "security", mayLack: 1, orWallet: true },
        { of: "mfa", mayLack: 1, orWallet: true },
      ]);
    }
    expect(new Set(actions["add-factor"].general)).toEqual(new Set([strict]));
    expect(new Set(actions["reset-password"].general)).toEqual(
      new Set([{ of: "security", mayLack: 1, orWallet: false }]),
    );
    expect(actions.login).toMatchObject({ needs: ["C"] });
  });

  test("counts any credentials, and treats accounts without them no differently", () => {
    expect(PUBLISHED_PROFILE).toMatchObject({
      name: "published",
      credentials: ["password", "oauth"],
      loginFirst: true,
      recordHolds: ["email"],
      withoutDevice: { mfa: POLICY_KINDS, recovery: POLICY_KINDS },
    });
    expect(PUBLISHED_PROFILE.actions.login.device).toBe("ignored");
    expect(withoutCredentials).toBe(buckets);
  });
});
