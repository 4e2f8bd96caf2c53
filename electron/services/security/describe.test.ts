import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { keyId, keyOfAddress } from "#core/keys/key.ts";
import { REPLACEABLE_ROLES, type ReplaceableRole, type Role, ROLES } from "#core/keys/role.ts";
import { toAddress } from "#core/primitives/address.ts";
import { parseAccount } from "#core/security/explorer/account.ts";
import type { OpenedRecord, RecordFactor, RecordFactorType } from "#core/security/opened-record.ts";
import { RECORD_FACTOR_TYPES } from "#core/security/opened-record.ts";
import type { HeldKey } from "../profile.ts";
import { type AccountKeyState, type ContractState } from "./contract-state.ts";
import { describeAccount, type KnownAccount, levelOfRecords, methodsOf } from "./describe.ts";

const ACCOUNT = toAddress(`0x${"aa".repeat(20)}`);
const DAY = 86_400;

const held = (byte: string, holder: HeldKey["holder"]): HeldKey => ({
  key: keyOfAddress(toAddress(`0x${byte.repeat(20)}`)),
  holder,
  detail: "",
});
const BYTES: Record<Role, string> = { device: "d1", mfa: "f1", recovery: "e1" };

const factor = (type: RecordFactorType): RecordFactor => ({
  type,
  id: type === "wallet" ? `0x${"cd".repeat(20)}` : `${type}-1`,
});
const recordOf = (...types: RecordFactorType[]): OpenedRecord => ({
  account: ACCOUNT,
  factors: types.map(factor),
});

interface Given {
  readonly holders?: Partial<Record<ReplaceableRole, "network" | "ledger">>;
  readonly records?: KnownAccount["records"];
  readonly contract?: Partial<ContractState>;
  /** Keys besides the three. */
  readonly others?: readonly AccountKeyState[];
  readonly oneMachine?: boolean;
}

function known({ holders = {}, records = {}, contract = {}, others = [], oneMachine = false }: Given) {
  const keys = {
    device: held(BYTES.device, "this-computer"),
    mfa: held(BYTES.mfa, holders.mfa ?? "network"),
    recovery: held(BYTES.recovery, holders.recovery ?? "network"),
  };
  const own = ROLES.map((role) => ({ id: keyId(keys[role].key), role, active: true, pending: false }));
  return describeAccount({
    keys,
    records,
    oneMachine,
    contract: {
      keys: [...own, ...others],
      thresholds: { device: 1, mfa: 1, recovery: 1 },
      recoveryDelay: 7 * DAY,
      removalDelay: 3 * DAY,
      singleKeyDelay: 7 * DAY,
      overrideDelay: 0,
      singleKeyRoles: [],
      frozen: "no",
      emergencyAddresses: [],
      ...contract,
    },
  });
}

const other = (role: Role, byte: string, changes: Partial<AccountKeyState> = {}): AccountKeyState => ({
  id: keyId(keyOfAddress(toAddress(`0x${byte.repeat(20)}`))),
  role,
  active: true,
  pending: false,
  ...changes,
});

