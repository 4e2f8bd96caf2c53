import { describe, expect, test } from "vitest";
import { DEFAULT_PROFILE } from "./default.ts";
import { SECURITY_ACTIONS } from "./profile.ts";
import { choices, enabledBy, suffices } from "./sufficiency.ts";
import { METHODS, type Proof } from "./things.ts";

const { buckets, actions } = DEFAULT_PROFILE;
const WITH_KEYS = SECURITY_ACTIONS.filter((action) => actions[action].enforcedBy.includes("gate"));

describe("the default profile", () => {
  test.each([
    ["withCredentials", 0, 2, 4],
    ["withCredentials", 1, 0, 4],
    ["withCredentials", 2, 2, 7],
    ["withCredentials", 3, 2, 7],
    ["withCredentials", 4, 1, 8],
    ["withoutCredentials", 0, 0, 2],
    ["withoutCredentials", 1, 3, 5],
    ["withoutCredentials", 2, 0, 5],
    ["withoutCredentials", 3, 2, 7],
    ["withoutCredentials", 4, 1, 8],
  ] as const)(
    "%s, level %i: the device gives %i points, and %i are needed",
    (kind, level, device, needed) => {
      const bucket = buckets[kind][level];
      expect(bucket.points).toEqual({ device, email: 2, credentials: 2, mfa: 3, wallet: 3 });
      for (const action of WITH_KEYS) expect(bucket.needed[action]).toBe(needed);
    },
  );

  test("asks as much for changing factors as for signing: changing them is no way round", () => {
    expect(WITH_KEYS).toEqual([
      "add-factor",
      "change-factor",
      "remove-factor",
      "change-email",
      "move-gate",
      "sign-with-mfa-key",
      "sign-with-recovery-key",
    ]);
  });

  test("lets nobody change factors without an active device key, the authenticator least of all", () => {
    const everything = new Set<Proof>(["C", "E", ...METHODS]);
    for (const action of WITH_KEYS) {
      const enabled = enabledBy(everything);
      const may = suffices(DEFAULT_PROFILE, action, enabled, { proofs: everything, device: false });
      expect(may, action).toBe(action === "sign-with-recovery-key");
    }
    expect(DEFAULT_PROFILE.withoutDevice).toEqual({ mfa: [], recovery: ["addDeviceKey", "unfreeze"] });
  });

  test("from level 2 on, never lets through what is on one computer: device, email and social login", () => {
    for (const methods of choices(METHODS).filter(({ length }) => length >= 2)) {
      const enabled = enabledBy([...methods, "C"]);
      const evidence = { proofs: new Set<Proof>(["C", "E"]), device: true };
      expect(suffices(DEFAULT_PROFILE, "sign-with-mfa-key", enabled, evidence), methods.join()).toBe(false);
    }
  });

  test("says what the authenticator does whatever we want: any proof logs in, the mailbox resets the password", () => {
    const nobody = enabledBy(["C"]);
    const holds = (proof: Proof) => ({ proofs: new Set([proof]), device: false });
    expect(actions["reset-password"]).toMatchObject({ needs: ["E"], enforcedBy: ["authenticator"] });
    expect(actions.login.enforcedBy).toEqual(["authenticator"]);
    for (const proof of ["C", "E"] as const) {
      expect(suffices(DEFAULT_PROFILE, "login", nobody, holds(proof))).toBe(true);
      expect(suffices(DEFAULT_PROFILE, "reset-password", nobody, holds(proof))).toBe(proof === "E");
    }
    expect(suffices(DEFAULT_PROFILE, "login", nobody, { proofs: new Set(), device: true })).toBe(false);
  });

  test("counts no password beside the mailbox that resets it", () => {
    expect(DEFAULT_PROFILE.credentials).toEqual(["oauth"]);
  });

  test("counts every proof for ten minutes, and keeps no record without email", () => {
    for (const action of SECURITY_ACTIONS) expect(actions[action].freshForSeconds).toBe(600);
    expect(DEFAULT_PROFILE).toMatchObject({ name: "default", recordHolds: ["email"], loginFirst: true });
    expect(actions["sign-with-recovery-key"].device).toBe("counts");
  });
});
