import { describe, expect, test } from "vitest";
import { type Role, ROLES } from "../keys/role.ts";
import {
  type Circumstances,
  type Effect,
  effectOf,
  FROZEN,
  POLICY_KINDS,
  type PolicyKind,
} from "./policy.ts";

const ONE_EACH = { device: 1, mfa: 1, recovery: 1 };

/** One key of each of these roles signed, and nothing is switched on, unless said otherwise. */
const signedBy = (roles: readonly Role[], settings: Partial<Circumstances> = {}): Circumstances => ({
  signed: {
    device: Number(roles.includes("device")),
    mfa: Number(roles.includes("mfa")),
    recovery: Number(roles.includes("recovery")),
  },
  thresholds: ONE_EACH,
  allowed: false,
  singleKeyRoles: new Set(),
  overrideOn: false,
  frozen: "no",
  vetoByAny: false,
  ...settings,
});

const EVERY_AUTHORITY: readonly (readonly Role[])[] = [
  [],
  ["device"],
  ["mfa"],
  ["recovery"],
  ["device", "mfa"],
  ["device", "recovery"],
  ["mfa", "recovery"],
  ["device", "mfa", "recovery"],
];

/** What each authority brings about; the ones that are not named bring about nothing. */
function expectEffects(
  kind: PolicyKind,
  effects: Readonly<Record<string, Effect>>,
  settings: Partial<Circumstances> = {},
) {
  const seen = EVERY_AUTHORITY.map((roles): [string, Effect] => [
    roles.join("+"),
    effectOf(kind, signedBy(roles, settings)),
  ]);
  expect(Object.fromEntries(seen.filter(([, effect]) => effect !== "never"))).toEqual(effects);
}

const ALL_NOW = { "device+mfa+recovery": "now" } as const;
const WITH_MFA = { "device+mfa": "now", ...ALL_NOW } as const;
const WITH_ANOTHER = { "device+recovery": "now", ...WITH_MFA } as const;
const WITH_DEVICE = { device: "now", ...WITH_ANOTHER } as const;

describe.each(["withdraw", "execute"] as const)("%s", (kind) => {
  test("needs a device and an mfa key", () => {
    expectEffects(kind, WITH_MFA);
  });

  test("needs nobody else where the key may do it by itself", () => {
    expect(effectOf(kind, signedBy(["device"], { allowed: true }))).toBe("now");
  });

  test.each(ROLES)("by the %s role waits, where the owner switched that on, whoever else signs", (role) => {
    const withRole = EVERY_AUTHORITY.filter((roles) => roles.includes(role)).map((roles) => roles.join("+"));
    const later = Object.fromEntries(withRole.map((roles) => [roles, "afterSingleKeyDelay"] as const));
    expectEffects(kind, { ...later, ...WITH_MFA }, { singleKeyRoles: new Set([role]) });
  });

  test("by a role alone needs as many of its keys as any other way", () => {
    const settings = { singleKeyRoles: new Set(["mfa"] as const), thresholds: { ...ONE_EACH, mfa: 2 } };
    expect(effectOf(kind, signedBy(["mfa"], settings))).toBe("never");
    const signed = { device: 0, mfa: 2, recovery: 0 };
    expect(effectOf(kind, signedBy([], { ...settings, signed }))).toBe("afterSingleKeyDelay");
  });
});

describe("adding a device key", () => {
  test("takes effect at once with a device key, and after the delay by recovery alone", () => {
    expectEffects("addDeviceKey", {
      ...WITH_ANOTHER,
      recovery: "afterRecoveryDelay",
      "mfa+recovery": "afterRecoveryDelay",
    });
  });

  test("overrules the device key's veto with mfa and recovery, where the owner switched that on", () => {
    expectEffects(
      "addDeviceKey",
      { ...WITH_ANOTHER, recovery: "afterRecoveryDelay", "mfa+recovery": "afterOverrideDelay" },
      { overrideOn: true },
    );
  });
});

test("a device key is removed at once by two roles, and after the delay by another device key alone", () => {
  expectEffects("removeDeviceKey", { ...WITH_ANOTHER, device: "afterRemovalDelay" });
});

test.each(["addKey", "removeKey", "replaceKey", "setThreshold", "archive", "rearm"] as const)(
  "%s needs a device key and an mfa or recovery key",
  (kind) => {
    expectEffects(kind, WITH_ANOTHER);
  },
);

test.each(["raise", "migrate", "sign"] as const)("%s needs a device and an mfa key", (kind) => {
  expectEffects(kind, WITH_MFA);
});

test.each(["activateKey", "rejectKey", "lower"] as const)("%s needs a device key", (kind) => {
  expectEffects(kind, WITH_DEVICE);
});

test("any one key locks, even where its role needs more of them for anything else", () => {
  const thresholds = { device: 1, mfa: 3, recovery: 3 };
  for (const role of ROLES) expect(effectOf("lock", signedBy([role], { thresholds }))).toBe("now");
  expect(effectOf("lock", signedBy([]))).toBe("never");
});

test("unfreezing takes effect at once with a device key and another, and after the delay by recovery", () => {
  expectEffects("unfreeze", {
    ...WITH_ANOTHER,
    recovery: "afterRecoveryDelay",
    "mfa+recovery": "afterRecoveryDelay",
  });
});

test("a device key cancels; any key does what is a single-key operation or a removal", () => {
  expectEffects("cancel", WITH_DEVICE);
  for (const role of ROLES) expect(effectOf("cancel", signedBy([role], { vetoByAny: true }))).toBe("now");
  expect(effectOf("cancel", signedBy([], { vetoByAny: true }))).toBe("never");
});

test("while the account is locked or archived, only unfreezing and cancelling take effect", () => {
  for (const frozen of FROZEN) {
    const everybody = signedBy(ROLES, { frozen, allowed: true, vetoByAny: true });
    const working = POLICY_KINDS.filter((kind) => effectOf(kind, everybody) !== "never");
    expect(working).toEqual(frozen === "no" ? POLICY_KINDS : ["unfreeze", "cancel"]);
  }
});

test("nobody's signature is no authority, whatever the thresholds", () => {
  const settings = { overrideOn: true, vetoByAny: true, singleKeyRoles: new Set(ROLES) };
  for (const threshold of [0, 1]) {
    const thresholds = { device: threshold, mfa: threshold, recovery: threshold };
    for (const kind of POLICY_KINDS) {
      expect(effectOf(kind, signedBy([], { ...settings, thresholds })), kind).toBe("never");
    }
  }
});
