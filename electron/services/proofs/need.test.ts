import { describe, expect, test } from "vitest";
import { toAddress } from "#core/primitives/address.ts";
import { type FactorProof, findShortage, type GuardedAction } from "#core/security/gate-rules.ts";
import type { OpenedRecord, RecordFactor, RecordFactorType } from "#core/security/opened-record.ts";
import { DEFAULT_PROFILE } from "#core/security/rules/default.ts";
import { PROOF_OF_FACTOR, type Proof } from "#core/security/rules/things.ts";
import { zGuardedAction, zProofNeed } from "#core/wallet-api/proofs.ts";
import { findNeed, PROOF_MARGIN_SECONDS } from "./need.ts";

const ACCOUNT = toAddress("0x00000000000000000000000000000000000a11ce");
const WALLET = `0x${"ab".repeat(20)}`;
const NOW = 1_800_000_000;
const ADDED = ["sms", "totp", "passkey", "password", "oauth", "wallet"] as const;

const factor = (type: RecordFactorType): RecordFactor => ({
  type,
  id: type === "wallet" ? WALLET : `${type}-1`,
});
const recordOf = (types: readonly RecordFactorType[]): OpenedRecord => ({
  account: ACCOUNT,
  factors: types.map(factor),
});

/** All lists made of some of these. */
function subsets<T>(from: readonly T[]): T[][] {
  return from.reduce<T[][]>((some, one) => [...some, ...some.map((list) => [...list, one])], [[]]);
}

/** Fresh, so old that it no longer counts, or not given at all; what is nearly too old counts as old. */
const AGES = { fresh: 0, old: DEFAULT_PROFILE.actions["add-factor"].freshForSeconds, never: undefined };

/** Every session: each factor at each age. */
function sessions(types: readonly RecordFactorType[]): FactorProof[][] {
  return types.reduce<FactorProof[][]>(
    (some, type) =>
      some.flatMap((proofs) =>
        Object.values(AGES).map((age) =>
          age === undefined ? proofs : [...proofs, { ...factor(type), lastAuthenticatedAt: NOW - age }],
        ),
      ),
    [[]],
  );
}

const proofsBy = (types: readonly RecordFactorType[], proofs: ReadonlySet<Proof>): FactorProof[] =>
  types
    .filter((type) => type !== "password" && proofs.has(PROOF_OF_FACTOR[type]))
    .map((type) => ({ ...factor(type), lastAuthenticatedAt: NOW }));

const needOf = (
  action: GuardedAction,
  record: OpenedRecord,
  proofs: readonly FactorProof[],
  deviceCounts = true,
) =>
  findNeed({
    action,
    role: "mfa",
    record,
    proofs,
    deviceCounts,
    described: record.factors.map(() => ({ available: true })),
    now: NOW,
  });

/** Whether the gate signs, now and until the request reaches it. */
const gateAgrees = (
  action: GuardedAction,
  record: OpenedRecord,
  proofs: readonly FactorProof[],
  deviceCounts = true,
) =>
  [NOW, NOW + PROOF_MARGIN_SECONDS].every(
    (now) => findShortage({ action, record, proofs, deviceCounts, now }) === undefined,
  );

