import { describe, expect, test } from "vitest";
import { keyOfAddress } from "../keys/key.ts";
import { keyOfScript } from "../keys/script-key.ts";
import { POLICY, type PolicyKind } from "../policy/policy.ts";
import { toAddress } from "../primitives/address.ts";
import { zKeyId } from "../primitives/hex.ts";
import { callsThen, changeConsequences, withdrawalThen } from "./consequences.ts";

const account = toAddress(`0x${"22".repeat(20)}`);
const base = { account, nonce: 0n };
const key = zKeyId.parse(`0x${"11".repeat(32)}`);

/** The changes that may take effect at once or later, depending on who signs. */
const SEVERAL = [
  ["addDeviceKey", { ...base, kind: "addKey", role: "device", key: keyOfAddress(account), expires: 0 }],
  ["removeDeviceKey", { ...base, kind: "removeKey", key }],
  ["unfreeze", { ...base, kind: "unfreeze" }],
] as const;

/** When the rules let a kind take effect. */
const effectsOf = (kind: PolicyKind) => [...new Set(POLICY[kind].map(({ effect }) => effect))];

describe("what comes of a change", () => {
  test.each(SEVERAL)("%s: each way that the rules know has a sentence of its own", (kind, change) => {
    const all = changeConsequences(change).then;
    const said = effectsOf(kind).map((effect) => changeConsequences(change, effect).then);
    expect(new Set(said).size).toBe(said.length);
    expect(said.length).toBeGreaterThan(1);
    for (const one of said) expect(all).toContain(one);
  });

  test("of a script's key is only what its verifier vouches for, where it is the network's", () => {
    const change = { ...base, kind: "addKey", role: "device", expires: 0 } as const;
    const [verifier, other] = [toAddress(`0x${"7e".repeat(20)}`), toAddress(`0x${"7f".repeat(20)}`)];
    const plain = changeConsequences({ ...change, key: keyOfAddress(account) }, "now", verifier);
    const script = { ...change, key: keyOfScript(verifier, account) };
    expect(changeConsequences(script, "now", verifier).then).toContain("may do nothing yet");
    expect(changeConsequences(script, "now", other)).toEqual(plain);
    expect(changeConsequences(script, "now")).toEqual(plain);
  });

  test("is the same for every way where the rules know one", () => {
    const change = { ...base, kind: "archive" } as const;
    expect(changeConsequences(change, "now")).toEqual(changeConsequences(change));
  });
});

describe("what comes of money that moves", () => {
  const later = { effect: "afterSingleKeyDelay", seconds: 3 * 86_400 } as const;

  test("is at once, or a wait of which is said how long it is, who can stop it and when it lapses", () => {
    expect(withdrawalThen("5 TUSD", { effect: "now" })).toMatch(/5 TUSD leaves the account at once/);
    for (const then of [withdrawalThen("5 TUSD", later), callsThen("this call", later)]) {
      expect(then).toMatch(/waits 3 days\. Any other active key .* can cancel it/);
      expect(then).toMatch(/If nobody does within 30 days, it never runs/);
      expect(then).not.toMatch(/at once/);
    }
    expect(withdrawalThen("5 TUSD", { effect: "afterSingleKeyDelay" })).toContain("takes it and waits. Any");
  });
});