describe("the description of an account", () => {
  const arbitraryTypes = fc.subarray([...RECORD_FACTOR_TYPES].filter((type) => type !== "email"));

  test("says of every combination of holders and factors what the records hold, and the explorer takes it", () => {
    for (const mfa of ["network", "ledger"] as const) {
      for (const recovery of ["network", "ledger"] as const) {
        fc.assert(
          fc.property(arbitraryTypes, (types) => {
            const record = recordOf("email", ...types);
            const records = {
              ...(mfa === "network" && { mfa: record }),
              ...(recovery === "network" && { recovery: record }),
            };
            const { descriptions, remarks } = known({ holders: { mfa, recovery }, records });
            expect(descriptions).toHaveLength(1);
            const account = parseAccount(descriptions[0]);
            const usesGate = mfa === "network" || recovery === "network";
            const has = (type: (typeof types)[number]) => usesGate && types.includes(type);
            expect(account.methods).toEqual([
              ...(has("totp") ? ["A"] : []),
              ...(has("sms") ? ["S"] : []),
              ...(has("passkey") ? ["P"] : []),
              ...(has("wallet") ? ["W"] : []),
            ]);
            expect(account.credentials).toBe(
              has("oauth") ? "social-login" : has("password") ? "password" : "none",
            );
            expect([account.mfa.holder, account.recovery.holder]).toEqual([mfa, recovery]);
            expect(account.devices).toBe(1);
            expect(remarks).toEqual([]);
            expect(levelOfRecords(records)).toBe(usesGate ? account.methods.length : undefined);
          }),
          { numRuns: 64 },
        );
      }
    }
  });

  test("is made once for each record where the two differ, and their order does not make them differ", () => {
    const { descriptions, remarks } = known({
      records: { mfa: recordOf("email", "totp"), recovery: recordOf("email") },
    });
    expect(descriptions.map(({ methods }) => methods)).toEqual([["A"], []]);
    expect(remarks).toEqual(["records-differ"]);
    expect(levelOfRecords({ mfa: recordOf("email", "totp"), recovery: recordOf("email") })).toBe(0);
    const same = known({
      records: { mfa: recordOf("email", "sms", "totp"), recovery: recordOf("totp", "email", "sms") },
    });
    expect(same.descriptions).toHaveLength(1);
    expect(same.remarks).toEqual([]);
  });

  test("counts two factors of a kind once, as the gate does", () => {
    const two = {
      account: ACCOUNT,
      factors: [factor("email"), factor("passkey"), { type: "passkey", id: "passkey-2" } as const],
    };
    expect(methodsOf(two)).toEqual(["P"]);
  });

  test("knows one Ledger that holds both keys from two", () => {
    const both = { mfa: "ledger", recovery: "ledger" } as const;
    const two = parseAccount(known({ holders: both }).descriptions[0]);
    expect([two.mfa, two.recovery]).toEqual([
      { holder: "ledger", name: "Ledger with the MFA key" },
      { holder: "ledger", name: "Ledger with the recovery key" },
    ]);
    const key = held("f1", "ledger");
    const id = keyId(key.key);
    const one = describeAccount({
      keys: { device: held("d1", "this-computer"), mfa: key, recovery: key },
      records: {},
      oneMachine: false,
      contract: {
        keys: [
          { id: keyId(held("d1", "this-computer").key), role: "device", active: true, pending: false },
          { id, role: "mfa", active: true, pending: false },
          { id, role: "recovery", active: true, pending: false },
        ],
        thresholds: { device: 1, mfa: 1, recovery: 1 },
        recoveryDelay: DAY,
        removalDelay: 3 * DAY,
        singleKeyDelay: 3 * DAY,
        overrideDelay: 0,
        singleKeyRoles: [],
        frozen: "no",
        emergencyAddresses: [],
      },
    });
    expect(one.remarks).toEqual([]);
    expect(one.descriptions[0]).toMatchObject({
      mfa: { holder: "ledger", name: "Ledger" },
      recovery: { holder: "ledger", name: "Ledger" },
    });
  });

  test("takes the contract's settings as they are, in whole days", () => {
    const emergency = toAddress(`0x${"ee".repeat(20)}`);
    const { descriptions, remarks } = known({
      records: { mfa: recordOf("email"), recovery: recordOf("email") },
      oneMachine: true,
      contract: {
        recoveryDelay: 14 * DAY + 3_600,
        removalDelay: 3 * DAY,
        singleKeyDelay: 30 * DAY,
        overrideDelay: 180 * DAY,
        singleKeyRoles: ["mfa", "device"],
        frozen: "locked",
        emergencyAddresses: [emergency],
      },
    });
    const account = parseAccount(descriptions[0]);
    expect(account.settings).toEqual({
      recoveryDelayDays: 14,
      singleKeyDelayDays: 30,
      overrideDelayDays: 180,
      singleKeyRoles: ["mfa", "device"],
    });
    expect(account.frozen).toBe("locked");
    expect(account.emergencyAddress).toBe("Emergency address 0xEeee");
    expect(remarks).toEqual(["one-machine", "frozen"]);
  });

  test("counts the device keys that are active, and says when one waits", () => {
    const records = { mfa: recordOf("email"), recovery: recordOf("email") };
    const two = known({ records, others: [other("device", "d2")] });
    expect(two.descriptions[0]?.devices).toBe(2);
    expect(two.remarks).toEqual([]);
    const waiting = known({ records, others: [other("device", "d2", { active: false, pending: true })] });
    expect(waiting.descriptions[0]?.devices).toBe(1);
    expect(waiting.remarks).toEqual(["pending-device-key"]);
    const many = ["d2", "d3", "d4", "d5"].map((byte) => other("device", byte));
    expect(parseAccount(known({ records, others: many }).descriptions[0]).devices).toBe(4);
  });

  test("says when the account has keys that this computer does not know, and counts them where it can", () => {
    const records = { mfa: recordOf("email"), recovery: recordOf("email") };
    const beside = known({ records, others: [other("recovery", "e2")] });
    expect(beside.remarks).toEqual(["unknown-keys"]);
    expect(beside.descriptions[0]?.recovery).toEqual({ holder: "network" });
    const withLedger = known({
      holders: { recovery: "ledger" },
      records: { mfa: recordOf("email") },
      others: [other("recovery", "e2"), other("recovery", "e3")],
      contract: { thresholds: { device: 1, mfa: 1, recovery: 2 } },
    });
    expect(withLedger.descriptions[0]?.recovery).toEqual({
      holder: "friends",
      names: ["Ledger", "Unknown recovery key 1", "Unknown recovery key 2"],
      threshold: 2,
    });
    parseAccount(withLedger.descriptions[0]);
  });

  test("says when a key of this computer is not the account's at this time", () => {
    for (const role of ["device", ...REPLACEABLE_ROLES] as const) {
      const { descriptions, remarks } = known({
        holders: { mfa: "ledger", recovery: "ledger" },
        contract: {
          keys: ROLES.map((each) =>
            each === role
              ? other(each, "99")
              : {
                  id: keyId(held(BYTES[each], "network").key),
                  role: each,
                  active: true,
                  pending: false,
                },
          ),
        },
      });
      expect(remarks).toContain("key-not-on-chain");
      parseAccount(descriptions[0]);
    }
  });
});