describe("for every record and every session, what the app asks for", () => {
  const records = subsets(ADDED).map((added) => ["email", ...added] as const);
  // Signing with either key and every change have the rule of one of these three.
  const actions = [
    ["sign-with-mfa-key", "by the account's own device key", true],
    ["sign-with-recovery-key", "by the account's own device key", true],
    // There is one thing more to prove where no device key counts.
    ["sign-with-recovery-key", "by a new computer's", false],
    ["change-email", "by the account's own device key", true],
  ] as const;

  test.each(actions)(
    "is what the gate wants of %s, asked %s, neither less nor more",
    (action, _by, deviceCounts) => {
      const needs = (record: OpenedRecord, proofs: readonly FactorProof[]) =>
        needOf(action, record, proofs, deviceCounts);
      const agrees = (record: OpenedRecord, proofs: readonly FactorProof[]) =>
        gateAgrees(action, record, proofs, deviceCounts);
      let asked = 0;
      for (const types of records) {
        const record = recordOf(types);
        for (const proofs of sessions(types)) {
          const need = needs(record, proofs);
          // Nothing is asked exactly when the gate agrees as things are.
          if ((need === undefined) !== agrees(record, proofs)) expect({ types, proofs }).toBe("agreed");
          if (!need) continue;
          asked += 1;
          for (const way of need.ways) {
            const suffices = (given: readonly Proof[]) =>
              agrees(record, [...proofs, ...proofsBy(types, new Set(given))]);
            if (!suffices(way)) expect({ types, proofs, way }).toBe("enough");
            for (const spared of way) {
              const without = way.filter((proof) => proof !== spared);
              if (suffices(without)) expect({ types, proofs, way, spared }).toBe("needed");
            }
          }
          // And no way is kept from the person: whatever suffices holds one of those offered.
          for (const given of subsets([...new Set(need.factors.map(({ proof }) => proof))])) {
            const offered = need.ways.some((way) => way.every((proof) => given.includes(proof)));
            const enough = agrees(record, [...proofs, ...proofsBy(types, new Set(given))]);
            if (offered !== enough) expect({ types, proofs, given }).toBe("offered");
          }
        }
      }
      expect(asked).toBeGreaterThan(1000);
    },
    120_000,
  );

  test("has one rule for all changes of a record", () => {
    const { "change-email": changeEmail, ...others } = DEFAULT_PROFILE.actions;
    for (const action of ["add-factor", "change-factor", "remove-factor", "move-gate"] as const) {
      expect(others[action]).toEqual(changeEmail);
    }
  });
});

describe("what a person is told", () => {
  const types = ["email", "sms", "totp", "passkey", "wallet", "password"] as const;
  const record = recordOf(types);
  const age = DEFAULT_PROFILE.actions["sign-with-mfa-key"].freshForSeconds;

  test("is what is given and until when, what went stale, and with what each proof can be given", () => {
    const proofs = [
      { ...factor("email"), lastAuthenticatedAt: NOW - 30 },
      { ...factor("email"), lastAuthenticatedAt: NOW - 3000 },
      { ...factor("sms"), lastAuthenticatedAt: NOW - 3000 },
      { ...factor("password"), lastAuthenticatedAt: NOW },
    ];
    const need = needOf("sign-with-mfa-key", record, proofs);
    expect(zProofNeed.parse(need)).toEqual(need);
    expect(need?.given).toEqual([{ proof: "E", until: (NOW - 30 + age - PROOF_MARGIN_SECONDS) * 1000 }]);
    expect(need?.stale).toEqual(["S"]);
    expect(need?.factors.map(({ proof, type }) => [proof, type])).toEqual([
      ["E", "email"],
      ["S", "sms"],
      ["A", "totp"],
      ["P", "passkey"],
      ["W", "wallet"],
    ]);
    expect(need?.factors.at(-1)?.address).toBe(toAddress(WALLET));
  });

  test("begins with the easiest way, and ends with those that can no longer be gone", () => {
    const question = { action: "sign-with-mfa-key", role: "mfa", record, proofs: [], now: NOW } as const;
    const all = findNeed({
      ...question,
      deviceCounts: true,
      described: types.map(() => ({ available: true })),
    });
    expect(all?.ways[0]).toEqual(["P", "A", "E"]);
    const described = types.map((type) => ({ available: type !== "passkey" }));
    const lost = findNeed({ ...question, deviceCounts: true, described });
    expect(lost?.ways[0]).not.toContain("P");
    expect(lost?.ways.at(-1)).toContain("P");
    expect(lost?.ways).toHaveLength(all?.ways.length ?? 0);
  });

  test("counts a proof for no longer than a request may take on its way", () => {
    const only = recordOf(["email"]);
    const at = (lastAuthenticatedAt: number) => [{ ...factor("email"), lastAuthenticatedAt }];
    const last = NOW - age + PROOF_MARGIN_SECONDS;
    expect(needOf("sign-with-mfa-key", only, at(last))).toBeUndefined();
    expect(needOf("sign-with-mfa-key", only, at(last - 1))).toMatchObject({ ways: [["E"]], stale: ["E"] });
  });

  test("knows every action that the gate has rules for", () => {
    expect(new Set(zGuardedAction.options)).toEqual(
      new Set(Object.keys(DEFAULT_PROFILE.actions).filter((action) => !/login|reset/.test(action))),
    );
  });
});
