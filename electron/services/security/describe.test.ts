import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { keyId, keyOfAddress } from "#core/keys/key.ts";
import { REPLACEABLE_ROLES, type ReplaceableRole, type Role, ROLES } from "#core/keys/role.ts";
import type { SafeOwnership } from "#core/friends/contract-wallet.ts";
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
  readonly holders?: Partial<Record<ReplaceableRole, "network" | "ledger" | "passkey">>;
  readonly records?: KnownAccount["records"];
  readonly contract?: Partial<ContractState>;
  /** Keys besides the three. */
  readonly others?: readonly AccountKeyState[];
  readonly scripts?: KnownAccount["scripts"];
  readonly oneMachine?: boolean;
}

function known({
  holders = {},
  records = {},
  contract = {},
  others = [],
  scripts,
  oneMachine = false,
}: Given) {
  const keys = {
    device: [held(BYTES.device, "this-computer")],
    mfa: [held(BYTES.mfa, holders.mfa ?? "network")],
    recovery: [held(BYTES.recovery, holders.recovery ?? "network")],
  };
  const own = ROLES.flatMap((role) =>
    keys[role].map(({ key }) => ({ id: keyId(key), role, active: true, pending: false })),
  );
  return describeAccount({
    keys,
    records,
    oneMachine,
    ...(scripts && { scripts }),
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
    for (const mfa of ["network", "ledger", "passkey"] as const) {
      for (const recovery of ["network", "ledger", "passkey"] as const) {
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

  test("names friends, tells two of one name apart, and says how many of them have to sign", () => {
    const friends = [
      { ...held("b1", "friend"), detail: "Ben" },
      { ...held("b2", "friend"), detail: "Carla" },
      { ...held("b3", "friend"), detail: "Ben" },
    ];
    const ids = friends.map(({ key }) => keyId(key));
    const device = held("d1", "this-computer");
    const mfa = held("f1", "network");
    const keysOf = (active: readonly HeldKey[]) =>
      active.map(({ key }) => ({
        id: keyId(key),
        role: ids.includes(keyId(key)) ? "recovery" : keyId(key) === keyId(mfa.key) ? "mfa" : "device",
        active: true,
        pending: false,
      })) satisfies AccountKeyState[];
    const recoveryOf = (recovery: readonly HeldKey[], onChain: readonly HeldKey[], threshold: number) =>
      describeAccount({
        keys: { device: [device], mfa: [mfa], recovery: [...recovery] },
        records: {},
        oneMachine: false,
        contract: {
          keys: keysOf([device, mfa, ...onChain]),
          thresholds: { device: 1, mfa: 1, recovery: threshold },
          recoveryDelay: DAY,
          removalDelay: 3 * DAY,
          singleKeyDelay: 3 * DAY,
          overrideDelay: 0,
          singleKeyRoles: [],
          frozen: "no",
          emergencyAddresses: [],
        },
      });
    const three = recoveryOf(friends, friends, 2);
    const names = ["Ben (friend)", "Carla (friend)", "Ben (friend) 2"];
    expect(parseAccount(three.descriptions[0]).recovery).toEqual({ holder: "friends", names, threshold: 2 });
    expect(three.remarks).toEqual([]);
    const one = recoveryOf(friends.slice(0, 1), friends.slice(0, 1), 1);
    expect(one.descriptions[0]?.recovery).toEqual({
      holder: "friends",
      names: ["Ben (friend)"],
      threshold: 1,
    });
    const gone = recoveryOf(friends, friends.slice(0, 2), 2);
    expect(gone.descriptions[0]?.recovery).toMatchObject({ names: names.slice(0, 2), threshold: 2 });
    expect(gone.remarks).toEqual(["key-not-on-chain"]);
  });

  describe("of an account whose recovery key is a friend's Safe", () => {
    const ben: HeldKey = { ...held("b1", "friend"), detail: "Ben" };
    const mine: HeldKey = { ...held("b1", "safe"), detail: "Safe" };
    const owner = (byte: string) => toAddress(`0x${byte.repeat(20)}`);
    const ownersNamed = (count: number) =>
      Array.from({ length: count }, (_, index) => owner((0x20 + index).toString(16)));
    /** @param mfa another key outside the network, if there is one */
    function describedWith(
      safe: SafeOwnership,
      mfa: HeldKey = held("f1", "network"),
      more: HeldKey[] = [],
      holder = ben,
    ) {
      const keys = { device: [held("d1", "this-computer")], mfa: [mfa], recovery: [holder, ...more] };
      return describeAccount({
        keys,
        records: {},
        oneMachine: false,
        safes: new Map([[ben.key.signer.toLowerCase(), safe]]),
        contract: {
          keys: ROLES.flatMap((role) =>
            keys[role].map(({ key }) => ({ id: keyId(key), role, active: true, pending: false })),
          ),
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
    }

    test("counts its owners, and says that they are as it names them", () => {
      const { descriptions, remarks } = describedWith({ owners: ownersNamed(3), threshold: 2 });
      expect(parseAccount(descriptions[0]).recovery).toEqual({
        holder: "safe",
        owners: ["20", "21", "22"].map(
          (byte) => `0x${byte.repeat(2)}…${byte.repeat(2)} (owner of Ben's Safe)`,
        ),
        threshold: 2,
      });
      expect(remarks).toEqual(["safe-owners"]);
    });

    test("knows an owner who holds another key as well", () => {
      const ledger = held("1e", "ledger");
      const safe = { owners: [owner("1e"), owner("20")], threshold: 2 };
      expect(parseAccount(describedWith(safe, ledger).descriptions[0]).recovery).toMatchObject({
        owners: ["Ledger", "0x2020…2020 (owner of Ben's Safe)"],
      });
    });

    test("counts the owners of one's own Safe in the same way, or the Safe as one thing", () => {
      const described = (count: number) =>
        parseAccount(
          describedWith({ owners: ownersNamed(count), threshold: 1 }, undefined, [], mine).descriptions[0],
        ).recovery;
      expect(described(1)).toEqual({
        holder: "safe",
        owners: ["0x2020…2020 (owner of your Safe)"],
        threshold: 1,
      });
      expect(described(9)).toEqual({ holder: "friends", names: ["Safe"], threshold: 1 });
    });

    test("counts it as one thing beside other friends, and where its owners are too many to go through", () => {
      const carla: HeldKey = { ...held("c1", "friend"), detail: "Carla" };
      const beside = describedWith({ owners: ownersNamed(3), threshold: 2 }, undefined, [carla]);
      expect(parseAccount(beside.descriptions[0]).recovery).toMatchObject({
        holder: "friends",
        names: ["Ben (friend)", "Carla (friend)"],
      });
      const many = describedWith({ owners: ownersNamed(8), threshold: 5 });
      expect(parseAccount(many.descriptions[0]).recovery).toMatchObject({
        holder: "friends",
        names: ["Ben (friend)"],
      });
      expect(many.remarks).toEqual([]);
    });
  });

  test("tells passkeys that hold keys apart, from each other and from the passkey that is a factor", () => {
    const both = { mfa: "passkey", recovery: "passkey" } as const;
    const [account] = known({ holders: both }).descriptions;
    expect([account?.mfa, account?.recovery]).toEqual([
      { holder: "passkey", name: "Passkey with the MFA key" },
      { holder: "passkey", name: "Passkey with the recovery key" },
    ]);
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
      keys: { device: [held("d1", "this-computer")], mfa: [key], recovery: [key] },
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

  test("leaves out keys of scripts, but for plain ones: the worse of both is counted", () => {
    const records = { mfa: recordOf("email"), recovery: recordOf("email") };
    const [limited, plain] = [other("device", "5c"), other("device", "5d")];
    const verifier = toAddress(`0x${"7e".repeat(20)}`);
    const scripts = new Map([
      [limited.id, { verifier }],
      [plain.id, {}],
    ]);
    const devicesOf = (...others: AccountKeyState[]) => {
      const { descriptions, remarks } = known({ records, others, scripts });
      return [descriptions.map(({ devices }) => devices), remarks];
    };
    expect(devicesOf(limited)).toEqual([[1], ["script-keys"]]);
    expect(devicesOf(limited, other("device", "d2"))).toEqual([[2], ["script-keys"]]);
    expect(devicesOf(plain)).toEqual([[1, 2], ["plain-script-keys"]]);
    expect(devicesOf({ ...limited, active: false })).toEqual([[1], []]);
    const differ = { mfa: recordOf("email", "totp"), recovery: recordOf("email") };
    expect(known({ records: differ, others: [plain], scripts }).descriptions).toHaveLength(4);
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
